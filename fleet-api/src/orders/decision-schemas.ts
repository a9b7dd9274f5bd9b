import { type Static, Type } from 'typebox';
import { Id, Instant, NullableInstant, NullableString, nullable, oneOf } from '../http/schemas.ts';
import { RegionNames } from '../registry/shared/region-names.ts';

const Named = Type.Object({ id: Id, name: Type.String() });
const Numbered = Type.Object({ id: Id, number: Type.String() });

/** Something that one side of a contract proposed about a clock and the other has not decided about. */
export const Decision = Type.Object({
  kind: oneOf(['pause', 'severity']),
  order: nullable(Numbered),
  fault: nullable(Numbered),
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String(), is_baseline: Type.Boolean() }),
  site: nullable(Named),
  station: nullable(Type.Object({ id: Id, code: Type.String(), name: Type.String() })),
  region: nullable(RegionNames),
  cause: Type.String(),
  severity: Type.String({ description: 'As it is now' }),
  wanted: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'The severity that is proposed' }),
  from_at: Instant,
  to_at: NullableInstant,
  reason: NullableString,
  proposed: Type.Object({ at: Instant, user: nullable(Named), org: Named }),
  yours: Type.Boolean({ description: 'The caller may decide about it' }),
});
export type Decision = Static<typeof Decision>;

export const Decisions = Type.Object({
  items: Type.Array(Decision, { description: 'Longest waiting first; at most 500' }),
  yours: Type.Integer({ description: 'How many of them the caller may decide about' }),
});
export type Decisions = Static<typeof Decisions>;
