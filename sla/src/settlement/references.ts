import type { Clause } from './language/clauses.ts';
import type { Contract } from './language/contract.ts';
import type { Metric } from './language/metrics.ts';
import type { Of, Subject } from './language/parts.ts';

/** A name used in a clause, and where: a JSON pointer relative to the clause. */
export interface Reference {
  readonly id: string;
  readonly path: string;
}

const inOf = (of: Of): Reference[] =>
  'clauses' in of ? of.clauses.map((id, i) => ({ id, path: `/of/clauses/${i}` })) : [];
const clauseOf = (subject: Subject): Reference[] =>
  'clause' in subject ? [{ id: subject.clause, path: '/subject/clause' }] : [];
const metricOf = (subject: Subject): Reference[] =>
  'metric' in subject ? [{ id: subject.metric, path: '/subject/metric' }] : [];

/** The clauses whose results the clause needs. */
export function clausesUsedBy(clause: Clause): Reference[] {
  switch (clause.form) {
    case 'share':
    case 'tiers':
    case 'beyond_count':
      return inOf(clause.of);
    case 'grade':
      return [...clauseOf(clause.subject), ...inOf(clause.of)];
    case 'per_point':
    case 'termination':
      return clauseOf(clause.subject);
    case 'cap':
      return [...clause.clauses.map((id, i) => ({ id, path: `/clauses/${i}` })), ...inOf(clause.of)];
    case 'scorecard':
    case 'per_event':
      return [];
  }
}

/** The metrics that the clause reads itself. */
export function metricsUsedBy(clause: Clause): Reference[] {
  switch (clause.form) {
    case 'tiers':
      return clause.metrics.map((id, i) => ({ id, path: `/metrics/${i}` }));
    case 'scorecard':
      return clause.items.map(({ metric }, i) => ({ id: metric, path: `/items/${i}/metric` }));
    case 'per_event':
    case 'beyond_count':
      return [{ id: clause.metric, path: '/metric' }];
    case 'grade':
    case 'per_point':
    case 'termination':
      return metricOf(clause.subject);
    case 'share':
    case 'cap':
      return [];
  }
}

/** The price of which the clause takes a percentage. */
export function priceUsedBy(clause: Clause): Reference[] {
  return 'of' in clause && 'price' in clause.of ? [{ id: clause.of.price, path: '/of/price' }] : [];
}

export function metricById({ metrics }: Pick<Contract, 'metrics'>, id: string): Metric | undefined {
  return metrics.find((metric) => metric.id === id);
}

export function clauseById({ clauses }: Pick<Contract, 'clauses'>, id: string): Clause | undefined {
  return clauses.find((clause) => clause.id === id);
}
