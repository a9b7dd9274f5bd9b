import { type Static, Type } from 'typebox';

/** Words in both languages of the console and of printed statements. */
export type Text = Static<typeof Text>;
export const Text = Type.Object(
  { zh: Type.String({ minLength: 1, maxLength: 1000 }), en: Type.String({ minLength: 1, maxLength: 1000 }) },
  { additionalProperties: false },
);

/** How texts are spelled. */
export const SPELLED = {
  id: '^[a-z][a-z0-9_]{0,63}$',
  day: '^\\d{4}-\\d{2}-\\d{2}$',
  decimal: '^-?\\d{1,9}(\\.\\d{1,6})?$',
  percent: '^\\d{1,9}(\\.\\d{1,6})?$',
} as const;

/** Names things inside a contract; shown in figures, so it stays when words change. */
export const Id = Type.String({ pattern: SPELLED.id });

/** A civil day, `2024-01-31`. That it exists is checked apart. */
export const DayText = Type.String({ pattern: SPELLED.day });

/** Text, not a number: 0.1 has no double. */
export const Decimal = Type.String({ pattern: SPELLED.decimal });

/** 0 to 100, as text. The upper bound is checked apart, so that it has a code of its own. */
export const Percent = Type.String({ pattern: SPELLED.percent });

/** An amount in fen, the hundredth of a yuan. */
export const Fen = Type.Integer({ minimum: 0, maximum: 1e15 });

export const Cycle = Type.Union([
  Type.Literal('once'),
  Type.Literal('week'),
  Type.Literal('month'),
  Type.Literal('quarter'),
  Type.Literal('half_year'),
  Type.Literal('year'),
  Type.Literal('term'),
]);

/**
 * What is read into the text where it is silent. With `field`, it is the value of that field of the clause that is the reading, and
 * `options` are the readings that could be taken: the value in force must be one of them.
 */
export type Interpretation = Static<typeof Interpretation>;
export const Interpretation = Type.Object(
  {
    id: Id,
    text: Text,
    field: Type.Optional(Id),
    options: Type.Optional(
      Type.Array(Type.Object({ value: Type.Unknown(), text: Text }, { additionalProperties: false }), {
        minItems: 2,
        maxItems: 8,
      }),
    ),
  },
  { additionalProperties: false },
);
export const Interpretations = Type.Array(Interpretation, { maxItems: 20 });

/** Of what a percentage is taken: a price, or what other clauses come to together. */
export type Of = Static<typeof Of>;
export const Of = Type.Union([
  Type.Object({ price: Id }, { additionalProperties: false }),
  Type.Object({ clauses: Type.Array(Id, { minItems: 1, maxItems: 50 }) }, { additionalProperties: false }),
]);

/** What is judged: a metric, or the points of a scorecard. */
export type Subject = Static<typeof Subject>;
export const Subject = Type.Union([
  Type.Object({ metric: Id }, { additionalProperties: false }),
  Type.Object({ clause: Id }, { additionalProperties: false }),
]);

/**
 * From `at_least` (included; null: from the bottom) to `below` (not included; null: to the top). Percent for rates, else in the
 * metric's own unit.
 */
const bounds = { at_least: Type.Union([Decimal, Type.Null()]), below: Type.Union([Decimal, Type.Null()]) };
export interface Band {
  readonly at_least: string | null;
  readonly below: string | null;
}

export type Tier = Static<typeof Tier>;
export const Tier = Type.Object({ id: Id, ...bounds, percent: Percent }, { additionalProperties: false });

export type Grade = Static<typeof Grade>;
export const Grade = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,15}$' }),
    ...bounds,
    deduct_percent: Percent,
    /** Months that the payment is put off. */
    delay_months: Type.Integer({ minimum: 0, maximum: 60 }),
  },
  { additionalProperties: false },
);

export type PointBand = Static<typeof PointBand>;
export const PointBand = Type.Object({ ...bounds, points: Decimal }, { additionalProperties: false });
