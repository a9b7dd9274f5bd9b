import {
  type BigFraction,
  compareFractions,
  counted,
  type Fraction,
  meanOfStations,
  rateOf,
  reaches,
  showPercent,
} from '@uptally/sla';
import { countingOf } from '../contracts/rules.ts';
import type { Rules } from '../contracts/schemas.ts';
import type { Figure, Pair } from './schemas.ts';
import { addSums, type DimensionSums, EMPTY_SUMS, type Sums } from './sums-sql.ts';

export type Rate = Fraction | BigFraction;

/** A pair of figures, and the exact rates that the contract's aggregation gives: to sort and to compare by. */
export interface Figures {
  readonly pair: Pair;
  readonly network: Rate | null;
  readonly equipment: Rate | null;
}

type Dimension = 'network' | 'equipment';
export type Means = Readonly<Record<Dimension, BigFraction | null>>;

/** Figures of stations together. */
export function figuresOf(stations: readonly Sums[], rules: Rules): Figures {
  const mean = (dimension: Dimension): BigFraction | null =>
    meanOfStations(
      stations.map((sums) => sums[dimension].tally),
      countingOf(rules, dimension),
    );
  return figuresFrom(
    stations.reduce(addSums, EMPTY_SUMS),
    { network: mean('network'), equipment: mean('equipment') },
    rules,
  );
}

/** Figures of sums whose mean over stations is known, or null if nobody needs it. */
export function figuresFrom(sums: Sums, means: Means, rules: Rules): Figures {
  const network = figureOf(sums.network, means.network, rules, 'network');
  const equipment = figureOf(sums.equipment, means.equipment, rules, 'equipment');
  return {
    pair: { network: network.figure, equipment: equipment.figure },
    network: network.rate,
    equipment: equipment.rate,
  };
}

function figureOf({ tally, days }: DimensionSums, mean: BigFraction | null, rules: Rules, dimension: Dimension) {
  const counting = countingOf(rules, dimension);
  const byTime = rateOf(tally, counting);
  const byDay = days.counted === 0 ? null : { num: days.intact, den: days.counted };
  const rate: Rate | null = { time_weighted: byTime, daily_count: byDay, mean_of_stations: mean }[rules.aggregation];
  const target = rules[dimension].target_percent;
  const figure: Figure = {
    required_ms: tally.required,
    up_ms: tally.up,
    down_ms: tally.down,
    unknown_ms: tally.unknown,
    platform_ms: tally.platform,
    excluded_ms: tally.excluded,
    counted_down_ms: counted(tally, counting).down,
    rate: byTime,
    percent: rate === null ? null : showPercent(rate),
    target_percent: target,
    reaches_target: rate === null || target === null ? null : reaches(rate, target),
    daily: byDay === null ? null : { intact: days.intact, counted: days.counted, percent: showPercent(byDay) },
    mean_percent: mean === null ? null : showPercent(mean),
  };
  return { figure, rate };
}

/** `b - a` in percentage points, truncated toward zero to two places, signed; null unless both are figures. */
export function changeOf(a: Rate | null, b: Rate | null): string | null {
  if (a === null || b === null) return null;
  const [low, high, sign] = compareFractions(a, b) <= 0 ? [a, b, '+'] : [b, a, '-'];
  const num = BigInt(high.num) * BigInt(low.den) - BigInt(low.num) * BigInt(high.den);
  const shown = showPercent({ num, den: BigInt(low.den) * BigInt(high.den) });
  return shown === '0.00' ? shown : `${sign}${shown}`;
}

/** A rate as a whole number of 10^-12, rounded down: near enough to sort by, and a number. */
export function sortable(rate: Rate | null): number | null {
  return rate === null ? null : Number((BigInt(rate.num) * 1_000_000_000_000n) / BigInt(rate.den));
}
