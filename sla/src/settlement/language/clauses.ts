import { type Static, Type } from 'typebox';
import { Decimal, Fen, Grade, Id, Interpretations, Of, Percent, PointBand, Subject, Text, Tier } from './parts.ts';

const closed = { additionalProperties: false };
const common = {
  id: Id,
  title: Text,
  /** Where it stands in the document, like `商务要求 4.2`. */
  source: Type.String({ minLength: 1, maxLength: 200 }),
  interpretations: Type.Optional(Interpretations),
};
const effect = Type.Union([Type.Literal('pay'), Type.Literal('deduct')]);
/** Whole points only (a shortfall of 1.6 points counts as 1), or pro rata (as 1.6). */
const counting = Type.Union([Type.Literal('whole'), Type.Literal('pro_rata')]);
const ids = Type.Array(Id, { minItems: 1, maxItems: 50 });

/** Pays a share of something, come what may. */
export const ShareClause = Type.Object({ ...common, form: Type.Literal('share'), of: Of, percent: Percent }, closed);

/** Pays or deducts the share of the tier reached. Where metrics reach different tiers, `mixed` says which governs. */
export const TiersClause = Type.Object(
  {
    ...common,
    form: Type.Literal('tiers'),
    effect,
    of: Of,
    metrics: Type.Array(Id, { minItems: 1, maxItems: 4 }),
    /** `lowest`: the tier that is worst for the contractor; `highest`: the best; `listed`: by `combinations`. */
    mixed: Type.Union([Type.Literal('lowest'), Type.Literal('highest'), Type.Literal('listed')]),
    tiers: Type.Array(Tier, { minItems: 1, maxItems: 20 }),
    /** Tiers in the order of `metrics`. Every mixed case has to be there once. */
    combinations: Type.Optional(
      Type.Array(Type.Object({ tiers: ids, percent: Percent }, closed), { maxItems: 10_000 }),
    ),
  },
  closed,
);

const item = { id: Id, title: Text };
/** Worth so much, less `per_point` for each percentage point below the target, never under `least`. */
export const ShortfallItem = Type.Object(
  {
    ...item,
    kind: Type.Literal('shortfall'),
    metric: Id,
    worth: Decimal,
    target: Percent,
    per_point: Decimal,
    least: Decimal,
  },
  closed,
);
/** Worth so much, changed by each event, never under `least`. */
export const EventItem = Type.Object(
  {
    ...item,
    kind: Type.Literal('per_event'),
    metric: Id,
    worth: Decimal,
    points_each: Decimal,
    least: Type.Optional(Decimal),
  },
  closed,
);
/** The points of the band that the value lies in; of a list, for each of its values. */
export const BandItem = Type.Object(
  { ...item, kind: Type.Literal('bands'), metric: Id, bands: Type.Array(PointBand, { minItems: 1, maxItems: 20 }) },
  closed,
);
/** The points of the answer given. */
export const ChoiceItem = Type.Object(
  { ...item, kind: Type.Literal('choice'), metric: Id, points: Type.Record(Type.String(), Decimal) },
  closed,
);
export const ITEMS = { shortfall: ShortfallItem, per_event: EventItem, bands: BandItem, choice: ChoiceItem } as const;
export type Item = Static<typeof Item>;
export const Item = Type.Union([ShortfallItem, EventItem, BandItem, ChoiceItem]);

/** Points: no money by itself; other clauses refer to it. */
export const ScorecardClause = Type.Object(
  {
    ...common,
    form: Type.Literal('scorecard'),
    start: Decimal,
    counting,
    floor: Type.Union([Decimal, Type.Null()]),
    ceiling: Type.Union([Decimal, Type.Null()]),
    items: Type.Array(Item, { minItems: 1, maxItems: 100 }),
  },
  closed,
);

/** Grades of a rating or score, each with a deduction and a delay of the payment. */
export const GradeClause = Type.Object(
  {
    ...common,
    form: Type.Literal('grade'),
    subject: Subject,
    score_rounding: Type.Union([Type.Literal('exact'), Type.Literal('half_up'), Type.Literal('down')]),
    of: Of,
    grades: Type.Array(Grade, { minItems: 1, maxItems: 20 }),
  },
  closed,
);

/** A fixed amount for each event beyond those that are free. */
export const PerEventClause = Type.Object(
  {
    ...common,
    form: Type.Literal('per_event'),
    effect,
    metric: Id,
    fen_each: Fen,
    free: Type.Integer({ minimum: 0, maximum: 1e6 }),
  },
  closed,
);

/** A percentage once the count reaches `from`: once, or for each event from that one on. */
export const BeyondCountClause = Type.Object(
  {
    ...common,
    form: Type.Literal('beyond_count'),
    effect,
    metric: Id,
    from: Type.Integer({ minimum: 1, maximum: 1e6 }),
    times: Type.Union([Type.Literal('once'), Type.Literal('each')]),
    percent: Percent,
    of: Of,
  },
  closed,
);

/** An amount for each point below a threshold. */
export const PerPointClause = Type.Object(
  {
    ...common,
    form: Type.Literal('per_point'),
    subject: Subject,
    below: Decimal,
    fen_per_point: Fen,
    counting,
  },
  closed,
);

/** What the named clauses deduct together is at most a share of something; the excess is given back. */
export const CapClause = Type.Object(
  { ...common, form: Type.Literal('cap'), clauses: ids, percent: Percent, of: Of },
  closed,
);

/** The contract may be ended if, so many times running, the subject was below. No money. */
export const TerminationClause = Type.Object(
  {
    ...common,
    form: Type.Literal('termination'),
    subject: Subject,
    conditions: Type.Array(
      Type.Object({ below: Decimal, consecutive: Type.Integer({ minimum: 1, maximum: 100 }) }, closed),
      { minItems: 1, maxItems: 10 },
    ),
  },
  closed,
);

export const CLAUSES = {
  share: ShareClause,
  tiers: TiersClause,
  scorecard: ScorecardClause,
  grade: GradeClause,
  per_event: PerEventClause,
  beyond_count: BeyondCountClause,
  per_point: PerPointClause,
  cap: CapClause,
  termination: TerminationClause,
} as const;

export type Form = keyof typeof CLAUSES;
export type ClauseOf<F extends Form> = Static<(typeof CLAUSES)[F]>;
export type Clause = { [F in Form]: ClauseOf<F> }[Form];
export const Clause = Type.Union([
  ShareClause,
  TiersClause,
  ScorecardClause,
  GradeClause,
  PerEventClause,
  BeyondCountClause,
  PerPointClause,
  CapClause,
  TerminationClause,
]);
