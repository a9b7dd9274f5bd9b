import { type Static, Type } from 'typebox';
import { Day, dayText } from '../availability/contracts/schemas.ts';
import { DOCUMENT_STATES } from '../documents/schemas.ts';
import { pageQuery } from '../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  Json,
  NullableBoolean,
  NullableInstant,
  NullableString,
  nullable,
  oneOf,
  Page,
  Query,
  text,
} from '../http/schemas.ts';
import { REPORT_KINDS } from './kinds.ts';

export const LANGUAGES = ['zh', 'en'] as const;
export const REPORT_ACTIONS = ['advise', 'release', 'print'] as const;
const Kind = oneOf(REPORT_KINDS);
const Person = nullable(Type.Object({ id: Id, name: Type.String() }));

const Files = nullable(
  Type.Object({
    id: Type.String({ format: 'uuid' }),
    state: oneOf(DOCUMENT_STATES),
    progress: Type.Object({ done: Type.Integer(), total: Type.Integer() }),
    files: Type.Array(Type.Object({ name: Type.String(), media_type: Type.String(), bytes: Type.Integer() }), {
      description: 'At /documents/{id}/files/{n}; empty until done, and once removed after their time',
    }),
    error: NullableString,
  }),
);

const Rate = Type.Object({ percent: NullableString, target_percent: NullableString, reaches_target: NullableBoolean });

export const Headline = Type.Object({
  stations: Type.Integer(),
  days_missing: Type.Integer(),
  closed: Type.Boolean(),
  network: Rate,
  equipment: Rate,
  faults: Type.Integer(),
  timeliness_percent: NullableString,
  inspection_percent: NullableString,
  document_percent: NullableString,
});

export const Report = Type.Object({
  id: Id,
  number: Type.String({ description: '`R-000012`' }),
  contract: Type.Object({
    id: Id,
    code: Type.String(),
    name: Type.String(),
    is_baseline: Type.Boolean(),
    time_zone: Type.String(),
  }),
  kind: Kind,
  region: nullable(Type.Object({ id: Id, name: Type.String() })),
  from_day: Day,
  to_day: dayText('First day after it'),
  edition: Type.Integer({ description: 'Of the same contract, kind, region and period; earlier ones stay' }),
  is_latest: Type.Boolean({ description: 'There is no later edition' }),
  origin: oneOf(['schedule', 'person']),
  language: oneOf(LANGUAGES),
  state: oneOf(['draft', 'released']),
  advice: Type.String({ description: "The contractor's recommendations" }),
  figures_at: NullableInstant,
  headline: nullable(Headline),
  draft: Files,
  final: Files,
  created_by: Person,
  created_at: Instant,
  released_by: Person,
  released_at: NullableInstant,
  version: Type.Integer(),
  actions: Type.Array(oneOf(REPORT_ACTIONS), { description: 'What the caller may do with it now' }),
});
export const ReportPage = Page(Report);

export const ReportQuery = Query({
  ...pageQuery,
  contract: Type.Optional(Id),
  kind: Type.Optional(Kind),
  region: Type.Optional(Id),
});

export const NewReport = Body({
  contract_id: Id,
  kind: Kind,
  day: dayText('Any day of the period'),
  region_id: Type.Optional(Id),
  language: Type.Optional(oneOf(LANGUAGES)),
});

const version = Type.Integer({ minimum: 1 });
export const AdviceBody = Body({ advice: text(5000, { minLength: 0 }), version });
export const ReleaseBody = Body({ version });

/** The paper as data: title, facts, sections of blocks, charts as SVG; long tables cut. */
export const ReportPreview = Type.Object({
  title: Type.String(),
  subtitle: Type.String(),
  sections: Type.Array(Type.Object({ heading: Type.String(), blocks: Type.Array(Json) })),
});

export const Schedule = Type.Object({
  kind: Kind,
  enabled: Type.Boolean(),
  hour: Type.Integer(),
  delay_days: Type.Integer({ description: 'Days after the period, for late evidence' }),
  language: oneOf(LANGUAGES),
  next_at: Type.Unsafe<Date | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: 'When the next report is made; null if switched off or the contract is over',
  }),
  version: Type.Integer({ description: '0: never set' }),
});
export const Schedules = Type.Object({ items: Type.Array(Schedule) });
export const ScheduleParams = Type.Object({ id: Id, kind: Kind });
export const ScheduleBody = Body({
  enabled: Type.Boolean(),
  hour: Type.Integer({ minimum: 0, maximum: 23 }),
  delay_days: Type.Integer({ minimum: 0, maximum: 60 }),
  language: oneOf(LANGUAGES),
  version: Type.Integer({ minimum: 0 }),
});

export type Report = Static<typeof Report>;
export type Headline = Static<typeof Headline>;
export type ReportQuery = Static<typeof ReportQuery>;
export type NewReport = Static<typeof NewReport>;
export type Schedule = Static<typeof Schedule>;
export type ScheduleBody = Static<typeof ScheduleBody>;
