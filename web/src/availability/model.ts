import type { Answer, Item as ItemOf } from '../api/client.ts';

export type Availability = Answer<'/api/v1/availability'>;
export type Trend = Answer<'/api/v1/availability/trend'>;
export type Worst = Answer<'/api/v1/availability/worst'>;
export type Budgets = Answer<'/api/v1/availability/budget'>;
export type Compare = Answer<'/api/v1/availability/compare'>;
export type Contract = ItemOf<'/api/v1/contracts'>;

export type Item = Availability['items'][number];
export type ChildKind = Item['kind'];
export type Pair = Pick<Item, 'network' | 'equipment'>;
/** The five numbers of a place over a period, and what they make. Percentages are text, cut by the server and never rounded. */
export type Figure = Item['network'];
export type ScopeRef = Availability['scope'];
export type PeriodRef = Availability['period'];
export type TrendDay = Trend['days'][number];
export type WorstStation = Worst['items'][number];
export type Budget = Budgets['network'];
export type Fraction = NonNullable<Budget['burn']>;
export type CompareItem = Compare['items'][number];

export type Rules = Contract['rules'];
export type CountingRule = Pick<Rules['network'], 'unknown' | 'platform'>;
export type Aggregation = Rules['aggregation'];
export const AGGREGATIONS: readonly Aggregation[] = ['time_weighted', 'mean_of_stations', 'daily_count'];
