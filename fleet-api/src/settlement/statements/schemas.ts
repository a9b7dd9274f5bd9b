import type { OtherReading } from '@uptally/sla';
import { type Static, Type } from 'typebox';
import { FileRow } from '../../files/index.ts';
import { pageQuery } from '../../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  Json,
  NullableInstant,
  NullableInteger,
  NullableString,
  nullable,
  oneOf,
  Page,
  Query,
  text,
} from '../../http/schemas.ts';
import { METRIC_SOURCES } from '../metrics/types.ts';
import {
  Bilingual,
  Day,
  Decision,
  Deed,
  DifferenceJson,
  Name,
  Org,
  Person,
  StatementJson,
  ToDay,
  ValueJson,
} from '../schemas.ts';

export const STATEMENT_STATES = ['draft', 'closed', 'submitted', 'disputed', 'agreed', 'signed', 'archived'] as const;
export type StatementState = (typeof STATEMENT_STATES)[number];
export const STATEMENT_ACTIONS = [
  'close',
  'submit',
  'agree',
  'dispute',
  'reopen',
  'sign',
  'archive',
  'delete',
] as const;
export type StatementAction = (typeof STATEMENT_ACTIONS)[number];
export const DISPUTE_ACTIONS = ['comment', 'withdraw', 'uphold', 'add_file'] as const;
export type DisputeAction = (typeof DISPUTE_ACTIONS)[number];

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

export const StatementRow = Type.Object({
  id: Id,
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String(), time_zone: Type.String() }),
  instalment: Type.String(),
  title: nullable(Bilingual),
  sub_period: NullableString,
  from_day: Day,
  to_day: ToDay,
  state: oneOf(STATEMENT_STATES),
  total_fen: Type.Unsafe<number | null>({ type: ['integer', 'null'], description: 'Null while it is a draft' }),
  is_complete: Type.Unsafe<boolean | null>({
    type: ['boolean', 'null'],
    description:
      'Every value is there and every day counted, so the total is an amount to pay; null: a draft, told when it is opened',
  }),
  open_disputes: Type.Integer(),
  restated_fen: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'What evidence says now less what was closed, fen; null: the same',
  }),
  created_at: Instant,
  version: Type.Integer(),
});
export type StatementRow = Static<typeof StatementRow>;

export const StatementPage = Page(StatementRow);
export const StatementQuery = Query({
  ...pageQuery,
  contract: Type.Optional(Id),
  state: Type.Optional(oneOf(STATEMENT_STATES)),
});
export type StatementQuery = Static<typeof StatementQuery>;

export const StatementPeriods = Type.Object({
  items: Type.Array(
    Type.Object({
      instalment: Type.String(),
      title: Bilingual,
      cycle: Type.String(),
      sub_period: NullableString,
      from_day: Day,
      to_day: ToDay,
      state: oneOf(['past', 'running', 'coming']),
      statement_id: NullableInteger,
    }),
  ),
});

export const NewStatement = Body({
  instalment: Name,
  sub_period: Type.Optional(nullable(Name)),
  from_day: Day,
  to_day: ToDay,
});
export type NewStatement = Static<typeof NewStatement>;

export const MetricFound = Type.Object({
  metric: Type.String(),
  name: Bilingual,
  kind: Type.String(),
  source: oneOf(METRIC_SOURCES),
  value: ValueJson,
  sha256: NullableString,
  detail: Type.Record(Type.String(), Json),
});

export const Dispute = Type.Object({
  id: Id,
  clause: Type.String(),
  reason: Type.String(),
  state: oneOf(['open', 'withdrawn', 'upheld']),
  opened: Deed,
  resolved: nullable(Decision),
  comments: Type.Array(
    Type.Object({ id: Id, body: Type.String(), at: Instant, user: nullable(Person), org: nullable(Org) }),
  ),
  files: Type.Array(FileRow),
  actions: Type.Array(oneOf(DISPUTE_ACTIONS)),
});
export type Dispute = Static<typeof Dispute>;

export const Restatement = Type.Object({
  id: Id,
  found_at: Instant,
  difference_fen: Type.Integer(),
  stations_changed: Type.Integer(),
  sha256: Type.String(),
  content: Type.Object({
    metrics: Type.Array(Type.Object({ metric: Type.String(), before: ValueJson, after: ValueJson })),
    ms: Json,
    statement: StatementJson,
    difference: DifferenceJson,
  }),
  seen_by_agency: NullableInstant,
  seen_by_contractor: NullableInstant,
});
export type Restatement = Static<typeof Restatement>;

const Side = oneOf(['agency', 'contractor']);
export const StatementDetail = Type.Object({
  ...StatementRow.properties,
  document: Type.Object({ id: Id, number: Type.Integer(), sha256: Type.String() }),
  rules_version: Type.String(),
  side: nullable(Side),
  can_close_from: Type.Unsafe<Date | string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: 'End of the time that late evidence is given; null: at once',
  }),
  statement: StatementJson,
  readings: Type.Array(Type.Unsafe<OtherReading>({})),
  metrics: Type.Array(MetricFound),
  freeze: nullable(
    Type.Object({
      revision: Type.Integer(),
      sha256: Type.String(),
      evidence_sha256: Type.String(),
      closed: Type.Object({ at: Instant, user: nullable(Person) }),
      closings: Type.Array(Type.Object({ id: Id, from_day: Day, to_day: Day, figures_sha256: Type.String() })),
    }),
  ),
  submitted: nullable(Deed),
  agreed: nullable(Deed),
  signatures: Type.Array(
    Type.Object({
      side: Side,
      user: nullable(Person),
      org: nullable(Org),
      name: Type.String(),
      post: Type.String(),
      sha256: Type.String(),
      signed_at: Instant,
    }),
  ),
  disputes: Type.Array(Dispute),
  restatements: Type.Array(Restatement),
  archive: nullable(
    Type.Object({
      seq: Type.Integer(),
      sha256: Type.String(),
      previous_sha256: NullableString,
      archived_at: Instant,
    }),
  ),
  history: Type.Array(
    Type.Object({
      at: Instant,
      action: Type.String(),
      user: nullable(Person),
      org: nullable(Org),
      note: NullableString,
    }),
  ),
  actions: Type.Array(oneOf(STATEMENT_ACTIONS)),
});
export type StatementDetail = Static<typeof StatementDetail>;

export const SeenBody = Body({ sha256: Sha256 });
export const SignBody = Body({ sha256: Sha256, name: text(60), post: text(60) });
export const NoteBody = Body({ note: Type.Optional(text(500)) });
export const EmptyBody = Body({});
export const NewDispute = Body({ clause: Name, reason: text(2000) });
export const NewComment = Body({ body: text(2000) });
export const DisputeParams = Type.Object({ id: Id, did: Id });
export const DisputeFileParams = Type.Object({ id: Id, did: Id, fid: Id });
export const RestatementParams = Type.Object({ id: Id, rid: Id });
