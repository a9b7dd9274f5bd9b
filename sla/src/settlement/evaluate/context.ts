import { addDays } from '../../calendar/days.ts';
import { compareFractions } from '../../rates.ts';
import { type Exact, exact, floor as floorOf, parseDecimal, roundHalfUp, showExact } from '../exact.ts';
import type { Contract } from '../language/contract.ts';
import type { Band, Of, Subject, Text } from '../language/parts.ts';
import { formatFen } from '../money.ts';
import { partOfPrice, partsOf } from '../parts.ts';
import { clauseById } from '../references.ts';
import type { Outcome } from './outcome.ts';
import type { Reading } from './values.ts';
import { joined, type Step, step } from './words.ts';

/** What a form may look at. All that it asks for is there: clauses that lack something are not computed. */
export interface Context {
  readonly contract: Contract;
  readonly subPeriod: string | null;
  readonly reading: (metric: string) => Reading;
  readonly outcome: (clause: string) => Outcome;
  /** Values of earlier periods of a metric or scorecard, oldest first. */
  readonly history: (id: string) => readonly Exact[];
}

export interface Base {
  readonly amount: bigint;
  readonly step: Step;
}

/** The amount of which a percentage is taken. */
export function baseOf({ contract, subPeriod, outcome }: Context, of: Of): Base {
  if ('price' in of) return priceOf(contract, subPeriod, of.price);
  const sum = of.clauses.reduce((all, id) => all + outcome(id).amount, 0n);
  const names = titlesOf(contract, of.clauses);
  if (sum < 0n) return { amount: 0n, step: step('clauses_none', { names, sum: formatFen(sum) }) };
  return { amount: sum, step: step('clauses_sum', { names, amount: formatFen(sum) }) };
}

function priceOf(contract: Contract, subPeriod: string | null, id: string): Base {
  const price = contract.prices.find((one) => one.id === id);
  if (price === undefined) throw new RangeError(`the contract has no price ${id}`);
  const whole = BigInt(price.amount_fen);
  if (subPeriod === null) return { amount: whole, step: step('price', { name: price.name, amount: formatFen(whole) }) };
  const amount = partOfPrice(contract, subPeriod, whole);
  const { num, den } = partsOf(contract).get(subPeriod) ?? exact(0n);
  const shown = { name: price.name, whole: formatFen(whole), num, den, amount: formatFen(amount) };
  return { amount, step: step('price_part', { ...shown, sub: subPeriod, days: daysOf(contract, subPeriod) }) };
}

/** Parts of the term have no names: their days are what people call them by. */
function daysOf({ sub_periods }: Contract, id: string): Text {
  const sub = sub_periods.find((one) => one.id === id);
  if (sub === undefined) throw new RangeError(`the contract has no sub-period ${id}`);
  const last = addDays(sub.to, -1);
  return { zh: `${sub.from} 至 ${last}`, en: `${sub.from} to ${last}` };
}

export function titlesOf(contract: Contract, ids: readonly string[]): Text {
  return joined(ids.flatMap((id) => clauseById(contract, id)?.title ?? []));
}

export interface Judged {
  readonly points: Exact;
  readonly steps: readonly Step[];
  readonly readings: readonly Reading[];
}

/** The points that a clause judges. */
export function pointsOf({ contract, reading, outcome }: Context, subject: Subject): Judged {
  if ('clause' in subject) {
    const { points } = outcome(subject.clause);
    if (points === undefined) throw new RangeError(`${subject.clause} has no points`);
    const name = titlesOf(contract, [subject.clause]);
    return { points, steps: [step('subject', { name, points: showExact(points) })], readings: [] };
  }
  const found = reading(subject.metric);
  if (found.measure !== 'rating') throw new RangeError(`${subject.metric} is no rating`);
  return { points: found.points, steps: found.steps, readings: [found] };
}

/** The band that the value lies in. Rates are of a hundred here. */
export function bandOf<B extends Band>(bands: readonly B[], value: Exact): B {
  const found = bands.find(
    ({ at_least, below }) =>
      (at_least === null || compareFractions(value, parseDecimal(at_least)) >= 0) &&
      (below === null || compareFractions(value, parseDecimal(below)) < 0),
  );
  if (found === undefined) throw new RangeError(`no band holds ${showExact(value)}`);
  return found;
}

export function showBand({ at_least, below }: Band, unit = ''): Text {
  const [from, to] = [at_least === null ? null : `≥ ${at_least}${unit}`, below === null ? null : `< ${below}${unit}`];
  const both = [from, to].filter((bound) => bound !== null);
  return both.length === 0 ? { zh: '不限', en: 'any' } : { zh: both.join('，'), en: both.join(', ') };
}

/** Points as they count: whole ones only, or with their fraction. */
export function countPoints(points: Exact, counting: 'whole' | 'pro_rata'): Exact {
  return counting === 'whole' ? exact(floorOf(points)) : points;
}

export function roundPoints(points: Exact, rounding: 'exact' | 'half_up' | 'down'): Exact {
  switch (rounding) {
    case 'exact':
      return points;
    case 'half_up':
      return exact(roundHalfUp(points));
    case 'down':
      return exact(floorOf(points));
  }
}
