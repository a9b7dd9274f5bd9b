import { compareFractions } from '../../rates.ts';
import { type Exact, parseDecimal } from '../exact.ts';
import type { ClauseOf } from '../language/clauses.ts';
import { type Context, pointsOf } from './context.ts';
import type { Computed } from './outcome.ts';
import { step } from './words.ts';

/** Looks at the newest run of values: those before the period, then those of the period. */
export function termination(clause: ClauseOf<'termination'>, context: Context): Computed {
  const { values, steps, readings } = seriesOf(clause, context);
  const runs = clause.conditions.map(({ below, consecutive }) => {
    const running = longestRun(values.all, values.before, parseDecimal(below));
    return { isMet: running >= consecutive, told: step('running', { running, below, consecutive }) };
  });
  const mayEnd = runs.some(({ isMet }) => isMet);
  const end = mayEnd ? [step('may_end', {})] : [];
  return { readings, mayEnd, steps: [...steps, ...runs.map(({ told }) => told), ...end] };
}

function seriesOf({ subject }: ClauseOf<'termination'>, context: Context) {
  const before = context.history('metric' in subject ? subject.metric : subject.clause);
  const found = 'metric' in subject ? context.reading(subject.metric) : null;
  if (found?.measure === 'list') {
    const values = { all: [...before, ...found.list], before: before.length };
    return { values, steps: found.steps, readings: [found] };
  }
  const { points, steps, readings } = pointsOf(context, subject);
  return { values: { all: [...before, points], before: before.length }, steps, readings };
}

/** The longest run below the bound that reaches into this period; earlier ones were told then. */
function longestRun(values: readonly Exact[], before: number, bound: Exact): number {
  let [longest, running] = [0, 0];
  values.forEach((value, i) => {
    running = compareFractions(value, bound) < 0 ? running + 1 : 0;
    if (i >= before) longest = Math.max(longest, running);
  });
  return longest;
}
