import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  NullableInstant,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  Page,
  Query,
  text,
} from '../../http/schemas.ts';
import { LIFECYCLES } from '../../registry/devices/schemas.ts';
import { Day, DeviceRef, Fen, NullableDay, OrderRef, PersonRef, StationRef, Store } from '../shared.ts';

export const WARRANTIES = ['in', 'out', 'unknown'] as const;
export const OUTCOMES = ['repaired', 'scrapped'] as const;

/** A way of a device through the repair centre (R-HN-4). */
export const Repair = Type.Object({
  id: Id,
  device: DeviceRef,
  lifecycle: oneOf(LIFECYCLES),
  store: nullable(Store),
  home: nullable(StationRef),
  home_device: nullable(Type.Object({ device_id: Type.String(), serial: Type.String() })),
  order: nullable(OrderRef),
  sent_at: Instant,
  sent_by: nullable(PersonRef),
  centre: NullableString,
  carrier: NullableString,
  tracking_no: NullableString,
  warranty: oneOf(WARRANTIES),
  warranty_until: { ...NullableDay, description: 'Last day of the warranty of the device' } as typeof NullableDay,
  due_on: NullableDay,
  overdue: Type.Boolean(),
  symptom: NullableString,
  diagnosis: NullableString,
  repair_fen: Fen,
  logistics_fen: Fen,
  returned_at: NullableInstant,
  returned_by: nullable(PersonRef),
  outcome: nullableOneOf(OUTCOMES),
  swapped_back_at: NullableInstant,
  can_swap_back: Type.Boolean({ description: 'Repaired, in stock, and another device stands in for it' }),
  version: Type.Integer(),
});
export const RepairPage = Page(Repair);
export const RepairQuery = Query({
  ...pageQuery,
  state: Type.Optional(
    oneOf(['away', 'back', 'all'], 'away (default): with the centre, overdue first; back: returned, newest first'),
  ),
  region: Type.Optional(Id),
  order: Type.Optional(Id),
  device: Type.Optional(Type.String({ maxLength: 64 })),
});

const at = Type.Optional(Type.String({ format: 'date-time', maxLength: 40, description: 'Now if missing' }));
const clearable = (max: number) => Type.Optional(nullable(text(max)));
const described = {
  centre: clearable(120),
  carrier: clearable(60),
  tracking_no: clearable(60),
  warranty: Type.Optional(oneOf(WARRANTIES, 'Told from the date of the warranty if missing')),
  due_on: Type.Optional(nullable(Day)),
  symptom: clearable(500),
};
const judged = {
  diagnosis: clearable(2000),
  repair_fen: Type.Optional(Fen),
  logistics_fen: Type.Optional(Fen),
};
export const SendBody = Body({
  ...described,
  logistics_fen: Type.Optional(Fen),
  at,
  work_order_id: Type.Optional(Id),
});
export const RepairPatch = Body({ ...described, ...judged });
export const ReturnBody = Body({
  ...judged,
  at,
  outcome: oneOf(OUTCOMES, 'scrapped: the device is retired'),
  region_id: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Where it is kept now; where it was sent from if missing' }),
  ),
  version: Type.Integer({ minimum: 1 }),
});
export const SwapBackBody = Body({
  at,
  reason: text(200),
  old_device_id: Type.String({ maxLength: 64, description: 'The stand-in that the caller saw at the station' }),
  stand_in_lifecycle: Type.Optional(oneOf(['in_stock', 'in_repair'], 'in_stock if missing')),
  work_order_id: Type.Optional(Id),
  from_elsewhere: Type.Optional(Type.Boolean()),
});

export type Repair = Static<typeof Repair>;
export type RepairQuery = Static<typeof RepairQuery>;
export type SendBody = Static<typeof SendBody>;
export type RepairPatch = Static<typeof RepairPatch>;
export type ReturnBody = Static<typeof ReturnBody>;
export type SwapBackBody = Static<typeof SwapBackBody>;
