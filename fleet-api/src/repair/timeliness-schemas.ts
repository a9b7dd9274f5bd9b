import { type Static, Type } from 'typebox';
import { Day } from '../availability/contracts/schemas.ts';
import { Id, nullable, Query } from '../http/schemas.ts';

export const TimelinessQuery = Query({
  contract: Type.Optional(Id),
  period: Type.Optional(
    Type.String({ maxLength: 30, description: '2026-03, 2026-Q1, 2026, 2026-10-05 or 2026-10-01/2026-10-08' }),
  ),
});
export type TimelinessQuery = Static<typeof TimelinessQuery>;

const TimelinessFigures = Type.Object({
  on_time: Type.Integer(),
  late: Type.Integer({ description: 'Repaired beyond the limit, or open beyond it' }),
  pending: Type.Integer({ description: 'Open within the limit' }),
  cancelled: Type.Integer(),
  not_owed: Type.Integer({ description: 'The contract sets no limit' }),
  rate: nullable(Type.Object({ num: Type.Integer(), den: Type.Integer() })),
  percent: nullable(Type.String({ description: 'Truncated to two places, never rounded up' })),
});
export type TimelinessFigures = Static<typeof TimelinessFigures>;

export const TimelinessAnswer = Type.Object({
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String(), time_zone: Type.String() }),
  period: Type.Object({ name: Type.String(), from_day: Day, to_day: Day }),
  total: TimelinessFigures,
  severities: Type.Array(Type.Object({ severity: Type.String(), figures: TimelinessFigures })),
});
export type TimelinessAnswer = Static<typeof TimelinessAnswer>;
