import { type Static, Type } from 'typebox';
import { MAX_LIMIT } from '../../http/paging.ts';
import {
  component,
  Id,
  NullableBoolean,
  NullableInstant,
  NullableInteger,
  NullableString,
  nullable,
  oneOf,
  Query,
} from '../../http/schemas.ts';
import { AGGREGATIONS, Day, dayText } from '../contracts/schemas.ts';

export const DIMENSIONS = ['network', 'equipment'] as const;
export const Dimension = oneOf(DIMENSIONS);

/** An exact fraction. */
export const FractionSchema = Type.Object({ num: Type.Integer(), den: Type.Integer() });

/** Percentages are truncated, never rounded up: 94.9996 % is `94.99`. */
const ShownPercent = NullableString;

const figure = component(
  'AvailabilityFigure',
  Type.Object({
    required_ms: Type.Integer({ description: 'up + down + unknown + platform + excluded, to the ms' }),
    up_ms: Type.Integer(),
    down_ms: Type.Integer(),
    unknown_ms: Type.Integer({ description: 'Nothing known, for any cause but the platform' }),
    platform_ms: Type.Integer({ description: 'Nothing known because the platform itself was out' }),
    excluded_ms: Type.Integer(),
    counted_down_ms: Type.Integer({ description: 'Down after the counting rules of the contract' }),
    rate: nullable(FractionSchema),
    percent: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'By the aggregation of the contract, truncated to two places; null if nothing counted',
    }),
    target_percent: NullableString,
    reaches_target: NullableBoolean,
    daily: nullable(
      Type.Object({
        intact: Type.Integer({ description: 'Station-days with no more counted downtime than the contract allows' }),
        counted: Type.Integer({ description: 'Station-days in which anything counted' }),
        percent: Type.String(),
      }),
    ),
    mean_percent: ShownPercent,
  }),
);
export const Figure = figure.ref;

const pair = { network: Figure, equipment: Figure };
const bothDimensions = component('AvailabilityPair', Type.Object(pair));
export const Pair = bothDimensions.ref;

export const PeriodQuery = {
  contract: Type.Optional(Id),
  period: Type.Optional(
    Type.String({ maxLength: 10, description: '2026-10, 2026-Q3, 2026 or 2026-10-05; the current month if left out' }),
  ),
  from: Type.Optional(dayText('First day, instead of period')),
  to: Type.Optional(dayText('First day after it; together with from')),
};
export const PlaceQuery = { region: Type.Optional(Id), site: Type.Optional(Id) };

export const FIGURE_SORTS = ['network', 'equipment', 'down', 'name'] as const;
const ORDERS = FIGURE_SORTS.flatMap((sort) => [sort, `-${sort}` as const]);

/** Like the paging of lists, but a page is cut from figures that are computed for this answer. */
const sorted = {
  sort: Type.Optional(
    oneOf(
      ORDERS,
      'network and equipment: lowest rate first (the default: network); down: most downtime of both first; - reverses',
    ),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 1024 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: 100 })),
};

const sortedByLoss = {
  ...sorted,
  sort: Type.Optional(
    oneOf(
      ORDERS,
      'network and equipment: the rate that fell most first; down: the worse of the two (the default); - reverses',
    ),
  ),
};

export const AvailabilityQuery = Query({ ...PeriodQuery, ...PlaceQuery, ...sorted });
export const ScopeQuery = Query({ ...PeriodQuery, ...PlaceQuery, station: Type.Optional(Id) });
export const WorstQuery = Query({
  ...PeriodQuery,
  ...PlaceQuery,
  dimension: Type.Optional(Dimension),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 10 })),
});
export const CompareQuery = Query({
  contract: PeriodQuery.contract,
  a: Type.String({ maxLength: 21, description: 'A period as elsewhere, or two days as 2026-10-01/2026-10-08' }),
  b: Type.String({ maxLength: 21 }),
  ...PlaceQuery,
  ...sortedByLoss,
});
export const StationFiguresQuery = Query({ ...PeriodQuery });
export const ExportQuery = Query({
  ...PeriodQuery,
  ...PlaceQuery,
  stations: Type.Optional(Type.Boolean({ description: 'Every station of the scope instead of its children' })),
});

const contractRef = component(
  'AvailabilityContract',
  Type.Object({
    id: Id,
    code: Type.String(),
    name: Type.String(),
    is_baseline: Type.Boolean(),
    time_zone: Type.String(),
    aggregation: oneOf(AGGREGATIONS),
    network_target_percent: NullableString,
    equipment_target_percent: NullableString,
  }),
);
export const ContractRef = contractRef.ref;

const periodRef = component(
  'AvailabilityPeriod',
  Type.Object({
    name: Type.String({ description: 'As it can be asked for: 2026-10, or 2026-10-01/2026-10-08' }),
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time' }),
    from_day: Day,
    to_day: dayText('First day after it'),
    as_of: Type.Unsafe<Date | string | null>({
      type: ['string', 'null'],
      format: 'date-time',
      description: 'Time up to which evidence is in the figures; null if nothing is computed yet',
    }),
    days_missing: Type.Integer({ description: 'Station-days that should have figures by now and have none yet' }),
    closed: Type.Boolean({ description: 'All of it is frozen' }),
  }),
);
export const PeriodRef = periodRef.ref;

const ScopeStep = Type.Object({ kind: oneOf(['region', 'site', 'station']), id: Id, name: Type.String() });
const scopeRef = component(
  'AvailabilityScope',
  Type.Object({
    kind: oneOf(['all', 'region', 'site', 'station']),
    id: NullableInteger,
    name: Type.String(),
    parents: Type.Array(ScopeStep, { description: 'From the top down, without itself' }),
  }),
);
export const ScopeRef = scopeRef.ref;

export const CHILD_KINDS = ['region', 'site', 'station'] as const;
const place = {
  kind: oneOf(CHILD_KINDS),
  id: Id,
  name: Type.String(),
  code: Type.String(),
  stations: Type.Integer(),
};

export const AvailabilityItem = Type.Object({ ...place, ...pair });
const head = { contract: ContractRef, period: PeriodRef, scope: ScopeRef };
const Total = Type.Object({ stations: Type.Integer(), ...pair });

export const Availability = Type.Object({
  ...head,
  total: Total,
  children_kind: oneOf(CHILD_KINDS, 'What most items are; sites directly in a region stand beside its sub-regions'),
  items: Type.Array(AvailabilityItem),
  next_cursor: NullableString,
});

export const TrendDay = Type.Object({
  day: Day,
  stations: Type.Integer({ description: 'Stations with figures' }),
  ...pair,
  closed: Type.Boolean(),
  final: Type.Boolean({ description: 'Computed to its end; late evidence may still change it unless closed' }),
});
export const Trend = Type.Object({ ...head, days: Type.Array(TrendDay) });

export const WorstStation = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  site: Type.Object({ id: Id, name: Type.String() }),
  county: NullableString,
  township: NullableString,
  ...pair,
});
export const Worst = Type.Object({ ...head, dimension: Dimension, items: Type.Array(WorstStation) });

export const BudgetFigure = Type.Object({
  target_percent: NullableString,
  percent: NullableString,
  allowed_ms: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'Downtime that the target allows over the whole period, station-ms; null without a target',
  }),
  used_ms: Type.Integer({ description: 'Counted downtime so far' }),
  left_ms: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'Below zero: the target is out of reach',
  }),
  to_come_ms: Type.Integer({ description: 'Required time of the period that is still to come, station-ms' }),
  elapsed: nullable(FractionSchema),
  burn: Type.Unsafe<{ num: number; den: number } | null>({
    type: ['object', 'null'],
    properties: { num: { type: 'integer' }, den: { type: 'integer' } },
    required: ['num', 'den'],
    description: 'Downtime so far / downtime allowed so far: above 1 the budget will not last',
  }),
  burn_rate: NullableString,
});
export const Budget = Type.Object({ ...head, network: BudgetFigure, equipment: BudgetFigure });

const Change = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  description: 'b - a in percentage points, truncated toward zero to two places, with its sign',
});
const changed = { a: nullable(Pair), b: nullable(Pair), network_change: Change, equipment_change: Change };
export const Compare = Type.Object({
  contract: ContractRef,
  a: PeriodRef,
  b: PeriodRef,
  scope: ScopeRef,
  total: Type.Object({ stations: Type.Integer(), ...changed }),
  children_kind: oneOf(CHILD_KINDS),
  items: Type.Array(Type.Object({ ...place, ...changed })),
  next_cursor: NullableString,
});

export const StationFigures = Type.Object({
  contract: ContractRef,
  period: PeriodRef,
  scope: ScopeRef,
  station: Type.Object({
    id: Id,
    code: Type.String(),
    name: Type.String(),
    commissioned_at: NullableInstant,
    decommissioned_at: NullableInstant,
  }),
  total: Pair,
  days: Type.Array(TrendDay),
});

/** Parts that the API document tells once. */
export const FIGURE_PARTS = [figure, bothDimensions, contractRef, periodRef, scopeRef].map(
  ({ definition }) => definition,
);

export type Figure = Static<typeof Figure>;
export type Pair = Static<typeof Pair>;
export type PeriodRef = Static<typeof PeriodRef>;
export type ScopeRef = Static<typeof ScopeRef>;
export type ContractRef = Static<typeof ContractRef>;
export type AvailabilityQuery = Static<typeof AvailabilityQuery>;
export type AvailabilityItem = Static<typeof AvailabilityItem>;
export type Availability = Static<typeof Availability>;
export type ScopeQuery = Static<typeof ScopeQuery>;
export type WorstQuery = Static<typeof WorstQuery>;
export type CompareQuery = Static<typeof CompareQuery>;
export type ExportQuery = Static<typeof ExportQuery>;
export type StationFiguresQuery = Static<typeof StationFiguresQuery>;
export type Trend = Static<typeof Trend>;
export type TrendDay = Static<typeof TrendDay>;
export type Worst = Static<typeof Worst>;
export type Budget = Static<typeof Budget>;
export type BudgetFigure = Static<typeof BudgetFigure>;
export type Compare = Static<typeof Compare>;
export type StationFigures = Static<typeof StationFigures>;
