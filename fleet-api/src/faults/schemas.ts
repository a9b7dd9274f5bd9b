import { REPAIR_STAGES } from '@uptally/sla';
import { type Static, Type } from 'typebox';
import { FileRow } from '../files/index.ts';
import { pageQuery } from '../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  InstantInput,
  NullableInstant,
  NullableInteger,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  Page,
  Query,
  text,
} from '../http/schemas.ts';
import { Order, StageClock } from '../orders/schemas.ts';
import { RegionNames } from '../registry/shared/region-names.ts';
import { CAUSES } from './causes.ts';

export const FAULT_STATES = ['open', 'repaired', 'confirmed', 'cancelled', 'merged'] as const;
export const FAULT_SOURCES = ['telemetry', 'person', 'site'] as const;
export const FAULT_SORTS = ['opened_at-', 'next_due_at'] as const;
export const FAULT_ACTIONS = ['change_severity', 'cancel', 'merge', 'unmerge'] as const;
export type FaultAction = (typeof FAULT_ACTIONS)[number];

const Named = Type.Object({ id: Id, name: Type.String() });
const State = oneOf(FAULT_STATES);

const summary = {
  id: Id,
  number: Type.String({ description: 'As people say it: F-000045' }),
  state: State,
  source: oneOf(FAULT_SOURCES),
  cause: Type.String({ description: 'offline, a component, or a category that a person chose' }),
  component: NullableString,
  reason: NullableString,
  severity: Type.String({ description: 'In the words of the contract' }),
  description: Type.String(),
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String(), is_baseline: Type.Boolean() }),
  site: Named,
  station: nullable(Type.Object({ id: Id, code: Type.String(), name: Type.String() })),
  region: nullable(RegionNames),
  device_id: NullableString,
  order: nullable(Type.Object({ id: Id, number: Type.String(), kind: Type.String(), state: Type.String() })),
  opened_at: Instant,
  recorded_at: Instant,
  recovered_at: NullableInstant,
  ended_at: NullableInstant,
  verdict: oneOf(['on_time', 'late', 'pending', 'cancelled', 'not_owed']),
  next_stage: nullableOneOf(REPAIR_STAGES),
  next_due_at: NullableInstant,
  paused: Type.Boolean(),
  is_late: Type.Boolean({ description: 'A stage ended, or stands, beyond its limit' }),
  is_flapping: Type.Boolean(),
  changes: Type.Integer({ description: 'Times that it came back within this fault' }),
  recurrence_of: NullableInteger,
  merged_into: NullableInteger,
  version: Type.Integer(),
};
/** A fault as lists show it. */
export const Fault = Type.Object(summary);
export type Fault = Static<typeof Fault>;
export const FaultPage = Page(Fault);

const filters = {
  state: Type.Optional(
    oneOf([...FAULT_STATES, 'ended'], 'ended: repaired or confirmed. Merged ones are shown by their own state only'),
  ),
  cause: Type.Optional(Type.String({ maxLength: 60 })),
  severity: Type.Optional(Type.String({ maxLength: 40 })),
  source: Type.Optional(oneOf(FAULT_SOURCES)),
  late: Type.Optional(Type.Boolean()),
  recurring: Type.Optional(Type.Boolean({ description: 'true: the same again at the same place, within 30 days' })),
  contract: Type.Optional(Id),
  region: Type.Optional(Id),
  site: Type.Optional(Id),
  station: Type.Optional(Id),
  device: Type.Optional(Type.String({ maxLength: 32 })),
  order: Type.Optional(Id),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
  q: Type.Optional(text(80, { description: 'Number of the fault, or part of the name or code of the site' })),
};
export const FaultFilters = Query(filters);
export type FaultFilters = Static<typeof FaultFilters>;
export const FaultQuery = Query({
  ...pageQuery,
  ...filters,
  sort: Type.Optional(oneOf(FAULT_SORTS, 'Newest first, or by the next due instant (open ones)')),
});
export type FaultQuery = Static<typeof FaultQuery>;
export const FaultCount = Type.Object({ total: Type.Integer(), open: Type.Integer(), late: Type.Integer() });

/** One thing that is known of a fault. */
export const Evidence = Type.Object({
  at: Type.Unsafe<Date | string>({ type: 'string', format: 'date-time', description: 'When it happened' }),
  to: NullableInstant,
  kind: oneOf(
    ['episode', 'component', 'session', 'event', 'report', 'case'],
    'episode: a time in which the cause held. case: an entry of the log that the clocks are read from',
  ),
  what: Type.String({
    description: 'State of the component, end of the session, code of the event, kind of the entry',
  }),
  detail: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
  user: nullable(Named),
});
export type Evidence = Static<typeof Evidence>;

const Report = Type.Object({
  id: Type.Integer(),
  at: Instant,
  recorded_at: Instant,
  source: oneOf(FAULT_SOURCES),
  cause: Type.String(),
  words: Type.String(),
  name: NullableString,
  phone: NullableString,
  user: nullable(Named),
});
export type Report = Static<typeof Report>;

/** What one side proposed and the other has not decided about yet. */
export const SeverityProposal = Type.Object({
  severity: Type.String(),
  since: Instant,
  reason: Type.String(),
  proposed: Type.Object({ at: Instant, user: nullable(Named), org: Named }),
  actions: Type.Array(oneOf(['approve', 'reject', 'withdraw']), { description: 'What the caller may do with it now' }),
});
export type SeverityProposal = Static<typeof SeverityProposal>;

export const FaultDetail = Type.Object({
  ...summary,
  clocks: Type.Array(StageClock),
  severities: Type.Array(Type.String(), { description: 'That the contract knows' }),
  severity_proposal: nullable(SeverityProposal),
  reports: Type.Array(Report, { description: 'Everybody who told of it, oldest first' }),
  evidence: Type.Array(Evidence, { description: 'Oldest first; at most 300 of telemetry, around its time' }),
  earlier: Type.Array(Fault, { description: 'Of the same cause at the same place; at most 10, newest first' }),
  merged: Type.Array(Fault, { description: 'Duplicates that were merged into it' }),
  files: Type.Array(FileRow),
  work_order: nullable(Order),
  actions: Type.Array(oneOf(FAULT_ACTIONS), { description: 'What the caller may do with it now' }),
});
export type FaultDetail = Static<typeof FaultDetail>;

export const NewReport = Body({
  station_id: Type.Optional(Id),
  site_id: Type.Optional(Id),
  cause: oneOf(CAUSES),
  severity: Type.Optional(Type.String({ maxLength: 40 })),
  began_at: Type.Optional(Type.String({ format: 'date-time', maxLength: 40, description: 'As told; default: now' })),
  words: Type.Optional(text(2000)),
  reporter_name: Type.Optional(text(60)),
  reporter_phone: Type.Optional(text(40)),
});
export type NewReport = Static<typeof NewReport>;

export const Reported = Type.Object({
  created: Type.Boolean({ description: 'False: it was known; this is a further voice' }),
  fault: Fault,
});

export const SeverityBody = Body({
  severity: Type.String({ minLength: 1, maxLength: 40 }),
  since: Type.Optional(
    Type.String({ format: 'date-time', maxLength: 40, description: 'A correction holds from here; default: now' }),
  ),
  reason: text(2000),
});
export const DecideSeverityBody = Body({ note: Type.Optional(text(2000)) });
export const CancelBody = Body({ reason: text(2000) });
export const MergeBody = Body({ fault_ids: Type.Array(Id, { minItems: 1, maxItems: 50, uniqueItems: true }) });
export const SplitBody = Body({ fault_ids: Type.Array(Id, { minItems: 1, maxItems: 2000, uniqueItems: true }) });
export const SplitAnswer = Type.Object({ order_id: Id, number: Type.String() });

export const FaultRulesBody = Body({
  offline_minutes: Type.Integer({ minimum: 1, maximum: 1440 }),
  component_seconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
  group_stations: Type.Integer({ minimum: 2, maximum: 1000 }),
  group_minutes: Type.Integer({ minimum: 1, maximum: 240 }),
});
