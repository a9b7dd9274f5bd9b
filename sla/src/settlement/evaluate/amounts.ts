import { type Exact, exact, minus, parseDecimal, percentOf, roundHalfUp, showExact, times } from '../exact.ts';
import type { ClauseOf } from '../language/clauses.ts';
import { formatFen, shareOf } from '../money.ts';
import { bandOf, baseOf, type Context, countPoints, pointsOf, roundPoints, showBand, titlesOf } from './context.ts';
import type { Computed } from './outcome.ts';
import type { Reading } from './values.ts';
import { step } from './words.ts';

export function share({ of, percent }: ClauseOf<'share'>, context: Context): Computed {
  const { amount: base, step: baseStep } = baseOf(context, of);
  const fraction = percentOf(percent);
  const amount = shareOf(base, fraction);
  const shown = { base: formatFen(base), percent, amount: formatFen(amount) };
  return { base, fraction, amount, steps: [baseStep, step('pay_share', shown)] };
}

export function grade(clause: ClauseOf<'grade'>, context: Context): Computed {
  const { points, steps, readings } = pointsOf(context, clause.subject);
  const judged = roundPoints(points, clause.score_rounding);
  const isRounded = judged.num !== points.num || judged.den !== points.den;
  const { id, deduct_percent: percent, delay_months: delayMonths, ...band } = bandOf(clause.grades, judged);
  const { amount: base, step: baseStep } = baseOf(context, clause.of);
  const fraction = times(percentOf(percent), exact(-1n));
  const amount = shareOf(base, fraction);
  const shown = { base: formatFen(base), percent, amount: formatFen(-amount) };
  return {
    readings,
    base,
    fraction,
    amount,
    grade: id,
    delayMonths,
    decidedBy: points.den === 1n ? [] : ['score_rounding'],
    steps: [
      ...steps,
      ...(isRounded ? [step('score_rounded', { points: showExact(points), rounded: showExact(judged) })] : []),
      step('grade', { points: showExact(judged), grade: id, range: showBand(band) }),
      baseStep,
      step('deduct_share', shown),
      ...(delayMonths > 0 ? [step('delay', { months: delayMonths })] : []),
    ],
  };
}

export function perEvent(clause: ClauseOf<'per_event'>, context: Context): Computed {
  const reading = context.reading(clause.metric);
  const count = countOf(reading);
  const counted = count > BigInt(clause.free) ? count - BigInt(clause.free) : 0n;
  const each = BigInt(clause.fen_each);
  const amount = signOf(clause) * counted * each;
  const values = { count, free: clause.free, counted, each: formatFen(each), amount: formatFen(counted * each) };
  return { readings: [reading], amount, steps: [...reading.steps, step('events', values)] };
}

export function beyondCount(clause: ClauseOf<'beyond_count'>, context: Context): Computed {
  const reading = context.reading(clause.metric);
  const [count, from] = [countOf(reading), BigInt(clause.from)];
  const { amount: base, step: baseStep } = baseOf(context, clause.of);
  if (count < from) {
    const steps = [...reading.steps, step('count_below', { count, from })];
    return { state: 'not_applicable', notApplicable: 'count_below', readings: [reading], base, steps };
  }
  const often = clause.times === 'once' ? 1n : count - from + 1n;
  const fraction = times(percentOf(clause.percent), exact(signOf(clause) * often));
  const amount = shareOf(base, fraction);
  const shown = {
    base: formatFen(base),
    percent: clause.percent,
    times: often,
    amount: formatFen(signOf(clause) * amount),
  };
  return {
    readings: [reading],
    base,
    fraction,
    amount,
    decidedBy: count > from ? ['of', 'times'] : ['of'],
    steps: [
      ...reading.steps,
      step('count_reached', { count, from, times: often }),
      baseStep,
      step(clause.effect === 'pay' ? 'pay_times' : 'deduct_times', shown),
    ],
  };
}

export function perPoint(clause: ClauseOf<'per_point'>, context: Context): Computed {
  const { points, steps, readings } = pointsOf(context, clause.subject);
  const short = minus(parseDecimal(clause.below), points);
  if (short.num <= 0n) {
    const enough = step('points_enough', { points: showExact(points), below: clause.below });
    return { state: 'not_applicable', notApplicable: 'points_enough', readings, steps: [...steps, enough] };
  }
  const counted = countPoints(short, clause.counting);
  const size = roundHalfUp(times(counted, exact(BigInt(clause.fen_per_point))));
  const values = {
    below: clause.below,
    short: showExact(short),
    counted: showExact(counted),
    each: formatFen(clause.fen_per_point),
    amount: formatFen(size),
  };
  const decidedBy = short.den === 1n ? [] : ['counting'];
  return { readings, amount: -size, decidedBy, steps: [...steps, step('points_short', values)] };
}

export function cap(clause: ClauseOf<'cap'>, context: Context): Computed {
  const net = clause.clauses.reduce((all, id) => all + context.outcome(id).amount, 0n);
  const deducted = net < 0n ? -net : 0n;
  const { amount: base, step: baseStep } = baseOf(context, clause.of);
  const fraction: Exact = percentOf(clause.percent);
  const limit = shareOf(base, fraction);
  const names = titlesOf(context.contract, clause.clauses);
  const shown = { base: formatFen(base), percent: clause.percent, limit: formatFen(limit) };
  const steps = [baseStep, step('cap_limit', shown)];
  if (deducted <= limit) {
    const under = step('cap_under', { names, deducted: formatFen(deducted) });
    return { state: 'not_applicable', notApplicable: 'within_cap', base, fraction, steps: [...steps, under] };
  }
  const amount = deducted - limit;
  const over = step('cap_over', { names, deducted: formatFen(deducted), amount: formatFen(amount) });
  return { base, fraction, amount, steps: [...steps, over] };
}

function countOf(reading: Reading): bigint {
  if (reading.measure !== 'count') throw new RangeError(`${reading.metric.id} is no count`);
  return reading.count;
}

const signOf = ({ effect }: { readonly effect: 'pay' | 'deduct' }): bigint => (effect === 'pay' ? 1n : -1n);
