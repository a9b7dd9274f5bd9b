import { compareFractions } from '../../rates.ts';
import { type Exact, exact, parseDecimal, percentOf, times } from '../exact.ts';
import type { ClauseOf } from '../language/clauses.ts';
import type { Tier } from '../language/parts.ts';
import { formatFen, shareOf } from '../money.ts';
import { bandOf, baseOf, type Context, showBand } from './context.ts';
import type { Computed } from './outcome.ts';
import type { Reading } from './values.ts';
import { joined, type Step, step } from './words.ts';

const HUNDRED = exact(100n);

/** Which tier governs, and what it is worth. */
export interface Governing {
  readonly percent: string;
  /** Null for a listed combination. */
  readonly tier: Tier | null;
  readonly isMixed: boolean;
}

/** The value as bounds are written: percent for rates, else in its own unit. */
export function boundable(reading: Reading): Exact {
  switch (reading.measure) {
    case 'rate':
      return times(reading.rate, HUNDRED);
    case 'count':
      return exact(reading.count);
    case 'rating':
      return reading.points;
    default:
      throw new RangeError(`${reading.metric.id} lies in no band`);
  }
}

/** The tier that governs where each metric has reached one. */
export function governing(clause: ClauseOf<'tiers'>, reached: readonly Tier[]): Governing {
  const [first] = reached;
  if (first === undefined) throw new RangeError(`${clause.id} has no metric`);
  if (reached.every(({ id }) => id === first.id)) return { percent: first.percent, tier: first, isMixed: false };
  if (clause.mixed === 'listed') {
    const wanted = reached.map(({ id }) => id).join();
    const listed = clause.combinations?.find(({ tiers }) => tiers.join() === wanted);
    if (listed === undefined) throw new RangeError(`${clause.id} says nothing of ${wanted}`);
    return { percent: listed.percent, tier: null, isMixed: true };
  }
  const wantsGreater = (clause.mixed === 'highest') === (clause.effect === 'pay');
  const tier = reached.reduce((best, one) => {
    const order = compareFractions(parseDecimal(one.percent), parseDecimal(best.percent));
    return (wantsGreater ? order > 0 : order < 0) ? one : best;
  });
  return { percent: tier.percent, tier, isMixed: true };
}

export function tiers(clause: ClauseOf<'tiers'>, context: Context): Computed {
  const readings = clause.metrics.map(context.reading);
  const reached = readings.map((reading) => bandOf(clause.tiers, boundable(reading)));
  const governed = governing(clause, reached);
  const { percent, tier, isMixed } = governed;
  const { amount: base, step: baseStep } = baseOf(context, clause.of);
  const sign = clause.effect === 'pay' ? 1n : -1n;
  const fraction = times(percentOf(percent), exact(sign));
  const amount = shareOf(base, fraction);
  const shown = { base: formatFen(base), percent, amount: formatFen(sign * amount) };
  return {
    readings,
    base,
    fraction,
    amount,
    ...(tier === null ? {} : { tier: tier.id }),
    decidedBy: isMixed ? ['mixed'] : [],
    steps: [
      ...readings.flatMap((reading, i) => [...reading.steps, ...reachedStep(reading, reached[i])]),
      ...(readings.length > 1 ? [governingStep(clause, reached, governed, unitOf(readings[0]))] : []),
      baseStep,
      step(clause.effect === 'pay' ? 'pay_share' : 'deduct_share', shown),
    ],
  };
}

/** Tiers have no names: what they hold is what people call them by. */
function reachedStep(reading: Reading, tier: Tier | undefined): Step[] {
  if (tier === undefined) return [];
  const range = showBand(tier, unitOf(reading));
  return [step('tier_reached', { metric: reading.metric.name, tier: tier.id, range })];
}

function governingStep(
  { mixed }: ClauseOf<'tiers'>,
  reached: readonly Tier[],
  { percent, tier, isMixed }: Governing,
  unit: string,
): Step {
  if (tier === null)
    return step('tier_listed', { tiers: joined(reached.map((each) => showBand(each, unit))), percent });
  const code = !isMixed ? 'tier_common' : mixed === 'lowest' ? 'tier_lowest' : 'tier_highest';
  return step(code, { tier: tier.id, range: showBand(tier, unit) });
}

const unitOf = (reading: Reading | undefined): string => (reading?.measure === 'rate' ? ' %' : '');
