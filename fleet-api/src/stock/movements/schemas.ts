import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import {
  Id,
  Instant,
  InstantInput,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  Page,
  Query,
} from '../../http/schemas.ts';
import { LIFECYCLES } from '../../registry/devices/schemas.ts';
import { DeviceRef, OrderRef, PersonRef, StationRef, Store } from '../shared.ts';

export const MOVEMENT_KINDS = [
  'received',
  'installed',
  'removed',
  'transferred',
  'set_aside',
  'sent',
  'returned',
  'retired',
  'reinstated',
] as const;

/** A line of the ledger of where devices are. */
export const Movement = Type.Object({
  id: Id,
  at: Instant,
  recorded_at: Instant,
  kind: oneOf(MOVEMENT_KINDS, 'set_aside: taken out of stock as broken; reinstated: back from retirement'),
  device: DeviceRef,
  from_lifecycle: nullableOneOf(LIFECYCLES),
  to_lifecycle: oneOf(LIFECYCLES),
  from: nullable(Store),
  to: nullable(Store),
  station: nullable(StationRef),
  order: nullable(OrderRef),
  user: nullable(PersonRef),
  note: NullableString,
});
export const MovementPage = Page(Movement);
export const MovementQuery = Query({
  ...pageQuery,
  region: Type.Optional(Type.Integer({ minimum: 1, description: 'Into, out of or within this region' })),
  model: Type.Optional(Id),
  kind: Type.Optional(oneOf(MOVEMENT_KINDS)),
  order: Type.Optional(Id),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Part of id or serial' })),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
});

export type Movement = Static<typeof Movement>;
export type MovementQuery = Static<typeof MovementQuery>;
