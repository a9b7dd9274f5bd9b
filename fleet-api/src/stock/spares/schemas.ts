import { DEVICE_ID_PATTERN } from '@uptally/protocol';
import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import { Body, Code, Id, Instant, NullableInstant, nullable, oneOf, Page, Query, text } from '../../http/schemas.ts';
import { RegionNames } from '../../registry/shared/region-names.ts';
import { DEVICE_STATES } from '../../registry/shared/state.ts';
import { DeviceRef, ModelRef, StationRef, Store } from '../shared.ts';

const Count = Type.Integer({ minimum: 0 });

/** What a store holds of a model. */
export const StockCell = Type.Object({
  model: nullable(ModelRef),
  in_stock: Count,
  blocked: Type.Integer({ description: 'Of those in stock, not known to be wiped' }),
  in_repair: Type.Integer({ description: 'Broken, still in the store' }),
  at_centre: Type.Integer({ description: 'With the repair centre' }),
  minimum: Count,
  missing: Type.Integer({ description: 'What it takes to reach the minimum; 0 if there are enough' }),
});
export const StockStore = Type.Object({ store: Store, models: Type.Array(StockCell) });
export const Stock = Type.Object({
  stores: Type.Array(StockStore, { description: 'Every county in reach, and what else keeps spares' }),
  low: Type.Integer({ description: 'Cells below their minimum' }),
});

export const SPARE_PLACES = ['in_stock', 'in_repair', 'at_centre'] as const;

/** A device that stands at no station. */
export const Spare = Type.Object({
  device: DeviceRef,
  place: oneOf(SPARE_PLACES, 'in_repair: broken, still in the store'),
  store: nullable(Store),
  region: nullable(RegionNames),
  since: NullableInstant,
  wiped: Type.Boolean({ description: 'False: it left a station and is not known to be wiped' }),
  state: oneOf(DEVICE_STATES),
  last_seen_at: NullableInstant,
  troubles: Type.Array(Type.String(), { description: 'Components that its last report called faulty or failing' }),
  home: nullable(StationRef),
  repair_id: nullable(Id),
});
export const SparePage = Page(Spare);
export const SpareQuery = Query({
  ...pageQuery,
  region: Type.Optional(Type.Integer({ minimum: 1, description: 'Kept in this region or below it' })),
  model: Type.Optional(Id),
  place: Type.Optional(oneOf(SPARE_PLACES)),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Part of id or serial' })),
});

export const MinimumBody = Body({
  region_id: Id,
  model_id: Id,
  minimum: Type.Integer({ minimum: 0, maximum: 100_000, description: '0: none' }),
});

export const Compatibility = Type.Object({
  items: Type.Array(
    Type.Object({ model: ModelRef, stand_ins: Type.Array(ModelRef, { description: 'Of the same specification' }) }),
  ),
});
export const CompatibleBody = Body({ stand_in_ids: Type.Array(Id, { maxItems: 50, uniqueItems: true }) });

const DeviceId = Type.String({ pattern: DEVICE_ID_PATTERN });
const at = Type.Optional(Type.String({ format: 'date-time', maxLength: 40, description: 'Now if missing' }));
export const TransferBody = Body({
  device_ids: Type.Array(DeviceId, { minItems: 1, maxItems: 200, uniqueItems: true }),
  region_id: Id,
  at,
  reason: text(200),
});
export const ReceiptBody = Body({
  serials: Type.Array(Code, { minItems: 1, maxItems: 200, uniqueItems: true }),
  model_id: nullable(Id),
  region_id: Id,
  reason: Type.Optional(text(200)),
});
export const RetireBody = Body({ reason: text(200) });
export const Moved = Type.Object({ devices: Type.Array(Type.String()), at: Instant });

export type Stock = Static<typeof Stock>;
export type StockCell = Static<typeof StockCell>;
export type Spare = Static<typeof Spare>;
export type SpareQuery = Static<typeof SpareQuery>;
export type MinimumBody = Static<typeof MinimumBody>;
export type TransferBody = Static<typeof TransferBody>;
export type ReceiptBody = Static<typeof ReceiptBody>;
export type Compatibility = Static<typeof Compatibility>;
