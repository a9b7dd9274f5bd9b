import { type Static, type TSchema, Type } from 'typebox';
import { Clause } from './clauses.ts';
import { Duty, Metric } from './metrics.ts';
import { Cycle, DayText, Fen, Id, Interpretations, Text } from './parts.ts';

const closed = { additionalProperties: false };
const source = Type.String({ minLength: 1, maxLength: 200 });
const list = <T extends TSchema>(item: T, least = 0) => Type.Array(item, { minItems: least, maxItems: 500 });
const unknownAs = Type.Union([Type.Literal('down'), Type.Literal('up'), Type.Literal('excluded')]);

/** Part of the term that one contractor served (R-HN-10). Together they make up the term. */
export type SubPeriod = Static<typeof SubPeriod>;
export const SubPeriod = Type.Object(
  {
    id: Id,
    from: DayText,
    /** The day after the last. */
    to: DayText,
    contractor: Id,
    /** Its part of every price; all or none have one. Without, prices are parted by days. */
    part: Type.Optional(Type.Object({ num: Type.Integer({ minimum: 0 }), den: Type.Integer({ minimum: 1 }) }, closed)),
  },
  closed,
);

/** A payment of the schedule: the clauses that make it up, in the order in which a statement lists them. */
export type Instalment = Static<typeof Instalment>;
export const Instalment = Type.Object({ id: Id, title: Text, source, cycle: Cycle, clauses: list(Id, 1) }, closed);

/** Everything about a contract but its metrics, duties and clauses, which vary by kind. */
export const CONTRACT_FIELDS = {
  /** Version of this language. */
  format: Type.Literal(1),
  code: Type.String({ minLength: 1, maxLength: 64 }),
  name: Text,
  time_zone: Type.String({ minLength: 1, maxLength: 64 }),
  currency: Type.Literal('CNY'),
  parties: list(
    Type.Object({ id: Id, role: Type.Union([Type.Literal('agency'), Type.Literal('contractor')]), name: Text }, closed),
    2,
  ),
  term: Type.Object({ from: DayText, to: DayText }, closed),
  sub_periods: list(SubPeriod),
  /** Stations that it is about; all lists empty: the whole fleet. */
  scope: Type.Object({ regions: list(source), sites: list(source), stations: list(source) }, closed),
  /** When stations must work: see `parseCalendar`. */
  calendar: Type.Unknown(),
  /** How availability counts: see `CountingRule`; reasons for which time may be excluded; how long evidence may come late. */
  counting: Type.Object(
    {
      unknown: unknownAs,
      platform: unknownAs,
      exclusions: list(Type.Object({ id: Id, text: Text }, closed)),
      grace_days: Type.Integer({ minimum: 0, maximum: 90 }),
    },
    closed,
  ),
  prices: list(Type.Object({ id: Id, name: Text, source, amount_fen: Fen }, closed)),
  schedule: list(Instalment, 1),
  interpretations: Interpretations,
};

/** A contract as data. What a schema can't say is checked by `checkContract`. */
export type Contract = Static<typeof Contract>;
export const Contract = Type.Object(
  { ...CONTRACT_FIELDS, duties: list(Duty), metrics: list(Metric), clauses: list(Clause, 1) },
  closed,
);
