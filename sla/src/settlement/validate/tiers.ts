import { compareFractions } from '../../rates.ts';
import { type Exact, parseDecimal } from '../exact.ts';
import type { ClauseOf } from '../language/clauses.ts';
import type { Band } from '../language/parts.ts';
import { type Flaw, flaw } from './flaw.ts';

/** What values can be: percent for rates. Null: without bound. */
export interface Domain {
  readonly from: string | null;
  readonly to: string | null;
}

interface Placed {
  readonly path: string;
  readonly from: Exact | null;
  readonly to: Exact | null;
}

/** Whether bands part the domain: none empty, no gap, no overlap. In any order. */
export function bandFlaws(bands: readonly Band[], { from, to }: Domain, path: string): Flaw[] {
  const placed = bands.map(({ at_least, below }, i): Placed => {
    return { path: `${path}/${i}`, from: read(at_least), to: read(below) };
  });
  const empty = placed.filter(
    (band) => band.from !== null && band.to !== null && compareFractions(band.from, band.to) >= 0,
  );
  if (empty.length > 0) return empty.map((band) => flaw(band.path, 'tier_empty', 'at_least must lie under below'));
  const sorted = placed.toSorted((a, b) => order(a.from, b.from));
  const [first, last] = [sorted[0], sorted.at(-1)];
  const flaws: Flaw[] = [];
  if (first?.from && (from === null || compareFractions(first.from, parseDecimal(from)) > 0)) {
    flaws.push(flaw(`${first.path}/at_least`, 'tier_gap', `nothing is said of values from ${from ?? 'the bottom'} on`));
  }
  sorted.forEach((band, i) => {
    const next = sorted[i + 1];
    if (next !== undefined) flaws.push(...seam(band, next, bands[placed.indexOf(band)], bands[placed.indexOf(next)]));
  });
  if (last?.to && (to === null || compareFractions(last.to, parseDecimal(to)) <= 0)) {
    flaws.push(flaw(`${last.path}/below`, 'tier_gap', `nothing is said of values up to ${to ?? 'the top'}`));
  }
  return flaws;
}

function seam(lower: Placed, upper: Placed, low: Band | undefined, high: Band | undefined): Flaw[] {
  const at = `${upper.path}/at_least`;
  const order = lower.to === null || upper.from === null ? 1 : compareFractions(lower.to, upper.from);
  if (order > 0) return [flaw(at, 'tier_overlap', `begins at ${high?.at_least ?? 'the bottom'} inside ${lower.path}`)];
  if (order < 0) return [flaw(at, 'tier_gap', `nothing is said of values from ${low?.below} to ${high?.at_least}`)];
  return [];
}

const read = (bound: string | null): Exact | null => (bound === null ? null : parseDecimal(bound));
const order = (a: Exact | null, b: Exact | null): number =>
  a === null || b === null ? Number(a !== null) - Number(b !== null) : compareFractions(a, b);

/**
 * Whether a better value never costs: the amounts of bands sorted by their values only rise, or only fall. `rises` says which.
 */
export function monotoneFlaws(
  bands: readonly Band[],
  amounts: readonly string[],
  rises: boolean,
  path: string,
): Flaw[] {
  const sorted = bands
    .map((band, i) => ({ from: read(band.at_least), amount: parseDecimal(amounts[i] ?? '0'), path: `${path}/${i}` }))
    .toSorted((a, b) => order(a.from, b.from));
  return sorted.flatMap((band, i) => {
    const next = sorted[i + 1];
    if (next === undefined) return [];
    const step = compareFractions(next.amount, band.amount);
    return step === 0 || step > 0 === rises
      ? []
      : [
          flaw(
            next.path,
            'tiers_not_monotone',
            `a better value would be worth less than a worse one (see ${band.path})`,
          ),
        ];
  });
}

/** Whether every mixed case is listed, once, and a better tier of one metric never costs. */
export function combinationFlaws(clause: ClauseOf<'tiers'>, isBetterHigher: boolean, path: string): Flaw[] {
  const { combinations = [], tiers, metrics } = clause;
  if (clause.mixed !== 'listed') {
    return clause.combinations === undefined
      ? []
      : [flaw(`${path}/combinations`, 'combinations_not_wanted', `mixed is ${clause.mixed}, so none are used`)];
  }
  const flaws: Flaw[] = [];
  const known = new Set(tiers.map(({ id }) => id));
  const percentOf = new Map<string, string>(tiers.map(({ id, percent }) => [metrics.map(() => id).join(), percent]));
  combinations.forEach((combination, i) => {
    const at = `${path}/combinations/${i}`;
    const strange = combination.tiers.find((id) => !known.has(id));
    if (strange !== undefined) flaws.push(flaw(`${at}/tiers`, 'unknown_tier', `there is no tier ${strange}`));
    else if (combination.tiers.length !== metrics.length) {
      flaws.push(flaw(`${at}/tiers`, 'out_of_range', `needs a tier for each of ${metrics.length} metrics`));
    } else if (percentOf.has(combination.tiers.join())) {
      flaws.push(flaw(at, 'combination_repeated', 'is settled already'));
    } else percentOf.set(combination.tiers.join(), combination.percent);
  });
  if (flaws.length > 0) return flaws;
  const byValue = tiers.toSorted((a, b) => order(read(a.at_least), read(b.at_least))).map(({ id }) => id);
  const better = isBetterHigher ? byValue : byValue.toReversed();
  return tuples(better, metrics.length).flatMap((tuple) => combinationFlaw(tuple, better, percentOf, clause, path));
}

function combinationFlaw(
  tuple: readonly string[],
  better: readonly string[],
  percentOf: ReadonlyMap<string, string>,
  { effect }: ClauseOf<'tiers'>,
  path: string,
): Flaw[] {
  const percent = percentOf.get(tuple.join());
  if (percent === undefined) {
    return [flaw(`${path}/combinations`, 'combination_missing', `nothing is said of ${tuple.join(' with ')}`)];
  }
  for (const [i, id] of tuple.entries()) {
    const next = better[better.indexOf(id) + 1];
    const raised = next === undefined ? undefined : percentOf.get(tuple.with(i, next).join());
    if (raised === undefined) continue;
    const step = compareFractions(parseDecimal(raised), parseDecimal(percent));
    if (effect === 'pay' ? step < 0 : step > 0) {
      const reason = `${tuple.with(i, next ?? id).join(' with ')} would be worth less than ${tuple.join(' with ')}`;
      return [flaw(`${path}/combinations`, 'tiers_not_monotone', reason)];
    }
  }
  return [];
}

function tuples(ids: readonly string[], length: number): string[][] {
  if (length === 0) return [[]];
  return tuples(ids, length - 1).flatMap((rest) => ids.map((id) => [...rest, id]));
}
