import { type Static, Type } from 'typebox';
import { ORG_KINDS } from '../auth/schemas.ts';
import { MEDIA_TYPES } from '../files/index.ts';
import { ERRORS, type ErrorCode } from '../http/errors.ts';
import { pageQuery } from '../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  InstantInput,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  Page,
  Query,
  text,
} from '../http/schemas.ts';
import { RegionNames } from '../registry/shared/region-names.ts';

export const EXCLUSION_KINDS = [
  'planned_maintenance',
  'site_power_cut',
  'site_closed',
  'force_majeure',
  'customer_request',
] as const;
export const EXCLUSION_STATES = ['proposed', 'approved', 'rejected', 'withdrawn'] as const;
export const EXCLUDED_DIMENSIONS = ['network', 'equipment', 'both'] as const;
export const EXCLUSION_ACTIONS = ['approve', 'reject', 'withdraw', 'add_file'] as const;

export type ExclusionKind = (typeof EXCLUSION_KINDS)[number];
export type ExclusionState = (typeof EXCLUSION_STATES)[number];
export type ExclusionAction = (typeof EXCLUSION_ACTIONS)[number];

const Kind = oneOf(EXCLUSION_KINDS);
const State = oneOf(EXCLUSION_STATES);
const Dimension = oneOf(EXCLUDED_DIMENSIONS, 'Which of the two timelines it takes time out of');
const Person = nullable(Type.Object({ id: Id, name: Type.String() }));
const Org = Type.Object({ id: Id, name: Type.String(), kind: oneOf(ORG_KINDS) });
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A day in the zone of the contract' });
const Ms = Type.Integer({ minimum: 0 });

/** What an exclusion covers: a station, the stations of a site, or those of a region and the regions below. */
export const Target = Type.Object({
  kind: oneOf(['region', 'site', 'station']),
  id: Id,
  code: Type.String(),
  name: Type.String(),
  site: nullable(Type.Object({ id: Id, name: Type.String() })),
  region: RegionNames,
});

const Step = Type.Object({ at: Instant, user: Person, org: Org, note: NullableString });

const summary = {
  id: Id,
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String(), time_zone: Type.String() }),
  kind: Kind,
  dimension: Dimension,
  target: Target,
  from: Instant,
  to: Instant,
  reason: Type.String(),
  state: State,
  proposed: Type.Object({ at: Instant, user: Person, org: Org }),
  decided: nullable(Step),
  withdrawal: Type.Union([Step, Type.Null()], {
    description:
      'Who withdrew it. On an exclusion that is still approved: who asked for that; it takes effect once the other side withdraws it too',
  }),
  file_count: Type.Integer(),
  version: Type.Integer({ description: 'To be sent back with a decision' }),
  actions: Type.Array(oneOf(EXCLUSION_ACTIONS), { description: 'What the caller may do with it now' }),
};

/** An exclusion as lists show it. */
export const Exclusion = Type.Object(summary);
export const ExclusionPage = Page(Exclusion);

export const ExclusionFile = Type.Object({
  id: Id,
  name: Type.String(),
  media_type: oneOf(MEDIA_TYPES, 'Found out from the content'),
  bytes: Type.Integer(),
  sha256: Type.String({ description: 'Hex' }),
  uploaded_by: Person,
  uploaded_at: Instant,
});

const HistoryEntry = Type.Object({
  at: Instant,
  action: oneOf(['proposed', 'approved', 'rejected', 'withdrawal_asked', 'withdrawn', 'file_added']),
  user: Person,
  org: nullable(Org),
  note: NullableString,
  file: NullableString,
});

const Counted = Type.Object({ down_ms: Ms, unknown_ms: Ms });
const TakenOut = Type.Object({ up_ms: Ms, down_ms: Ms, unknown_ms: Ms, platform_ms: Ms });

/** What an exclusion does, or would do, to the figures. */
export const Effect = Type.Object({
  stations: Type.Integer({ description: 'Stations of the contract that it covers' }),
  days: Type.Union(
    [
      Type.Object({ from_day: Day, to_day: Day, network: nullable(Counted), equipment: nullable(Counted) }),
      Type.Null(),
    ],
    {
      description:
        'What the whole days that it touches, to_day exclusive, hold of down and unknown time now, over all its stations. ' +
        'Null: too many station-days to add up here',
    },
  ),
  exact: Type.Union([Type.Object({ network: nullable(TakenOut), equipment: nullable(TakenOut) }), Type.Null()], {
    description:
      'Required time up to now inside the interval, to the ms, by state, that no other approved exclusion takes out. ' +
      'Null: see exact_missing. A dimension that it does not concern is null',
  }),
  exact_missing: nullableOneOf(['too_many_stations', 'too_long', 'not_begun']),
});

/** Another exclusion of the contract that covers part of the same time of a station. Time that several cover counts once. */
export const Overlap = Type.Object({
  id: Id,
  kind: Kind,
  dimension: Dimension,
  state: State,
  target: Target,
  from: Instant,
  to: Instant,
});

const ClosedPeriods = Type.Array(Type.Object({ id: Id, from_day: Day, to_day: Day }), {
  description: 'Closed periods that hold part of its time: while there is one, it can be neither approved nor undone',
});

export const ExclusionDetail = Type.Object({
  ...summary,
  files: Type.Array(ExclusionFile),
  history: Type.Array(HistoryEntry, { description: 'Oldest first' }),
  overlaps: Type.Array(Overlap, { description: 'Proposed and approved ones; at most 50' }),
  closed_periods: ClosedPeriods,
  effect: Effect,
});

export const ExclusionPreview = Type.Object({
  target: Target,
  effect: Effect,
  overlaps: Type.Array(Overlap, { description: 'Proposed and approved ones; at most 50' }),
  closed_periods: ClosedPeriods,
  problems: Type.Array(
    Type.Object({
      code: Type.Unsafe<ErrorCode>({ type: 'string', enum: Object.keys(ERRORS) }),
      detail: Type.String(),
    }),
    { description: 'Why POST /exclusions would refuse it; empty if it would not' },
  ),
});

export const ExclusionQuery = Query({
  ...pageQuery,
  state: Type.Optional(State),
  kind: Type.Optional(Kind),
  contract: Type.Optional(Id),
  region: Type.Optional(Type.Integer({ minimum: 1, description: 'Exclusions that concern stations of this region' })),
  station: Type.Optional(Type.Integer({ minimum: 1, description: 'Exclusions that cover this station' })),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
  mine: Type.Optional(Type.Boolean({ description: 'true: only those that the organisation of the caller proposed' })),
  awaiting: Type.Optional(
    Type.Boolean({ description: 'true: only those whose decision lies with the organisation of the caller' }),
  ),
});

export const NewExclusion = Body({
  contract_id: Id,
  kind: Kind,
  dimension: Type.Optional(oneOf(EXCLUDED_DIMENSIONS, 'Default: both')),
  region_id: Type.Optional(Id),
  site_id: Type.Optional(Id),
  station_id: Type.Optional(Id),
  from: InstantInput,
  to: Type.String({ format: 'date-time', maxLength: 40, description: 'Exclusive; may lie in the future' }),
  reason: text(2000),
});

const version = Type.Integer({ minimum: 1, description: 'The version that the decision is about' });
export const ApproveBody = Body({ note: Type.Optional(text(2000)), version });
export const ReasonedBody = Body({ note: text(2000), version });
export const WithdrawBody = ApproveBody;

export type Exclusion = Static<typeof Exclusion>;
export type ExclusionDetail = Static<typeof ExclusionDetail>;
export type ExclusionPreview = Static<typeof ExclusionPreview>;
export type ExclusionFile = Static<typeof ExclusionFile>;
export type ExclusionQuery = Static<typeof ExclusionQuery>;
export type NewExclusion = Static<typeof NewExclusion>;
export type Effect = Static<typeof Effect>;
export type Overlap = Static<typeof Overlap>;
export type HistoryEntry = Static<typeof HistoryEntry>;
export type Target = Static<typeof Target>;
export type Decision = Static<typeof ApproveBody>;
