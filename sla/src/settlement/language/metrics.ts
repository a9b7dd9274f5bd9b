import { type Static, Type } from 'typebox';
import { Cycle, Id, Interpretations, Text } from './parts.ts';

const common = { id: Id, name: Text, interpretations: Type.Optional(Interpretations) };
/** What a rate is if nothing was due: 0 of 0. `full` reads it as 100 %, `missing` leaves it to people. */
const when_none = Type.Union([Type.Literal('full'), Type.Literal('missing')]);
const closed = { additionalProperties: false };

/** Share of counted time in which stations were up (`docs/availability.md`). Higher is better. */
export const AvailabilityMetric = Type.Object(
  {
    ...common,
    kind: Type.Literal('availability'),
    dimension: Type.Union([Type.Literal('network'), Type.Literal('equipment')]),
    aggregation: Type.Union([
      Type.Literal('time_weighted'),
      Type.Literal('mean_of_stations'),
      Type.Literal('daily_count'),
    ]),
    /** Of `daily_count`: downtime that a day may have and still be intact. */
    max_down_ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000 })),
  },
  closed,
);

/** Faults repaired within the limits of the named repair duties, of all faults. Higher is better. */
export const RepairMetric = Type.Object(
  { ...common, kind: Type.Literal('repair_timeliness'), duties: Type.Array(Id, { minItems: 1 }), when_none },
  closed,
);

/** Inspections done of those due under the named duties. Higher is better. */
export const InspectionMetric = Type.Object(
  { ...common, kind: Type.Literal('inspection_rate'), duties: Type.Array(Id, { minItems: 1 }), when_none },
  closed,
);

/** Any other share of what was due, like planned items completed. Higher is better. */
export const ShareMetric = Type.Object({ ...common, kind: Type.Literal('share'), when_none }, closed);

/** Documents late or missing under the named duties. Fewer is better. */
export const DocumentMetric = Type.Object(
  { ...common, kind: Type.Literal('late_documents'), duties: Type.Array(Id, { minItems: 1 }) },
  closed,
);

/** Valid complaints, of one class or all. Fewer is better. */
export const ComplaintMetric = Type.Object(
  { ...common, kind: Type.Literal('complaints'), class: Type.Optional(Id) },
  closed,
);

/** Events of any other kind, counted: those that the platform knows of itself, else by agreement of both sides. */
export const CountMetric = Type.Object(
  {
    ...common,
    kind: Type.Literal('count'),
    taken_from: Type.Optional(Type.Union([Type.Literal('recurring_faults'), Type.Literal('resolved_complaints')])),
  },
  closed,
);

/** 0 to 100, the mean of its items if it has some. Higher is better. */
export const RatingMetric = Type.Object(
  {
    ...common,
    kind: Type.Literal('rating'),
    items: Type.Optional(Type.Array(Type.Object({ id: Id, name: Text }, closed), { minItems: 1, maxItems: 100 })),
  },
  closed,
);

/** One of named answers, like satisfaction. */
export const ChoiceMetric = Type.Object(
  {
    ...common,
    kind: Type.Literal('choice'),
    options: Type.Array(Type.Object({ id: Id, name: Text }, closed), { minItems: 2, maxItems: 20 }),
  },
  closed,
);

/** Several numbers: one for each late item, or one for each month. */
export const ListMetric = Type.Object(
  {
    ...common,
    kind: Type.Literal('list'),
    unit: Type.Union([Type.Literal('day'), Type.Literal('point')]),
    /** Agreed rating sheets, a number a month; without, by agreement of both sides. */
    taken_from: Type.Optional(Type.Literal('monthly_ratings')),
  },
  closed,
);

export const METRICS = {
  availability: AvailabilityMetric,
  repair_timeliness: RepairMetric,
  inspection_rate: InspectionMetric,
  share: ShareMetric,
  late_documents: DocumentMetric,
  complaints: ComplaintMetric,
  count: CountMetric,
  rating: RatingMetric,
  choice: ChoiceMetric,
  list: ListMetric,
} as const;

export type MetricKind = keyof typeof METRICS;
export type Metric = { [K in MetricKind]: Static<(typeof METRICS)[K]> }[MetricKind];
export const Metric = Type.Union([
  AvailabilityMetric,
  RepairMetric,
  InspectionMetric,
  ShareMetric,
  DocumentMetric,
  ComplaintMetric,
  CountMetric,
  RatingMetric,
  ChoiceMetric,
  ListMetric,
]);

/** What a metric's value is, whatever it is about. */
export type Measure = 'rate' | 'count' | 'rating' | 'choice' | 'list';
export function measureOf({ kind }: Pick<Metric, 'kind'>): Measure {
  switch (kind) {
    case 'availability':
    case 'repair_timeliness':
    case 'inspection_rate':
    case 'share':
      return 'rate';
    case 'late_documents':
    case 'complaints':
    case 'count':
      return 'count';
    case 'rating':
    case 'choice':
    case 'list':
      return kind;
  }
}

const limitMs = Type.Optional(Type.Integer({ minimum: 0, maximum: 366 * 86_400_000 }));
/** How fast a fault of a class has to be dealt with, ms from the report; on the clock of the calendar or round the clock. */
export const RepairDuty = Type.Object(
  {
    id: Id,
    kind: Type.Literal('repair'),
    title: Text,
    source: Type.String({ minLength: 1, maxLength: 200 }),
    /** Duties of one severity make up its limits, each on its own clock; without, the duty is a severity of its own. */
    severity: Type.Optional(Id),
    clock: Type.Union([Type.Literal('always'), Type.Literal('service_hours')]),
    respond_ms: limitMs,
    on_site_ms: limitMs,
    /** By then the station works again in some way, say on a borrowed terminal. */
    restore_ms: limitMs,
    repair_ms: limitMs,
    /** If not repaired in time, a spare has to stand there by then. */
    replace_ms: limitMs,
  },
  closed,
);

/** What has to be inspected or delivered, and how often. */
export const RegularDuty = Type.Object(
  {
    id: Id,
    kind: Type.Union([Type.Literal('inspection'), Type.Literal('document')]),
    title: Text,
    source: Type.String({ minLength: 1, maxLength: 200 }),
    cycle: Cycle,
  },
  closed,
);

export const DUTIES = { repair: RepairDuty, inspection: RegularDuty, document: RegularDuty } as const;
export type Duty = Static<typeof Duty>;
export const Duty = Type.Union([RepairDuty, RegularDuty]);
