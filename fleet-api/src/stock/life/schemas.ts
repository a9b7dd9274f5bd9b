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
import { MOVEMENT_KINDS } from '../movements/schemas.ts';
import { WARRANTIES } from '../repairs/schemas.ts';
import { Day, DeviceRef, Fen, NullableDay, OrderRef, PersonRef, StationRef, Store } from '../shared.ts';
import { WIPE_METHODS, WIPE_RESULTS } from '../wipes/schemas.ts';

export const LIFE_KINDS = [...MOVEMENT_KINDS, 'enrolled', 'revoked', 'fault', 'wiped'] as const;

/** One thing that happened to a device. */
export const LifeEntry = Type.Object({
  at: Instant,
  kind: oneOf(LIFE_KINDS),
  lifecycle: { ...nullableOneOf(LIFECYCLES), description: 'What it was from then on' } as ReturnType<
    typeof nullableOneOf<typeof LIFECYCLES>
  >,
  station: nullable(StationRef),
  from: nullable(Store),
  to: nullable(Store),
  order: nullable(OrderRef),
  user: nullable(PersonRef),
  note: NullableString,
  fault: nullable(
    Type.Object({
      id: Id,
      cause: Type.String(),
      component: NullableString,
      status: Type.String(),
      ended_at: NullableInstant,
    }),
  ),
  wipe: nullable(Type.Object({ check_id: Id, method: oneOf(WIPE_METHODS), result: oneOf(WIPE_RESULTS) })),
  repair: nullable(
    Type.Object({
      id: Id,
      outcome: NullableString,
      diagnosis: NullableString,
      centre: NullableString,
      carrier: NullableString,
      tracking_no: NullableString,
      warranty: oneOf(WARRANTIES),
      repair_fen: Fen,
      logistics_fen: Fen,
    }),
  ),
});
export const LifePage = Page(LifeEntry);
export const LifeQuery = Query(pageQuery);

/** When a device was bought, and until when its maker answers for it. */
export const Purchase = Type.Object({
  purchased_on: NullableDay,
  warranty_until: { ...NullableDay, description: 'Last day' } as typeof NullableDay,
  supplier: NullableString,
  warranty: oneOf(WARRANTIES, 'Today'),
  open_wipe_id: nullable(Id),
  open_repair_id: nullable(Id),
});
export const PurchaseBody = Body({
  purchased_on: nullable(Day),
  warranty_until: nullable(Day),
  supplier: nullable(text(120)),
});

export const WarrantyItem = Type.Object({
  device: DeviceRef,
  lifecycle: oneOf(LIFECYCLES),
  store: nullable(Store),
  station: nullable(StationRef),
  purchased_on: NullableDay,
  warranty_until: Type.String(),
  days_left: Type.Integer({ description: 'Below 0: it ended so many days ago' }),
});
export const WarrantyPage = Page(WarrantyItem);
export const WarrantyQuery = Query({
  ...pageQuery,
  region: Type.Optional(Id),
  within_days: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 3650, description: 'Ends within so many days; 90 if missing' }),
  ),
  ended: Type.Optional(Type.Boolean({ description: 'true: those that ended before today, newest first' })),
});

export const PurchaseImport = Body({
  table: Type.String({
    minLength: 1,
    maxLength: 900_000,
    description:
      'CSV or cells pasted from a spreadsheet, with a header: serial (or device_id), purchased_on, warranty_until, supplier; ' +
      'in Chinese 序列号, 设备编号, 购置日期, 质保到期, 供应商. Empty cells change nothing.',
  }),
  dry_run: Type.Optional(Type.Boolean()),
});
export const PurchaseImported = Type.Object({
  rows: Type.Integer(),
  changed: Type.Integer(),
  committed: Type.Boolean(),
  faults: Type.Array(
    Type.Object({
      line: Type.Integer(),
      column: NullableString,
      problem: oneOf(['missing', 'invalid', 'unknown', 'duplicate', 'order', 'header', 'too_many']),
      value: NullableString,
    }),
    {
      description: 'At most 200; with a single one nothing is changed',
    },
  ),
});

export type LifeEntry = Static<typeof LifeEntry>;
export type Purchase = Static<typeof Purchase>;
export type PurchaseBody = Static<typeof PurchaseBody>;
export type WarrantyItem = Static<typeof WarrantyItem>;
export type WarrantyQuery = Static<typeof WarrantyQuery>;
export type PurchaseImported = Static<typeof PurchaseImported>;
