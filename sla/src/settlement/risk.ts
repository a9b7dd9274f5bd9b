import { type ErrorBudget, errorBudget } from '../availability/budget.ts';
import type { Counted } from '../availability/tally.ts';
import { compareFractions, type Fraction } from '../rates.ts';
import { bandOf } from './evaluate/context.ts';
import { governing } from './evaluate/tiers.ts';
import { type Exact, exact, parseDecimal, percentOf, plus, times } from './exact.ts';
import type { ClauseOf } from './language/clauses.ts';
import type { Contract } from './language/contract.ts';
import type { Metric, Tier } from './language/index.ts';
import { fenNumber, shareOf } from './money.ts';
import { partOfPrice } from './parts.ts';
import { clauseById, metricById } from './references.ts';

/** Where an availability metric stands in a running period. In ms, or in station-days where the metric counts those. */
export interface PeriodProgress {
  readonly counted: Counted;
  /** Required time still to come, all of it taken to count. */
  readonly toCome: number;
  /** Counted time of the days just past, whose pace the forecast continues; without, the pace of the whole period so far. */
  readonly recent?: Counted;
}

export interface RiskInput {
  readonly clause: string;
  /** By metric; all that the clause names. */
  readonly progress: Readonly<Record<string, PeriodProgress>>;
  readonly subPeriod?: string | null;
  /** Of what the clause takes its share; needed only if that is not a price. */
  readonly baseFen?: bigint;
}

export interface MetricRisk {
  readonly metric: string;
  readonly unit: 'ms' | 'station_day';
  /** By the rate so far. */
  readonly tier: string;
  /** Downtime still affordable before the next tier falls; null in the lowest tier. `leftMs` is in `unit`. */
  readonly budget: ErrorBudget | null;
  /** The percentage that has to be held; null in the lowest tier. */
  readonly threshold: string | null;
  readonly nextTier: string | null;
  /** The tier above, and whether the rest of the period can still earn it; null in the highest. */
  readonly better: { readonly tier: string; readonly threshold: string; readonly isReachable: boolean } | null;
  /** What is lost if this metric alone falls to the next tier, fen; 0 if another governs anyway. */
  readonly stake_fen: number;
}

/** Money that a running period may still gain or lose under a tier clause. */
export interface MoneyAtRisk {
  readonly metrics: readonly MetricRisk[];
  /** If the period ended now. */
  readonly amount_fen: number;
  /** If all that is to come were up, and if all were down. */
  readonly best_fen: number;
  readonly worst_fen: number;
  readonly forecast: {
    /** All time to come is up in the share in which the recent days were, or the period so far. */
    readonly method: 'recent_pace' | 'pace_so_far';
    readonly amount_fen: number;
    readonly tiers: Readonly<Record<string, string>>;
  };
}

/**
 * Money at risk under a tier clause over availability metrics. Null while a metric has no counted time, or if one is a mean of stations,
 * of which no common budget of downtime exists. Throws a RangeError for a clause of another form or without a known base.
 */
export function moneyAtRisk(contract: Contract, input: RiskInput): MoneyAtRisk | null {
  const clause = clauseById(contract, input.clause);
  if (clause?.form !== 'tiers') throw new RangeError(`${input.clause} is no tier clause of the contract`);
  const base = baseOf(contract, clause, input);
  const watched = clause.metrics.flatMap((id) => watch(metricById(contract, id), input.progress[id]) ?? []);
  if (watched.length < clause.metrics.length) return null;
  const amountOf = (tiers: readonly Tier[]): number => {
    const share = times(percentOf(governing(clause, tiers).percent), exact(clause.effect === 'pay' ? 1n : -1n));
    return fenNumber(shareOf(base, share));
  };
  const tiersAt = (rateOf: (progress: PeriodProgress) => Exact): Tier[] =>
    watched.map(({ progress }) => bandOf(clause.tiers, times(rateOf(progress), exact(100n))));
  const now = tiersAt(({ counted }) => share(counted));
  const foreseen = tiersAt(atPace);
  return {
    metrics: watched.map((one, i) => riskOf(clause, one, now, i, amountOf)),
    amount_fen: amountOf(now),
    best_fen: amountOf(tiersAt(({ counted: { up, down }, toCome }) => share({ up: up + toCome, down }))),
    worst_fen: amountOf(tiersAt(({ counted: { up, down }, toCome }) => share({ up, down: down + toCome }))),
    forecast: {
      method: watched.every(({ progress }) => hasRecent(progress)) ? 'recent_pace' : 'pace_so_far',
      amount_fen: amountOf(foreseen),
      tiers: Object.fromEntries(clause.metrics.map((id, i) => [id, foreseen[i]?.id ?? ''])),
    },
  };
}

interface Watched {
  readonly id: string;
  readonly unit: MetricRisk['unit'];
  readonly progress: PeriodProgress;
}

function watch(metric: Metric | undefined, progress: PeriodProgress | undefined): Watched | null {
  if (metric?.kind !== 'availability' || metric.aggregation === 'mean_of_stations' || progress === undefined)
    return null;
  if (progress.counted.up + progress.counted.down === 0) return null;
  return { id: metric.id, unit: metric.aggregation === 'daily_count' ? 'station_day' : 'ms', progress };
}

function riskOf(
  clause: ClauseOf<'tiers'>,
  { id, unit, progress: { counted, toCome } }: Watched,
  now: readonly Tier[],
  i: number,
  amountOf: (tiers: readonly Tier[]) => number,
): MetricRisk {
  const sorted = clause.tiers.toSorted((a, b) => compareFractions(bottom(a), bottom(b)));
  const place = sorted.findIndex(({ id }) => id === now[i]?.id);
  const [lower, own, upper] = [sorted[place - 1], sorted[place], sorted[place + 1]];
  const budgetFor = (percent: string): ErrorBudget =>
    errorBudget({ counted, toComeMs: toCome, target: fractionOf(percent) });
  const threshold = lower === undefined ? null : (own?.at_least ?? null);
  const aim = upper?.at_least ?? null;
  return {
    metric: id,
    unit,
    tier: own?.id ?? '',
    budget: threshold === null ? null : budgetFor(threshold),
    threshold,
    nextTier: lower?.id ?? null,
    better:
      upper === undefined || aim === null
        ? null
        : { tier: upper.id, threshold: aim, isReachable: budgetFor(aim).leftMs >= 0 },
    stake_fen: lower === undefined ? 0 : amountOf(now) - amountOf(now.with(i, lower)),
  };
}

const bottom = ({ at_least }: Tier): Exact => (at_least === null ? exact(-1n) : parseDecimal(at_least));
const share = ({ up, down }: Counted): Exact => exact(BigInt(up), BigInt(up) + BigInt(down));

function fractionOf(percent: string): Fraction {
  const { num, den } = percentOf(percent);
  return { num: Number(num), den: Number(den) };
}

const hasRecent = ({ recent }: PeriodProgress): boolean => recent !== undefined && recent.up + recent.down > 0;

/** The rate at the period's end if the time to come is up at the pace. */
function atPace(progress: PeriodProgress): Exact {
  const { counted, toCome, recent } = progress;
  const pace = share(recent !== undefined && hasRecent(progress) ? recent : counted);
  const up = plus(exact(BigInt(counted.up)), times(exact(BigInt(toCome)), pace));
  return times(up, exact(1n, BigInt(counted.up) + BigInt(counted.down) + BigInt(toCome)));
}

function baseOf(contract: Contract, { of, id }: ClauseOf<'tiers'>, { subPeriod = null, baseFen }: RiskInput): bigint {
  if (baseFen !== undefined) return baseFen;
  const price = 'price' in of ? contract.prices.find((one) => one.id === of.price) : undefined;
  if (price === undefined) throw new RangeError(`${id} takes its share of other clauses: say of how much`);
  const whole = BigInt(price.amount_fen);
  return subPeriod === null ? whole : partOfPrice(contract, subPeriod, whole);
}
