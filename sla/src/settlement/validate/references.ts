import type { Clause } from '../language/clauses.ts';
import type { Contract } from '../language/contract.ts';
import { type Measure, type Metric, measureOf } from '../language/metrics.ts';
import { clauseById, clausesUsedBy, metricById, metricsUsedBy, priceUsedBy, type Reference } from '../references.ts';
import { type Flaw, type FlawCode, flaw } from './flaw.ts';

/** Ids that occur twice in a list, and where the second stands. */
export function duplicates(list: readonly { readonly id: string }[], path: string): Flaw[] {
  const seen = new Set<string>();
  return list.flatMap(({ id }, i) => {
    const isSeen = seen.has(id);
    seen.add(id);
    return isSeen ? [flaw(`${path}/${i}/id`, 'duplicate_id', `${id} is taken`)] : [];
  });
}

/** Names that name nothing, or nothing that fits. */
export function referenceFlaws(contract: Contract): Flaw[] {
  const prices = new Set(contract.prices.map(({ id }) => id));
  const clauses = new Set(contract.clauses.map(({ id }) => id));
  return contract.clauses.flatMap((clause, i) => {
    const unknown = (references: Reference[], known: ReadonlySet<string>, code: FlawCode): Flaw[] =>
      references
        .filter(({ id }) => !known.has(id))
        .map(({ id, path }) => flaw(`/clauses/${i}${path}`, code, `there is no ${code.slice(8)} ${id}`));
    return [
      ...unknown(priceUsedBy(clause), prices, 'unknown_price'),
      ...unknown(clausesUsedBy(clause), clauses, 'unknown_clause'),
      ...metricsUsedBy(clause).flatMap((reference, nth) => metricFlaws(contract, clause, reference, nth, i)),
      ...pointFlaws(contract, clause, i),
    ];
  });
}

function metricFlaws(contract: Contract, clause: Clause, { id, path }: Reference, nth: number, i: number): Flaw[] {
  const at = `/clauses/${i}${path}`;
  const metric = metricById(contract, id);
  if (metric === undefined) return [flaw(at, 'unknown_metric', `there is no metric ${id}`)];
  const wanted = measuresWanted(contract, clause, nth);
  const measure = measureOf(metric);
  return wanted.includes(measure)
    ? []
    : [flaw(at, 'wrong_measure', `${id} is a ${measure}; what stands here must be a ${wanted.join(' or a ')}`)];
}

/** What kinds of value the nth metric of a clause may have. */
function measuresWanted(contract: Contract, clause: Clause, nth: number): readonly Measure[] {
  switch (clause.form) {
    case 'tiers': {
      const first = metricById(contract, clause.metrics[0] ?? '');
      const fits: Measure[] = ['rate', 'count', 'rating'];
      const own = first === undefined ? undefined : measureOf(first);
      return nth > 0 && own !== undefined && fits.includes(own) ? [own] : fits;
    }
    case 'scorecard':
      switch (clause.items[nth]?.kind) {
        case 'shortfall':
          return ['rate'];
        case 'per_event':
          return ['count'];
        case 'choice':
          return ['choice'];
        default:
          return ['rate', 'count', 'rating', 'list'];
      }
    case 'per_event':
    case 'beyond_count':
      return ['count'];
    case 'termination':
      return ['rating', 'list'];
    default:
      return ['rating'];
  }
}

/** A subject that is a clause has to be one with points. */
function pointFlaws(contract: Contract, clause: Clause, i: number): Flaw[] {
  if (!('subject' in clause) || !('clause' in clause.subject)) return [];
  const subject = clauseById(contract, clause.subject.clause);
  return subject === undefined || subject.form === 'scorecard'
    ? []
    : [flaw(`/clauses/${i}/subject/clause`, 'no_points', `${subject.id} is no scorecard and has no points`)];
}

/** Clauses that need each other's results, each cycle once, told at its first clause. */
export function cycleFlaws(contract: Contract): Flaw[] {
  const done = new Set<string>();
  const flaws: Flaw[] = [];
  const visit = (clause: Clause, trail: readonly string[]): void => {
    if (done.has(clause.id)) return;
    for (const { id, path } of clausesUsedBy(clause)) {
      const way = [...trail, clause.id];
      if (way.includes(id)) {
        const cycle = [...way.slice(way.indexOf(id)), id].join(' -> ');
        const at = `/clauses/${contract.clauses.indexOf(clause)}${path}`;
        flaws.push(flaw(at, 'reference_cycle', `${cycle}: each needs the other's result`));
        continue;
      }
      const next = clauseById(contract, id);
      if (next !== undefined) visit(next, way);
    }
    done.add(clause.id);
  };
  for (const clause of contract.clauses) visit(clause, []);
  return flaws;
}

/** Whether every clause belongs to a payment, and each payment holds what its clauses need. */
export function scheduleFlaws({ schedule, clauses }: Contract): Flaw[] {
  const known = new Map(clauses.map((clause) => [clause.id, clause]));
  const used = new Set(schedule.flatMap((instalment) => instalment.clauses));
  const unused = clauses.flatMap(({ id }, i) =>
    used.has(id) ? [] : [flaw(`/clauses/${i}/id`, 'unused_clause', `no instalment lists ${id}`)],
  );
  const listed = schedule.flatMap((instalment, i) =>
    instalment.clauses.flatMap((id, j) => {
      const at = `/schedule/${i}/clauses/${j}`;
      const clause = known.get(id);
      if (clause === undefined) return [flaw(at, 'unknown_clause', `there is no clause ${id}`)];
      if (instalment.clauses.indexOf(id) < j) return [flaw(at, 'duplicate_id', `${id} is listed twice`)];
      return clausesUsedBy(clause)
        .filter((needed) => known.has(needed.id) && !instalment.clauses.includes(needed.id))
        .map((needed) => flaw(at, 'outside_instalment', `${id} needs ${needed.id}, which is not in this instalment`));
    }),
  );
  return [...unused, ...listed];
}

/** Metrics about duties that don't exist or are of another kind. */
export function dutyFlaws({ metrics, duties }: Contract): Flaw[] {
  const kindOf = new Map(duties.map(({ id, kind }) => [id, kind]));
  const wanted: Partial<Record<Metric['kind'], string>> = {
    repair_timeliness: 'repair',
    inspection_rate: 'inspection',
    late_documents: 'document',
  };
  return metrics.flatMap((metric, i) =>
    !('duties' in metric)
      ? []
      : metric.duties.flatMap((id, j) =>
          kindOf.get(id) === wanted[metric.kind]
            ? []
            : [flaw(`/metrics/${i}/duties/${j}`, 'unknown_duty', `there is no ${wanted[metric.kind]} duty ${id}`)],
        ),
  );
}
