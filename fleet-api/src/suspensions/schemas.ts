import { type Static, Type } from 'typebox';
import { pageQuery } from '../http/paging.ts';
import { Body, Id, Instant, InstantInput, NullableInstant, nullable, Page, Query, text } from '../http/schemas.ts';

/** Time in which a station is not required to work: closed for months, moved. */
export const Suspension = Type.Object({
  id: Id,
  station: Type.Object({ id: Id, code: Type.String(), name: Type.String() }),
  from: Instant,
  to: NullableInstant,
  reason: Type.String(),
  created_by: nullable(Type.Object({ id: Id, name: Type.String() })),
  created_at: Instant,
});
export const SuspensionPage = Page(Suspension);
export const SuspensionQuery = Query(pageQuery);

const to = Type.Optional(
  Type.Union([InstantInput, Type.Null()], { description: 'Exclusive; null: until further notice' }),
);
export const NewSuspension = Body({ from: InstantInput, to, reason: text(2000) });
export const SuspensionPatch = Body({
  from: Type.Optional(InstantInput),
  to,
  reason: Type.Optional(text(2000)),
});

export type Suspension = Static<typeof Suspension>;
export type SuspensionQuery = Static<typeof SuspensionQuery>;
export type NewSuspension = Static<typeof NewSuspension>;
export type SuspensionPatch = Static<typeof SuspensionPatch>;
