import type { Clause } from '../language/clauses.ts';
import { clausesUsedBy, metricsUsedBy } from '../references.ts';
import { beyondCount, cap, grade, perEvent, perPoint, share } from './amounts.ts';
import type { Context } from './context.ts';
import type { Computed, Outcome } from './outcome.ts';
import { scorecard } from './scorecard.ts';
import { termination } from './termination.ts';
import { tiers } from './tiers.ts';
import { isLack, type Lack, type Reading } from './values.ts';

/** Where values come from; a lack says why there is none. */
export interface Sources {
  readonly read: (metric: string) => Reading | Lack;
  readonly outcome: (clause: string) => Outcome;
}

/** What the clause comes to. If a value that it needs is not there it comes to nothing and says which; nothing is guessed. */
export function outcomeOf(clause: Clause, sources: Sources, context: Context): Outcome {
  const read = [...new Set(metricsUsedBy(clause).map(({ id }) => id))].map(sources.read);
  const lacks: Lack[] = read.filter(isLack);
  for (const { id } of clausesUsedBy(clause)) {
    if (sources.outcome(id).state === 'missing') lacks.push({ code: 'depends_on', of: id, detail: '' });
  }
  const none = { lacks, readings: [], steps: [], amount: 0n, decidedBy: [] };
  if (lacks.length === 0) return { ...none, state: 'applied', ...compute(clause, context) };
  const readings = read.filter((one): one is Reading => !isLack(one));
  return { ...none, state: 'missing', readings, steps: readings.flatMap(({ steps }) => steps) };
}

function compute(clause: Clause, context: Context): Computed {
  switch (clause.form) {
    case 'share':
      return share(clause, context);
    case 'tiers':
      return tiers(clause, context);
    case 'scorecard':
      return scorecard(clause, context);
    case 'grade':
      return grade(clause, context);
    case 'per_event':
      return perEvent(clause, context);
    case 'beyond_count':
      return beyondCount(clause, context);
    case 'per_point':
      return perPoint(clause, context);
    case 'cap':
      return cap(clause, context);
    case 'termination':
      return termination(clause, context);
  }
}
