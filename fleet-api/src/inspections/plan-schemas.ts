import { type Static, Type } from 'typebox';
import { Body, Id, Instant, NullableString, nullable, oneOf, Query, text } from '../http/schemas.ts';
import { Checklist } from './checklist.ts';
import { CYCLES } from './cycles.ts';
import { Day, Named } from './schemas.ts';
import { TARGETS } from './targets-sql.ts';

const DayInput = Type.String({ format: 'date' });
const Days = (minimum: number, maximum: number, description: string) => Type.Integer({ minimum, maximum, description });
const DutyId = Type.String({ minLength: 1, maxLength: 80 });

export const PlanInput = Body({
  contract_id: Id,
  name: text(80),
  cycle: oneOf(CYCLES),
  target: oneOf(TARGETS, 'What is visited once a period'),
  region_ids: Type.Optional(
    Type.Array(Id, { maxItems: 200, uniqueItems: true, description: 'Empty: all of the contract' }),
  ),
  checklist: Type.Optional(Checklist),
  assignees: Type.Optional(
    Type.Array(Type.Object({ region_id: Id, user_id: Id }, { additionalProperties: false }), {
      maxItems: 500,
      description: 'Who comes by default; the deepest region that holds the place counts',
    }),
  ),
  first_day: DayInput,
  last_day: Type.Optional(nullable(DayInput)),
  lead_days: Type.Optional(Days(0, 366, 'Tasks are there so many days before their period begins; default 7')),
  window_days: Type.Optional(Days(1, 60, 'before_holiday: the visit is made within so many days before it; default 7')),
  min_holiday_days: Type.Optional(Days(1, 30, 'before_holiday: days off in a row, weekends included; default 3')),
  duty_id: Type.Optional(nullable(DutyId)),
});

const terms = {
  name: Type.String(),
  cycle: oneOf(CYCLES),
  target: oneOf(TARGETS),
  regions: Type.Array(Named),
  checklist: Checklist,
  assignees: Type.Array(Type.Object({ region: Named, user: Named })),
  first_day: Day,
  last_day: NullableString,
  lead_days: Type.Integer(),
  window_days: Type.Integer(),
  min_holiday_days: Type.Integer(),
  duty_id: NullableString,
};

export const Plan = Type.Object({
  id: Id,
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String(), time_zone: Type.String() }),
  ...terms,
  version: Type.Integer(),
  making: Type.Boolean({ description: 'Its tasks are still being made' }),
  tasks: Type.Object({ all: Type.Integer(), open: Type.Integer(), missed: Type.Integer(), done: Type.Integer() }),
  can_change: Type.Boolean(),
});
export const PlanList = Type.Object({ items: Type.Array(Plan) });
export const PlanDetail = Type.Object({
  ...Plan.properties,
  versions: Type.Array(
    Type.Object({
      version: Type.Integer(),
      from_day: Day,
      name: Type.String(),
      cycle: oneOf(CYCLES),
      target: oneOf(TARGETS),
      changed_by: nullable(Named),
      changed_at: Instant,
    }),
    { description: 'Newest first' },
  ),
});

export const PlanPreview = Type.Object({
  periods: Type.Array(
    Type.Object({
      key: Type.String(),
      name: Type.String(),
      from_day: Day,
      to_day: Type.String({ description: 'The day after the last' }),
      due_at: Instant,
      tasks: Type.Integer(),
      is_over: Type.Boolean({ description: 'Its tasks would be missed from the start' }),
    }),
    { description: 'At most 40, from the first one that a change would touch' },
  ),
  applies_from: nullable(
    Type.String({ description: 'Of a change: periods that begin earlier have their tasks already' }),
  ),
  left_out: Type.Integer({ description: 'Stations never commissioned, or in no county though counties are visited' }),
  unknown_years: Type.Array(Type.Integer(), {
    description: 'before_holiday: years whose holidays are not entered yet',
  }),
});

export const PlanQuery = Query({ contract: Type.Optional(Id) });
export const PreviewQuery = Query({
  plan: Type.Optional(Type.Integer({ minimum: 1, description: 'The plan that would be changed' })),
});

export type PlanInput = Static<typeof PlanInput>;
export type Plan = Static<typeof Plan>;
export type PlanDetail = Static<typeof PlanDetail>;
export type PlanPreview = Static<typeof PlanPreview>;
