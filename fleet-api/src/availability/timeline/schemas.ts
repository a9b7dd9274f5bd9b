import { type Static, Type } from 'typebox';
import {
  Id,
  Instant,
  InstantInput,
  Json,
  NullableInstant,
  NullableInteger,
  NullableString,
  oneOf,
  Query,
} from '../../http/schemas.ts';
import { EXCLUSION_KINDS, UNKNOWN_AS } from '../contracts/schemas.ts';
import { ContractRef, Dimension } from '../figures/schemas.ts';

export const STATES = ['up', 'down', 'unknown'] as const;
export const CAUSES = ['beat', 'silent', 'ended', 'fault', 'off', 'no_device', 'platform', 'missing'] as const;

const span = { from: Instant, to: Instant };
const segment = {
  ...span,
  state: oneOf(STATES),
  cause: oneOf(CAUSES),
  component: NullableString,
  device_id: NullableString,
};
export const TimelineSegment = Type.Object(segment);
const Span = Type.Object(span);

export const TimelineQuery = Query({
  contract: Type.Optional(Id),
  from: InstantInput,
  to: Type.Optional(InstantInput),
});

const StationRef = Type.Object({ id: Id, code: Type.String(), name: Type.String() });

export const StationTimeline = Type.Object({
  contract: ContractRef,
  station: StationRef,
  ...span,
  as_of: Type.Unsafe<Date | string>({
    type: 'string',
    format: 'date-time',
    description: 'Timelines end here if the window reaches beyond the present',
  }),
  network: Type.Array(TimelineSegment),
  equipment: Type.Array(TimelineSegment),
  exclusions: Type.Array(
    Type.Object({
      id: Id,
      kind: oneOf(EXCLUSION_KINDS),
      state: oneOf(['proposed', 'approved']),
      dimension: oneOf(['network', 'equipment', 'both']),
      ...span,
    }),
    { description: 'Proposed and approved ones that reach into the window; only approved ones count' },
  ),
  not_required: Type.Array(Span, {
    description: 'Out of term, not commissioned, suspended or outside of service hours',
  }),
  suspensions: Type.Array(Type.Object({ id: Id, from: Instant, to: NullableInstant, reason: Type.String() })),
  installations: Type.Array(
    Type.Object({ device_id: Type.String(), serial: Type.String(), from: Instant, to: NullableInstant }),
  ),
});

export const ExplainQuery = Query({
  contract: Type.Optional(Id),
  dimension: Dimension,
  at: InstantInput,
});

export const EVIDENCE_KINDS = [
  'beat',
  'health',
  'session',
  'boot',
  'platform',
  'exclusion',
  'installation',
  'suspension',
] as const;
export const COUNTS_AS = ['up', 'down', 'excluded', 'not_required'] as const;

/** Words of the explanation: a code for the reader's language to fill with the parameters. */
export const SENTENCE_CODES = [
  'up_beat',
  'down_silent',
  'down_ended',
  'down_fault',
  'down_off',
  'down_no_device',
  'unknown_platform',
  'unknown_missing',
  'unknown_silent',
  'excluded_by',
  'not_required_term',
  'not_required_commissioning',
  'not_required_suspended',
  'not_required_hours',
  'counts_as',
] as const;

export const EvidenceItem = Type.Object({
  kind: oneOf(EVIDENCE_KINDS),
  role: oneOf(
    ['before', 'after', 'begins', 'ends'],
    'before/after: neighbours of the segment; begins/ends: what set its bound',
  ),
  at: Instant,
  received_at: NullableInstant,
  seq: NullableInteger,
  device_id: NullableString,
  detail: Json,
});

export const Explanation = Type.Object({
  contract: ContractRef,
  station: StationRef,
  dimension: Dimension,
  at: Instant,
  segment: Type.Object({
    ...segment,
    counts_as: oneOf(COUNTS_AS, 'Under this contract, at this instant'),
  }),
  rule: Type.Object({ unknown: oneOf(UNKNOWN_AS), platform: oneOf(UNKNOWN_AS) }),
  sentence: Type.Array(Type.Object({ code: oneOf(SENTENCE_CODES), params: Type.Record(Type.String(), Json) })),
  evidence: Type.Array(EvidenceItem),
});

export type StationTimeline = Static<typeof StationTimeline>;
export type TimelineQuery = Static<typeof TimelineQuery>;
export type ExplainQuery = Static<typeof ExplainQuery>;
export type Explanation = Static<typeof Explanation>;
export type EvidenceItem = Static<typeof EvidenceItem>;
