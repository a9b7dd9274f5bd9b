import { type Exact, exact, least, minus, most, parseDecimal, plus, showExact, sum, times, ZERO } from '../exact.ts';
import type { ClauseOf, Item } from '../language/clauses.ts';
import { bandOf, type Context, countPoints, showBand } from './context.ts';
import type { Computed } from './outcome.ts';
import { boundable } from './tiers.ts';
import type { Reading } from './values.ts';
import { type Step, step } from './words.ts';

interface Scored {
  readonly points: Exact;
  readonly steps: readonly Step[];
  /** Whether whole points and pro rata differ here. */
  readonly isCountingDecisive: boolean;
}

type Counting = ClauseOf<'scorecard'>['counting'];

export function scorecard(clause: ClauseOf<'scorecard'>, { reading }: Context): Computed {
  const start = parseDecimal(clause.start);
  const readings = clause.items.map(({ metric }) => reading(metric));
  const scored = clause.items.map((item, i) => score(item, at(readings, i), clause.counting));
  const total = plus(start, sum(scored.map(({ points }) => points)));
  const { points, steps } = bounded(clause, total);
  return {
    readings: [...new Set(readings)],
    points,
    items: clause.items.map(({ id }, i) => ({ id, points: scored[i]?.points ?? ZERO })),
    decidedBy: scored.some(({ isCountingDecisive }) => isCountingDecisive) ? ['counting'] : [],
    steps: [
      ...(start.num === 0n ? [] : [step('card_start', { points: clause.start })]),
      ...scored.flatMap(({ steps }, i) => [...at(readings, i).steps, ...steps]),
      step('card_sum', { points: showExact(total) }),
      ...steps,
    ],
  };
}

function at(readings: readonly Reading[], i: number): Reading {
  const reading = readings[i];
  if (reading === undefined) throw new RangeError(`no reading ${i}`);
  return reading;
}

function bounded({ floor, ceiling }: ClauseOf<'scorecard'>, total: Exact): { points: Exact; steps: Step[] } {
  const raised = floor === null ? total : most(total, parseDecimal(floor));
  const points = ceiling === null ? raised : least(raised, parseDecimal(ceiling));
  const steps: Step[] = [];
  if (raised !== total) steps.push(step('card_floor', { points: showExact(raised) }));
  if (points !== raised) steps.push(step('card_ceiling', { points: showExact(points) }));
  return { points, steps };
}

function score(item: Item, reading: Reading, counting: Counting): Scored {
  switch (item.kind) {
    case 'shortfall':
      return shortfall(item, reading, counting);
    case 'per_event':
      return perEvent(item, reading);
    case 'bands':
      return bands(item, reading);
    case 'choice':
      return choice(item, reading);
  }
}

function shortfall(item: Extract<Item, { kind: 'shortfall' }>, reading: Reading, counting: Counting): Scored {
  const rate = boundable(reading);
  const shown = { item: item.title, target: item.target, worth: item.worth };
  const short = minus(parseDecimal(item.target), rate);
  const worth = parseDecimal(item.worth);
  if (short.num <= 0n) {
    const steps = [step('shortfall_none', { ...shown, shown: showExact(rate), points: item.worth })];
    return { points: worth, steps, isCountingDecisive: false };
  }
  const counted = countPoints(short, counting);
  const points = minus(worth, times(counted, parseDecimal(item.per_point)));
  const values = {
    ...shown,
    short: showExact(short),
    counted: showExact(counted),
    each: item.per_point,
    points: showExact(points),
  };
  const told = step(counting === 'whole' ? 'shortfall_whole' : 'shortfall_pro_rata', values);
  return withLeast(item, points, [told], short.den !== 1n);
}

function perEvent(item: Extract<Item, { kind: 'per_event' }>, reading: Reading): Scored {
  if (reading.measure !== 'count') throw new RangeError(`${item.metric} is no count`);
  const { count } = reading;
  const points = plus(parseDecimal(item.worth), times(exact(count), parseDecimal(item.points_each)));
  const values = { item: item.title, worth: item.worth, count, each: item.points_each, points: showExact(points) };
  return withLeast(item, points, [step('item_events', values)], false);
}

function withLeast(
  { title, least: lowest }: { readonly title: Item['title']; readonly least?: string },
  points: Exact,
  steps: readonly Step[],
  isCountingDecisive: boolean,
): Scored {
  const raised = lowest === undefined ? points : most(points, parseDecimal(lowest));
  if (raised === points || lowest === undefined) return { points, steps, isCountingDecisive };
  return { points: raised, steps: [...steps, step('item_least', { item: title, least: lowest })], isCountingDecisive };
}

function bands(item: Extract<Item, { kind: 'bands' }>, reading: Reading): Scored {
  const values = reading.measure === 'list' ? reading.list : [boundable(reading)];
  const unit = reading.measure === 'rate' ? ' %' : '';
  const found = values.map((value) => ({ value, band: bandOf(item.bands, value) }));
  return {
    points: sum(found.map(({ band }) => parseDecimal(band.points))),
    steps: found.map(({ value, band }) =>
      step('item_band', {
        item: item.title,
        value: `${showExact(value)}${unit}`,
        range: showBand(band, unit),
        points: band.points,
      }),
    ),
    isCountingDecisive: false,
  };
}

function choice(item: Extract<Item, { kind: 'choice' }>, reading: Reading): Scored {
  if (reading.measure !== 'choice') throw new RangeError(`${item.metric} is no choice`);
  const points = item.points[reading.choice];
  if (points === undefined) throw new RangeError(`${item.id} says nothing of ${reading.choice}`);
  const steps = [step('item_choice', { item: item.title, choice: reading.name, points })];
  return { points: parseDecimal(points), steps, isCountingDecisive: false };
}
