import { type Static, Type } from 'typebox';
import { FileRow } from '../../files/index.ts';
import { pageQuery } from '../../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  NullableInstant,
  NullableString,
  nullable,
  oneOf,
  Page,
  Query,
  text,
} from '../../http/schemas.ts';
import { ContractRef, Day, Org, Person, Rate, Version } from '../schemas.ts';
import { COUNTED_FROM, CYCLES, DUE_RULES } from './cycles.ts';
import { DOCUMENT_ACTIONS, DOCUMENT_MARKS, DUE_STATES } from './states.ts';

export const DOCUMENT_KINDS = [
  'inspection_report',
  'service_report',
  'weekly_report',
  'run_sheet',
  'backup_restore',
  'training_sheet',
  'requirement_sheet',
  'ledger',
  'other',
] as const;
export const DUTY_STATES = ['proposed', 'agreed', 'rejected'] as const;
export const DUTY_ACTIONS = ['agree', 'reject', 'end', 'agree_end'] as const;
/** Files of one document at most, all handings-in together. */
export const MAX_FILES = 20;

const Step = Type.Object({ at: Instant, user: Person, org: Org, note: NullableString });
const Period = Type.Object({ from_day: Day, to_day: Day, due_day: Day });

const terms = {
  duty_id: Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$', description: 'Id of the duty in the contract document' }),
  name: text(100),
  kind: oneOf(DOCUMENT_KINDS),
  cycle: oneOf(CYCLES),
  counted_from: oneOf(
    COUNTED_FROM,
    'calendar: whole weeks and months of the calendar; start: counted from from_day on',
  ),
  due_rule: oneOf(
    DUE_RULES,
    'after_end: due_days days after the last day of the period; in_period: on that day of the period, from 1',
  ),
  due_days: Type.Integer({ minimum: 0, maximum: 366 }),
  from_day: Day,
  until_day: Type.Union([Day, Type.Null()], { description: 'Exclusive; null: as long as the contract runs' }),
};

export const DocumentDuty = Type.Object({
  id: Id,
  contract: ContractRef,
  ...terms,
  state: oneOf(DUTY_STATES, 'Documents are owed once both sides agree'),
  proposed: Type.Object({ at: Instant, user: Person, org: Org }),
  decided: nullable(Step),
  ending: Type.Union([Type.Object({ day: Day, at: Instant, user: Person, org: Org }), Type.Null()], {
    description: 'One side asks to end it on this day; it does once the other agrees',
  }),
  next: Type.Union([Period, Type.Null()], { description: 'The next document that falls due' }),
  version: Type.Integer(),
  actions: Type.Array(oneOf(DUTY_ACTIONS)),
});
export const DutyPage = Page(DocumentDuty);
export const DutyQuery = Query({ ...pageQuery, contract: Type.Optional(Id), state: Type.Optional(oneOf(DUTY_STATES)) });
export const NewDuty = Body({
  contract_id: Id,
  ...terms,
  counted_from: Type.Optional(terms.counted_from),
  until_day: Type.Optional(terms.until_day),
});
export const DutyPreview = Type.Object({
  periods: Type.Array(Period, { description: 'The first twelve' }),
  past: Type.Integer({ description: 'Documents whose day has gone by: missing as soon as both sides agree' }),
});
export const DutyDecision = Body({ version: Version, note: Type.Optional(text(1000)) });
export const DutyEnd = Body({ version: Version, day: Day });

const due = {
  id: Id,
  contract: ContractRef,
  duty: Type.Object({
    id: Id,
    duty_id: Type.String(),
    name: Type.String(),
    kind: oneOf(DOCUMENT_KINDS),
    cycle: oneOf(CYCLES),
  }),
  from_day: Day,
  to_day: Day,
  due_at: Type.Unsafe<Date | string>({ type: 'string', format: 'date-time', description: 'The last instant in time' }),
  state: oneOf(DUE_STATES),
  mark: oneOf(DOCUMENT_MARKS, 'What it counts as now'),
  submitted_at: Type.Unsafe<Date | string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: 'Of the handing-in that stands; null as long as there is none, or it was returned',
  }),
  submissions: Type.Integer(),
  note: NullableString,
  version: Type.Integer(),
  actions: Type.Array(oneOf(DOCUMENT_ACTIONS)),
};
export const DocumentDue = Type.Object(due);
export const DuePage = Page(DocumentDue);
const Submission = Type.Object({
  n: Type.Integer(),
  at: Instant,
  user: Person,
  org: Org,
  note: NullableString,
  files: Type.Array(FileRow),
  report_id: NullableString,
  returned_at: NullableInstant,
  returned_note: NullableString,
});
export const DueDetail = Type.Object({
  ...due,
  decided: nullable(Step),
  handed_in: Type.Array(Submission, { description: 'Every handing-in, newest first' }),
  files: Type.Array(FileRow, { description: 'Added, but not handed in yet' }),
});

export const DueQuery = Query({
  ...pageQuery,
  contract: Type.Optional(Id),
  kind: Type.Optional(oneOf(DOCUMENT_KINDS)),
  duty: Type.Optional(Id),
  mark: Type.Optional(oneOf(DOCUMENT_MARKS)),
  open: Type.Optional(Type.Boolean({ description: 'true: only what somebody has to act on, the earliest due first' })),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
});
export const FigureQuery = Query({ contract: Id, period: Type.Optional(Type.String({ maxLength: 30 })) });
export const DocumentFigure = Type.Object({
  period: Type.String(),
  on_time: Type.Integer(),
  late: Type.Integer(),
  missing: Type.Integer(),
  pending: Type.Integer(),
  rate: Rate,
});
export const SubmitBody = Body({
  file_ids: Type.Optional(Type.Array(Id, { maxItems: MAX_FILES })),
  report_id: Type.Optional(Type.String({ format: 'uuid', description: 'A report that was made here' })),
  note: Type.Optional(text(1000)),
  version: Version,
});
export const AcceptBody = Body({ note: Type.Optional(text(1000)), version: Version });
export const ReasonBody = Body({ note: text(1000), version: Version });

export type DocumentDuty = Static<typeof DocumentDuty>;
export type DutyQuery = Static<typeof DutyQuery>;
export type NewDuty = Static<typeof NewDuty>;
export type DutyPreview = Static<typeof DutyPreview>;
export type DocumentDue = Static<typeof DocumentDue>;
export type DueDetail = Static<typeof DueDetail>;
export type DueQuery = Static<typeof DueQuery>;
export type SubmitBody = Static<typeof SubmitBody>;
export type DocumentFigure = Static<typeof DocumentFigure>;
