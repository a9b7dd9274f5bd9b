import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import { Body, Code, Id, Instant, NullableString, nullable, oneOf, Page, Query, text } from '../../http/schemas.ts';
import { Fen, OrderRef, PersonRef, Store } from '../shared.ts';

export const PART_KINDS = ['in', 'out', 'correction'] as const;
const Quantity = Type.Integer({ minimum: 0, maximum: 1_000_000 });

const catalogue = { id: Id, code: Type.String(), name: Type.String(), unit: Type.String(), price_fen: Fen };
/** A kind of part, and what the stores in reach have of it. */
export const Part = Type.Object({
  ...catalogue,
  is_retired: Type.Boolean(),
  version: Type.Integer(),
  stores: Type.Array(
    Type.Object({ store: Store, quantity: Quantity, minimum: Quantity, missing: Type.Integer({ minimum: 0 }) }),
  ),
});
export const PartList = Type.Object({
  items: Type.Array(Part),
  low: Type.Integer({ description: 'Stores below a minimum' }),
});
export const PartQuery = Query({
  region: Type.Optional(Type.Integer({ minimum: 1, description: 'Only what this store has' })),
  retired: Type.Optional(Type.Boolean({ description: 'true: also those that are no longer used' })),
});
export const NewPart = Body({ code: Code, name: text(120), unit: text(20), price_fen: Fen });
export const PartPatch = Body({
  code: Type.Optional(Code),
  name: Type.Optional(text(120)),
  unit: Type.Optional(text(20)),
  price_fen: Type.Optional(Fen),
  is_retired: Type.Optional(Type.Boolean()),
});
export const PartMinimum = Body({ region_id: Id, minimum: Quantity });

export const PartMove = Body({
  region_id: Id,
  kind: oneOf(PART_KINDS, 'correction: what was counted replaces what the books say'),
  quantity: {
    ...Quantity,
    description: 'How many come or go; for a correction, how many there are',
  } as typeof Quantity,
  reason: Type.Optional(text(200, { description: 'Demanded for a correction' })),
  work_order_id: Type.Optional(Id),
});

export const PartMovement = Type.Object({
  id: Id,
  at: Instant,
  kind: oneOf(PART_KINDS),
  part: Type.Object(catalogue),
  store: Store,
  change: Type.Integer({ description: 'Below zero: taken' }),
  quantity: Quantity,
  order: nullable(OrderRef),
  user: nullable(PersonRef),
  reason: NullableString,
});
export const PartMovementPage = Page(PartMovement);
export const PartMovementQuery = Query({
  ...pageQuery,
  part: Type.Optional(Id),
  region: Type.Optional(Id),
  order: Type.Optional(Id),
});

export type Part = Static<typeof Part>;
export type PartList = Static<typeof PartList>;
export type NewPart = Static<typeof NewPart>;
export type PartPatch = Static<typeof PartPatch>;
export type PartMove = Static<typeof PartMove>;
export type PartMovement = Static<typeof PartMovement>;
export type PartMovementQuery = Static<typeof PartMovementQuery>;
