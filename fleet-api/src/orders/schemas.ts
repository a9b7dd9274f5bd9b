import { REPAIR_STAGES } from '@uptally/sla';
import { type Static, Type } from 'typebox';
import { pageQuery } from '../http/paging.ts';
import {
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
import { RegionNames } from '../registry/shared/region-names.ts';
import { ORDER_STATES } from './steps.ts';

export const ORDER_KINDS = ['station', 'incident'] as const;
export const CAUSE_KINDS = [
  'hardware',
  'software',
  'network',
  'consumables',
  'power',
  'site',
  'misuse',
  'environment',
  'no_fault_found',
  'other',
] as const;
export const WARRANTIES = ['in', 'out', 'unknown'] as const;
/** What the caller may do with an order now. */
export const ORDER_ACTIONS = [
  'acknowledge',
  'assign',
  'set_out',
  'arrive',
  'restore',
  'repair',
  'confirm',
  'confirm_for_site',
  'close',
  'reopen',
  'cancel',
  'comment',
  'add_photo',
  'edit',
  'propose_pause',
] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

const Named = Type.Object({ id: Id, name: Type.String() });
const Stage = oneOf(REPAIR_STAGES);

const summary = {
  id: Id,
  number: Type.String({ description: 'As people say it: W-000123' }),
  kind: oneOf(ORDER_KINDS, 'One station, or one cause at many'),
  state: oneOf(ORDER_STATES),
  severity: Type.String({ description: 'In the words of the contract' }),
  cause: Type.String({ description: 'offline, a component, or a category that a person chose' }),
  reason: NullableString,
  title: Type.String({ description: 'Empty: told from cause and place' }),
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String(), is_baseline: Type.Boolean() }),
  site: nullable(Named),
  station: nullable(Type.Object({ id: Id, code: Type.String(), name: Type.String() })),
  region: nullable(RegionNames),
  org: nullable(Named),
  assignee: nullable(Named),
  opened_at: Instant,
  ended_at: NullableInstant,
  closed_at: NullableInstant,
  faults_total: Type.Integer(),
  faults_open: Type.Integer(),
  next_stage: nullableOneOf(REPAIR_STAGES),
  next_due_at: NullableInstant,
  paused: Type.Boolean(),
  is_late: Type.Boolean({ description: 'A stage ended, or stands, beyond its limit' }),
  version: Type.Integer(),
};
/** An order as lists show it. */
export const Order = Type.Object(summary);
export type Order = Static<typeof Order>;
export const OrderPage = Page(Order);

const filters = {
  state: Type.Optional(oneOf([...ORDER_STATES, 'open'], 'open: neither closed nor cancelled')),
  late: Type.Optional(Type.Boolean({ description: 'A clock is, or a stage ended, beyond its limit' })),
  paused: Type.Optional(Type.Boolean()),
  kind: Type.Optional(oneOf(ORDER_KINDS)),
  severity: Type.Optional(Type.String({ maxLength: 40 })),
  cause: Type.Optional(Type.String({ maxLength: 60 })),
  contract: Type.Optional(Id),
  region: Type.Optional(Id),
  site: Type.Optional(Id),
  station: Type.Optional(Id),
  assignee: Type.Optional(Id),
  mine: Type.Optional(Type.Boolean({ description: 'Assigned to the caller' })),
  unassigned: Type.Optional(Type.Boolean()),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
  q: Type.Optional(text(80, { description: 'Number of the order, or part of a title or of the name of the site' })),
};
export const ORDER_SORTS = ['opened_at-', 'next_due_at'] as const;
export const OrderFilters = Query(filters);
export type OrderFilters = Static<typeof OrderFilters>;
export const OrderQuery = Query({
  ...pageQuery,
  ...filters,
  sort: Type.Optional(oneOf(ORDER_SORTS, 'Newest first, or by the next due instant (open ones)')),
});
export type OrderQuery = Static<typeof OrderQuery>;

export const OrderCount = Type.Object({ total: Type.Integer(), open: Type.Integer(), late: Type.Integer() });
export const BoardQuery = Query({
  ...filters,
  per_column: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
});
export type BoardQuery = Static<typeof BoardQuery>;
export const Board = Type.Object({
  columns: Type.Array(
    Type.Object({
      state: oneOf(ORDER_STATES),
      total: Type.Integer(),
      late: Type.Integer(),
      items: Type.Array(Order, { description: 'Those that fall due first' }),
    }),
    { description: 'States of orders that are neither closed nor cancelled' },
  ),
});
export type Board = Static<typeof Board>;

/** A clock of one stage, as of the answer. */
export const StageClock = Type.Object({
  stage: Stage,
  state: oneOf(['running', 'met', 'breached', 'pending', 'not_applicable']),
  limit_ms: NullableInteger,
  began_at: NullableInstant,
  due_at: NullableInstant,
  stopped_at: NullableInstant,
  stopped_by: NullableString,
  left_ms: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'Working time; negative: by so much it is overrun',
  }),
  paused: Type.Boolean(),
});
export type StageClock = Static<typeof StageClock>;

export const OrderFault = Type.Object({
  id: Id,
  number: Type.String(),
  cause: Type.String(),
  component: NullableString,
  reason: NullableString,
  severity: Type.String(),
  source: oneOf(['telemetry', 'person', 'site']),
  description: Type.String(),
  site: Named,
  station: nullable(Type.Object({ id: Id, code: Type.String(), name: Type.String() })),
  device_id: NullableString,
  status: oneOf(['open', 'repaired', 'confirmed', 'cancelled']),
  verdict: oneOf(['on_time', 'late', 'pending', 'cancelled', 'not_owed']),
  opened_at: Instant,
  recovered_at: Type.Unsafe<Date | string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: "Telemetry's word that it is gone",
  }),
  ended_at: NullableInstant,
  recurrence_of: NullableInteger,
  clocks: Type.Array(StageClock),
});
export type OrderFault = Static<typeof OrderFault>;

export const Entry = Type.Object({
  id: Type.Integer(),
  at: Type.Unsafe<Date | string>({ type: 'string', format: 'date-time', description: 'When it happened' }),
  recorded_at: Type.Unsafe<Date | string>({ type: 'string', format: 'date-time', description: 'When it was told' }),
  kind: Type.String(),
  user: nullable(Named),
  org: nullable(Named),
  note: NullableString,
  detail: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
});
export type Entry = Static<typeof Entry>;

export const Part = Type.Object({
  id: Id,
  name: Type.String(),
  qty: Type.Integer(),
  unit_fen: Type.Integer(),
  serial: NullableString,
  part_id: NullableInteger,
  added_by: nullable(Named),
  added_at: Instant,
});
export type Part = Static<typeof Part>;

export const Pause = Type.Object({
  pause: Type.String({ description: 'Its name, for decisions' }),
  state: oneOf(['proposed', 'approved', 'rejected', 'ended']),
  from: Instant,
  to: NullableInstant,
  ended_at: NullableInstant,
  reason: Type.String(),
  proposed: Type.Object({ at: Instant, user: nullable(Named), org: nullable(Named) }),
  decided: nullable(Type.Object({ at: Instant, user: nullable(Named), org: nullable(Named), note: NullableString })),
  actions: Type.Array(oneOf(['approve', 'reject', 'end'])),
});
export type Pause = Static<typeof Pause>;

export const Confirmation = Type.Object({
  via: oneOf(['phone', 'link', 'agency']),
  name: Type.String(),
  phone: NullableString,
  note: NullableString,
  at: Instant,
  signature_id: NullableInteger,
  user: nullable(Named),
});
export type Confirmation = Static<typeof Confirmation>;
