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
  NullableNumber,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  Page,
  Query,
  text,
} from '../http/schemas.ts';
import { RegionNames } from '../registry/shared/region-names.ts';
import { Answers } from './answers.ts';
import { ChecklistItem, METRICS } from './checklist.ts';
import { TARGETS } from './targets-sql.ts';

export const TASK_STATES = ['open', 'started', 'done', 'cancelled'] as const;
export const TASK_STATUSES = ['upcoming', 'open', 'started', 'missed', 'done', 'done_late', 'cancelled'] as const;
export const TASK_ACTIONS = [
  'start',
  'finish',
  'add_file',
  'assign',
  'ask_cancel',
  'decide_cancel',
  'withdraw_cancel',
] as const;
export type TaskAction = (typeof TASK_ACTIONS)[number];
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const Named = Type.Object({ id: Id, name: Type.String() });
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A day in the zone of the contract' });
const Person = nullable(Named);
const Place = Type.Object({
  kind: oneOf(TARGETS),
  id: Id,
  code: Type.String(),
  name: Type.String(),
  site: nullable(Named),
  region: nullable(RegionNames),
});

const summary = {
  id: Id,
  plan: Named,
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String(), time_zone: Type.String() }),
  period: Type.Object({
    key: Type.String({
      description: '2026-03, 2026-Q1, 2026-H1, or the first day of the holiday that it comes before',
    }),
    name: Type.String({ description: 'The holiday in words; else empty' }),
    from_day: Day,
    to_day: Type.String({ description: 'The day after the last' }),
  }),
  begins_at: Instant,
  due_at: Type.Unsafe<Date | string>({
    type: 'string',
    format: 'date-time',
    description: 'Done by this instant is in time',
  }),
  place: Place,
  county: nullable(Named),
  assignee: Person,
  state: oneOf(TASK_STATES),
  status: oneOf(TASK_STATUSES, 'State, and what the clock makes of it'),
  started_at: NullableInstant,
  started_by: Person,
  done_at: NullableInstant,
  recorded_at: NullableInstant,
  done_by: Person,
  faulty: Type.Integer({ description: 'Items that were found faulty' }),
  cancellation: nullable(
    Type.Object({
      reason: Type.String(),
      asked_at: Instant,
      asked_by: Person,
      asked_org: nullable(Named),
      decision: nullableOneOf(['approved', 'rejected']),
      decided_at: NullableInstant,
      decided_by: Person,
      note: NullableString,
    }),
  ),
  version: Type.Integer(),
};

export const Task = Type.Object(summary);
export const TaskPage = Page(Task);

/** What telemetry says about a station, and when it said so. */
export const Reading = Type.Object({
  station_id: Id,
  metric: oneOf(METRICS),
  value: Type.Number(),
  at: Instant,
});

export const StationReadings = Type.Object({
  station: Type.Object({ id: Id, code: Type.String(), name: Type.String() }),
  device_id: NullableString,
  online: nullable(Type.Boolean()),
  heard_at: NullableInstant,
  faulty_parts: Type.Array(Type.Object({ component: Type.String(), state: Type.String(), since: NullableString })),
  readings: Type.Array(Reading),
});

const detail = {
  ...summary,
  checklist: Type.Array(ChecklistItem),
  answers: Answers,
  note: NullableString,
  device_id: nullable(Type.String({ description: 'That stood at the station when it was carried out' })),
  stations: Type.Array(StationReadings, {
    description:
      'Of a station or site: what telemetry says, as of now, or as of when it was told to be done. At most 20',
  }),
  files: Type.Array(FileRow),
  actions: Type.Array(oneOf(TASK_ACTIONS), { description: 'What the caller may do with it now' }),
};
export const TaskDetail = Type.Object(detail);
export const MineAnswer = Type.Object({
  items: Type.Array(TaskDetail),
  more: Type.Integer({ description: 'Further ones that are not told here' }),
});

const place = {
  contract: Type.Optional(Id),
  plan: Type.Optional(Id),
  region: Type.Optional(Id),
  site: Type.Optional(Id),
  station: Type.Optional(Id),
};
export const TaskQuery = Query({
  ...pageQuery,
  ...place,
  status: Type.Optional(
    oneOf(
      [...TASK_STATUSES, 'owed', 'asked'],
      'owed: open and begun, missed ones included; asked: to be taken off, undecided',
    ),
  ),
  from: Type.Optional(InstantInput),
  to: Type.Optional(Type.String({ format: 'date-time', maxLength: 40, description: 'Due in (from, to]' })),
  assignee: Type.Optional(Id),
});
export const CalendarQuery = Query({
  ...place,
  month: Type.Optional(Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' })),
});

const Counts = {
  due: Type.Integer({ description: 'Fall due; without those that were taken off' }),
  done: Type.Integer({ description: 'Of these, carried out by now' }),
  missed: Type.Integer({ description: 'Of these, overdue and not carried out' }),
};
export const CalendarAnswer = Type.Object({
  month: Type.String(),
  days: Type.Array(
    Type.Object({
      day: Day,
      ...Counts,
      visits: Type.Integer({ description: 'Carried out on this day, whenever due' }),
    }),
  ),
  counties: Type.Array(Type.Object({ county: nullable(Named), ...Counts })),
});

export const RateQuery = Query({
  contract: Type.Optional(Id),
  period: Type.Optional(
    Type.String({ maxLength: 30, description: '2026-03, 2026-Q1, 2026, 2026-10-05 or 2026-10-01/2026-10-08' }),
  ),
});
export const RateFigures = Type.Object({
  in_time: Type.Integer(),
  later: Type.Integer({ description: 'After the due instant, but within the period' }),
  missed: Type.Integer(),
  pending: Type.Integer(),
  rate: nullable(Type.Object({ num: Type.Integer(), den: Type.Integer() })),
  percent: nullable(Type.String({ description: 'Truncated to two places, never rounded up' })),
});
export const RateAnswer = Type.Object({
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String(), time_zone: Type.String() }),
  period: Type.Object({ name: Type.String(), from_day: Day, to_day: Day }),
  total: RateFigures,
  cancelled: Type.Integer({ description: 'Taken off by both sides: not due' }),
  counties: Type.Array(Type.Object({ county: nullable(Named), figures: RateFigures })),
  plans: Type.Array(Type.Object({ plan: Named, figures: RateFigures })),
});

const ClientKey = Type.String({ format: 'uuid', description: 'Made by the phone: the same word twice is one' });
export const StartBody = Body({ started_at: Type.Optional(InstantInput) });
export const FinishBody = Body({
  client_key: ClientKey,
  done_at: Type.String({
    format: 'date-time',
    maxLength: 40,
    description: 'When it was carried out: not in the future, not before the period began',
  }),
  answers: Answers,
  note: Type.Optional(text(2000)),
});
export const AssignBody = Body({ user_id: nullable(Id) });
export const CancelBody = Body({ reason: text(500) });
export const DecideCancelBody = Body({ decision: oneOf(['approved', 'rejected']), note: Type.Optional(text(500)) });
export const FaultBody = Body({
  item: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
  station_id: Type.Optional(Type.Integer({ minimum: 1, description: 'Of a site: the station; of a county needed' })),
  description: Type.Optional(text(500)),
});
export const FaultOpened = Type.Object({ fault_id: Id, created: Type.Boolean(), work_order_id: NullableInteger });

export const AssigneeList = Type.Object({ items: Type.Array(Named) });

export const ArchiveQuery = Query({
  ...pageQuery,
  site: Type.Optional(Id),
  station: Type.Optional(Id),
  device: Type.Optional(Type.String({ maxLength: 40 })),
});
export const ArchiveItem = Type.Object({
  ...summary,
  note: NullableString,
  device_id: NullableString,
  found: Type.Array(
    Type.Object({
      id: Type.String(),
      zh: Type.String(),
      en: Type.String(),
      kind: Type.String(),
      result: NullableString,
      value: NullableNumber,
      text: NullableString,
      note: NullableString,
      files: Type.Array(Id),
      fault_id: NullableInteger,
    }),
  ),
});
export const ArchivePage = Page(ArchiveItem);

export type Task = Static<typeof Task>;
export type TaskDetail = Static<typeof TaskDetail>;
export type TaskQuery = Static<typeof TaskQuery>;
export type CalendarQuery = Static<typeof CalendarQuery>;
export type CalendarAnswer = Static<typeof CalendarAnswer>;
export type RateAnswer = Static<typeof RateAnswer>;
export type RateFigures = Static<typeof RateFigures>;
export type FinishBody = Static<typeof FinishBody>;
export type ArchiveItem = Static<typeof ArchiveItem>;
export type StationReadings = Static<typeof StationReadings>;
