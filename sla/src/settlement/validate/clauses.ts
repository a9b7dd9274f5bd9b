import { compareFractions } from '../../rates.ts';
import { parseDecimal } from '../exact.ts';
import type { Clause, ClauseOf, Item } from '../language/clauses.ts';
import type { Contract } from '../language/contract.ts';
import { type Metric, measureOf } from '../language/metrics.ts';
import type { Interpretation } from '../language/parts.ts';
import { clauseById, metricById } from '../references.ts';
import { isSameJson } from '../same.ts';
import { type Flaw, flaw } from './flaw.ts';
import { bandFlaws, combinationFlaws, type Domain, monotoneFlaws } from './tiers.ts';

/** What is wrong inside the clauses, each by its form. References are known to be good. */
export function clauseFlaws(contract: Contract): Flaw[] {
  return [
    ...contract.clauses.flatMap((clause, i) => formFlaws(contract, clause, `/clauses/${i}`)),
    ...contract.clauses.flatMap((clause, i) => readingFlaws(clause, `/clauses/${i}`)),
    ...contract.metrics.flatMap((metric, i) => readingFlaws(metric, `/metrics/${i}`)),
  ];
}

function formFlaws(contract: Contract, clause: Clause, path: string): Flaw[] {
  switch (clause.form) {
    case 'tiers':
      return tiersFlaws(contract, clause, path);
    case 'grade': {
      const pays = clause.grades.map(({ deduct_percent }) => deduct_percent);
      return [
        ...bandFlaws(clause.grades, domainOfSubject(contract, clause.subject), `${path}/grades`),
        ...monotoneFlaws(clause.grades, pays, false, `${path}/grades`),
      ];
    }
    case 'scorecard':
      return scorecardFlaws(contract, clause, path);
    default:
      return [];
  }
}

function tiersFlaws(contract: Contract, clause: ClauseOf<'tiers'>, path: string): Flaw[] {
  const metric = metricById(contract, clause.metrics[0] ?? '');
  if (metric === undefined) return [];
  const isBetterHigher = measureOf(metric) !== 'count';
  const percents = clause.tiers.map(({ percent }) => percent);
  const bands = bandFlaws(clause.tiers, domainOf(metric), `${path}/tiers`);
  if (bands.length > 0) return bands;
  const rises = isBetterHigher === (clause.effect === 'pay');
  const falling = monotoneFlaws(clause.tiers, percents, rises, `${path}/tiers`);
  return falling.length > 0 ? falling : combinationFlaws(clause, isBetterHigher, path);
}

function scorecardFlaws(contract: Contract, { items, floor, ceiling }: ClauseOf<'scorecard'>, path: string): Flaw[] {
  const flaws = items.flatMap((item, i) => itemFlaws(contract, item, `${path}/items/${i}`));
  if (floor !== null && ceiling !== null && compareFractions(parseDecimal(floor), parseDecimal(ceiling)) > 0) {
    flaws.push(flaw(`${path}/floor`, 'floor_above_ceiling', `${floor} is above ${ceiling}`));
  }
  return flaws;
}

function itemFlaws(contract: Contract, item: Item, path: string): Flaw[] {
  const metric = metricById(contract, item.metric);
  if (metric === undefined) return [];
  if (item.kind === 'bands') return bandFlaws(item.bands, domainOf(metric), `${path}/bands`);
  if (item.kind !== 'choice' || metric.kind !== 'choice') return [];
  const options = new Set(metric.options.map(({ id }) => id));
  return [
    ...[...options]
      .filter((id) => !Object.hasOwn(item.points, id))
      .map((id) => flaw(`${path}/points/${id}`, 'option_missing', `${metric.id} can be ${id}`)),
    ...Object.keys(item.points)
      .filter((id) => !options.has(id))
      .map((id) => flaw(`${path}/points/${id}`, 'unknown_option', `${metric.id} can't be ${id}`)),
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
export function percentFlaws(value: unknown, path = ''): Flaw[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}/${key}`;
    const isNamedSo = key === 'percent' || key === 'deduct_percent' || key === 'target';
    if (!isNamedSo || typeof inner !== 'string' || !/^\d{1,9}(\.\d{1,6})?$/.test(inner)) return percentFlaws(inner, at);
    return compareFractions(parseDecimal(inner), { num: 100, den: 1 }) > 0
      ? [flaw(at, 'percent_over_100', `${inner} % is more than all of it`)]
      : [];
  });
}

/** Whether the reading in force is one of those that an interpretation offers. */
function readingFlaws(holder: Clause | Metric, path: string): Flaw[] {
  return (holder.interpretations ?? []).flatMap(({ field, options }: Interpretation, i) => {
    const at = `${path}/interpretations/${i}`;
    if (field === undefined) {
      return options === undefined ? [] : [flaw(`${at}/options`, 'unknown_reading', 'options need a field')];
    }
    if (!Object.hasOwn(holder, field)) return [flaw(`${at}/field`, 'unknown_reading', `there is no ${field} here`)];
    const chosen: unknown = holder[field as keyof typeof holder];
    return options === undefined || options.some(({ value }) => isSameJson(value, chosen))
      ? []
      : [flaw(`${at}/options`, 'unknown_reading', `${JSON.stringify(chosen)}, as in force, is not among them`)];
  });
}
