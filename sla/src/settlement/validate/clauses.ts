import { compareFractions } from '../../rates.ts';
import { parseDecimal } from '../exact.ts';
import type { Clause, ClauseOf, Item } from '../language/clauses.ts';
import type { Contract } from '../language/contract.ts';
import { type Metric, measureOf } from '../language/metrics.ts';
import type { Interpretation } from '../language/parts.ts';
import { clauseById, metricById } from '../references.ts';
import { type Fault, fault } from './fault.ts';
import { bandFaults, combinationFaults, type Domain, monotoneFaults } from './tiers.ts';

/** What is wrong inside the clauses, each by its form. References are known to be good. */
export function clauseFaults(contract: Contract): Fault[] {
  return [
    ...contract.clauses.flatMap((clause, i) => formFaults(contract, clause, `/clauses/${i}`)),
    ...contract.clauses.flatMap((clause, i) => readingFaults(clause, `/clauses/${i}`)),
    ...contract.metrics.flatMap((metric, i) => readingFaults(metric, `/metrics/${i}`)),
  ];
}

function formFaults(contract: Contract, clause: Clause, path: string): Fault[] {
  switch (clause.form) {
    case 'tiers':
      return tiersFaults(contract, clause, path);
    case 'grade': {
      const pays = clause.grades.map(({ deduct_percent }) => deduct_percent);
      return [
        ...bandFaults(clause.grades, domainOfSubject(contract, clause.subject), `${path}/grades`),
        ...monotoneFaults(clause.grades, pays, false, `${path}/grades`),
      ];
    }
    case 'scorecard':
      return scorecardFaults(contract, clause, path);
    default:
      return [];
  }
}

function tiersFaults(contract: Contract, clause: ClauseOf<'tiers'>, path: string): Fault[] {
  const metric = metricById(contract, clause.metrics[0] ?? '');
  if (metric === undefined) return [];
  const isBetterHigher = measureOf(metric) !== 'count';
  const percents = clause.tiers.map(({ percent }) => percent);
  const bands = bandFaults(clause.tiers, domainOf(metric), `${path}/tiers`);
  if (bands.length > 0) return bands;
  const rises = isBetterHigher === (clause.effect === 'pay');
  const falling = monotoneFaults(clause.tiers, percents, rises, `${path}/tiers`);
  return falling.length > 0 ? falling : combinationFaults(clause, isBetterHigher, path);
}

function scorecardFaults(contract: Contract, { items, floor, ceiling }: ClauseOf<'scorecard'>, path: string): Fault[] {
  const faults = items.flatMap((item, i) => itemFaults(contract, item, `${path}/items/${i}`));
  if (floor !== null && ceiling !== null && compareFractions(parseDecimal(floor), parseDecimal(ceiling)) > 0) {
    faults.push(fault(`${path}/floor`, 'floor_above_ceiling', `${floor} is above ${ceiling}`));
  }
  return faults;
}

function itemFaults(contract: Contract, item: Item, path: string): Fault[] {
  const metric = metricById(contract, item.metric);
  if (metric === undefined) return [];
  if (item.kind === 'bands') return bandFaults(item.bands, domainOf(metric), `${path}/bands`);
  if (item.kind !== 'choice' || metric.kind !== 'choice') return [];
  const options = new Set(metric.options.map(({ id }) => id));
  return [
    ...[...options]
      .filter((id) => !Object.hasOwn(item.points, id))
      .map((id) => fault(`${path}/points/${id}`, 'option_missing', `${metric.id} can be ${id}`)),
    ...Object.keys(item.points)
      .filter((id) => !options.has(id))
      .map((id) => fault(`${path}/points/${id}`, 'unknown_option', `${metric.id} can't be ${id}`)),
  ];
}

function domainOf(metric: Metric): Domain {
  const measure = measureOf(metric);
  return { from: '0', to: measure === 'rate' || measure === 'rating' ? '100' : null };
}

function domainOfSubject(contract: Contract, subject: ClauseOf<'grade'>['subject']): Domain {
  if ('metric' in subject) return { from: '0', to: '100' };
  const card = clauseById(contract, subject.clause);
  return card?.form === 'scorecard' ? { from: card.floor, to: card.ceiling } : { from: null, to: null };
}

/** Every percentage anywhere in the contract is one. */
export function percentFaults(value: unknown, path = ''): Fault[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}/${key}`;
    const isPercent = typeof inner === 'string' && /^(percent|deduct_percent|target)$/.test(key);
    if (!isPercent) return percentFaults(inner, at);
    return compareFractions(parseDecimal(inner), { num: 100, den: 1 }) > 0
      ? [fault(at, 'percent_over_100', `${inner} % is more than all of it`)]
      : [];
  });
}

/** Whether the reading in force is one of those that an interpretation offers. */
function readingFaults(holder: Clause | Metric, path: string): Fault[] {
  return (holder.interpretations ?? []).flatMap(({ field, options }: Interpretation, i) => {
    const at = `${path}/interpretations/${i}`;
    if (field === undefined) {
      return options === undefined ? [] : [fault(`${at}/options`, 'unknown_reading', 'options need a field')];
    }
    if (!Object.hasOwn(holder, field)) return [fault(`${at}/field`, 'unknown_reading', `there is no ${field} here`)];
    const chosen = JSON.stringify(holder[field as keyof typeof holder]);
    return options === undefined || options.some(({ value }) => JSON.stringify(value) === chosen)
      ? []
      : [fault(`${at}/options`, 'unknown_reading', `${chosen}, as in force, is not among them`)];
  });
}
