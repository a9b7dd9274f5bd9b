import { type Static, Type } from 'typebox';
import { ContractRef, Org, Person } from '../duties/schemas.ts';
import { pageQuery } from '../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  InstantInput,
  NullableInstant,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  Page,
  Query,
  text,
} from '../http/schemas.ts';
import { RegionNames } from '../registry/shared/region-names.ts';

export const LINE_STATES = ['open', 'unconfirmed', 'confirmed', 'disputed'] as const;
export const LINE_ACTIONS = ['confirm', 'dispute', 'answer'] as const;
/** Lines confirmed at once at most. */
export const MAX_LINES = 5000;

const Place = Type.Object({ id: Id, name: Type.String() });
const Fen = Type.Integer({ description: 'Hundredths of a yuan' });

export const LedgerLine = Type.Object({
  id: Id,
  number: Type.String({ description: 'Of the work order: W-000123' }),
  contract: ContractRef,
  region: nullable(RegionNames),
  site: nullable(Place),
  station: nullable(Place),
  stations: Type.Integer({ description: 'Faults that the order is about' }),
  cause: Type.String({ description: 'offline, a component, or a category that a person chose' }),
  reason: NullableString,
  title: Type.String(),
  severity: Type.String(),
  description: Type.String(),
  device: NullableString,
  opened_at: Instant,
  ended_at: Type.Unsafe<Date | string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: 'When the last of its faults was gone, by evidence',
  }),
  closed_at: NullableInstant,
  is_late: Type.Boolean(),
  spare: NullableString,
  parts: Type.Array(Type.Object({ name: Type.String(), qty: Type.Integer(), unit_fen: Fen })),
  parts_fen: Fen,
  labour_fen: Fen,
  logistics_fen: Fen,
  total_fen: Fen,
  warranty: nullableOneOf(['in', 'out', 'unknown']),
  cause_kind: NullableString,
  cause_analysis: NullableString,
  advice: NullableString,
  engineer: NullableString,
  site_word: Type.Union([Type.Object({ name: Type.String(), via: Type.String(), at: Instant }), Type.Null()], {
    description: 'Who confirmed it at the site',
  }),
  state: oneOf(LINE_STATES, 'open: the order is not closed, nothing to confirm yet'),
  said: nullable(Type.Object({ at: Instant, user: Person, org: Org, note: NullableString })),
  answer: nullable(Type.Object({ text: Type.String(), at: Instant, user: Person })),
  actions: Type.Array(oneOf(LINE_ACTIONS)),
});
export const LedgerPage = Page(LedgerLine);

const filters = {
  contract: Type.Optional(Id),
  state: Type.Optional(oneOf(LINE_STATES)),
  region: Type.Optional(Id),
  site: Type.Optional(Id),
  station: Type.Optional(Id),
  cause: Type.Optional(Type.String({ maxLength: 60 })),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
  q: Type.Optional(text(80, { description: 'Number of the order, or part of the name of the site' })),
};
export const LedgerQuery = Query({ ...pageQuery, ...filters });
export const LedgerFilters = Query(filters);
export const ExportQuery = LedgerFilters;
export const LedgerSummary = Type.Object({
  total: Type.Integer(),
  open: Type.Integer(),
  unconfirmed: Type.Integer(),
  disputed: Type.Integer(),
  confirmed: Type.Integer(),
  confirmable: Type.Integer({ description: 'Unconfirmed lines that the caller may confirm' }),
});

export const ConfirmBody = Body({
  ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: MAX_LINES, description: 'These lines' })),
  filter: Type.Optional(
    Type.Object(filters, {
      additionalProperties: false,
      description: 'Or every unconfirmed line that the filter finds',
    }),
  ),
  expected: Type.Integer({ minimum: 1, description: 'How many lines the caller believes to confirm' }),
  note: Type.Optional(text(1000)),
});
export const Confirmed = Type.Object({ confirmed: Type.Integer() });
export const DisputeBody = Body({ reason: text(1000) });
export const AnswerBody = Body({ text: text(1000) });

export type LedgerLine = Static<typeof LedgerLine>;
export type LedgerQuery = Static<typeof LedgerQuery>;
export type LedgerFilters = Static<typeof LedgerFilters>;
export type LedgerSummary = Static<typeof LedgerSummary>;
export type ConfirmBody = Static<typeof ConfirmBody>;
export type LineAction = (typeof LINE_ACTIONS)[number];
