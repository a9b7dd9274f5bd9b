import type { Contract, EvaluationInput, MetricValue, Quantity, Statement } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { recurrenceCount } from '../../repair/figures.ts';
import { digestOf } from '../canonical.ts';
import { gatherAvailability } from './availability.ts';
import { readEvidence } from './evidence.ts';
import { judgeMetric, termsIn } from './judge.ts';
import { metricsNeeded } from './needed.ts';
import type { Evidence, FoundValue, GatherAsked } from './types.ts';

/** Days within which a fault of the same place and cause is the same again. */
const RECURRENCE_DAYS = 30;

export interface Gathered {
  readonly found: readonly FoundValue[];
  readonly evidence: Evidence;
  readonly history: NonNullable<EvaluationInput['history']>;
}

/** Finds the value of every metric that an instalment needs, with what it rests on. */
export async function gather(asked: GatherAsked): Promise<Gathered> {
  const { db, contract, document, instalment, period } = asked;
  const metrics = metricsNeeded(document, instalment);
  const evidence = await readEvidence(asked, metrics);
  const terms = termsIn(evidence);
  const figures = await gatherAvailability(
    asked,
    metrics.flatMap((metric) => (metric.kind === 'availability' ? [metric] : [])),
  );
  const found: FoundValue[] = [];
  for (const metric of metrics) {
    const figure = figures.find((each) => each.metric === metric.id);
    if (figure !== undefined) found.push(figure);
    else if (metric.kind === 'count' && metric.taken_from === 'recurring_faults') {
      const count = await recurrenceCount(db, { contractId: contract.id, period, withinDays: RECURRENCE_DAYS });
      const detail = { recurring: count, within_days: RECURRENCE_DAYS };
      found.push({ metric: metric.id, source: 'repair', value: { count }, sha256: digestOf(detail), detail });
    } else {
      const judged = judgeMetric(metric, document, evidence, period, terms);
      if (judged === null) continue;
      const { rests, ...value } = judged;
      found.push({ metric: metric.id, ...value, sha256: rests === null ? null : digestOf(rests) });
    }
  }
  return { found, evidence, history: await historyOf(db, contract.id, document, instalment, period.fromDay) };
}

export function valuesOf(found: readonly FoundValue[]): Record<string, MetricValue> {
  return Object.fromEntries(found.map(({ metric, value }) => [metric, value]));
}

/** What clauses of consecutive periods look back at: points of the statements before, oldest first. */
async function historyOf(
  db: Queryable,
  contractId: number,
  document: Contract,
  instalment: string,
  beforeDay: string,
): Promise<Record<string, Quantity[]>> {
  const subjects = document.clauses.flatMap((clause) => (clause.form === 'termination' ? [clause.subject] : []));
  if (subjects.length === 0) return {};
  const { rows } = await db.query<{ content: string }>(
    `select f.content from statement s join statement_freeze f on f.id = s.freeze_id
     where s.contract_id = $1 and s.instalment = $2 and s.to_day <= $3::date order by s.from_day desc limit 12`,
    [contractId, instalment, beforeDay],
  );
  const earlier = rows.map(({ content }) => (JSON.parse(content) as { statement: Statement }).statement).reverse();
  return Object.fromEntries(
    subjects.map((subject) => {
      const id = 'metric' in subject ? subject.metric : subject.clause;
      return [id, earlier.flatMap((statement) => pointsIn(statement, subject))];
    }),
  );
}

function pointsIn(
  { lines }: Statement,
  subject: { readonly metric: string } | { readonly clause: string },
): Quantity[] {
  if ('clause' in subject) {
    const points = lines.find(({ clause }) => clause === subject.clause)?.points;
    return points == null ? [] : [points];
  }
  const input = lines.flatMap(({ inputs }) => inputs).find(({ metric }) => metric === subject.metric)?.value;
  if (input === undefined) return [];
  if ('points' in input) return [input.points];
  return 'list' in input ? [...input.list] : [];
}
