import { addDays, dayBounds } from '../../calendar/days.ts';
import { parseCalendar } from '../../calendar/service.ts';
import { exact, plus, ZERO } from '../exact.ts';
import type { Contract } from '../language/contract.ts';
import { type Flaw, flaw } from './flaw.ts';

/** What is wrong with days, the time zone, the calendar and the sub-periods. */
export function termFlaws(contract: Contract): Flaw[] {
  const days = [
    ...dayFlaws(contract.term, '/term'),
    ...contract.sub_periods.flatMap((sub, i) => dayFlaws(sub, `/sub_periods/${i}`)),
  ];
  return [...days, ...zoneFlaws(contract), ...(days.length > 0 ? [] : subPeriodFlaws(contract))];
}

function dayFlaws({ from, to }: { readonly from: string; readonly to: string }, path: string): Flaw[] {
  const wrong = Object.entries({ from, to }).filter(([, day]) => !isDay(day));
  if (wrong.length > 0) return wrong.map(([key, day]) => flaw(`${path}/${key}`, 'not_a_day', `there is no ${day}`));
  return from < to ? [] : [flaw(path, 'term_empty', `ends on ${to}, before a day has passed`)];
}

function isDay(day: string): boolean {
  try {
    return addDays(day, 0) === day;
  } catch {
    return false;
  }
}

function zoneFlaws({ time_zone, calendar }: Contract): Flaw[] {
  const flaws: Flaw[] = [];
  try {
    dayBounds(time_zone, '2024-01-01');
  } catch {
    flaws.push(flaw('/time_zone', 'not_a_time_zone', `nobody knows ${time_zone}`));
  }
  try {
    parseCalendar(calendar);
  } catch (cause) {
    flaws.push(flaw('/calendar', 'bad_calendar', cause instanceof Error ? cause.message : String(cause)));
  }
  return flaws;
}

/** Sub-periods part the term, are served by known contractors, and their parts of the price make one. */
function subPeriodFlaws({ term, sub_periods: subs, parties }: Contract): Flaw[] {
  if (subs.length === 0) return [];
  const contractors = new Set(parties.filter(({ role }) => role === 'contractor').map(({ id }) => id));
  const flaws = subs.flatMap(({ contractor }, i) =>
    contractors.has(contractor)
      ? []
      : [flaw(`/sub_periods/${i}/contractor`, 'unknown_party', `there is no contractor ${contractor}`)],
  );
  const sorted = subs
    .map((sub, i) => ({ ...sub, path: `/sub_periods/${i}` }))
    .toSorted((a, b) => (a.from < b.from ? -1 : 1));
  let at = term.from;
  for (const { from, to, path } of sorted) {
    if (from > at) flaws.push(flaw(`${path}/from`, 'sub_period_gap', `nobody serves from ${at} to ${from}`));
    if (from < at) flaws.push(flaw(`${path}/from`, 'sub_period_overlap', `${at} is when the one before it ends`));
    at = to > at ? to : at;
  }
  if (at < term.to) flaws.push(flaw('/sub_periods', 'sub_period_gap', `nobody serves from ${at} to ${term.to}`));
  if (at > term.to) flaws.push(flaw('/sub_periods', 'sub_period_overlap', `the term ends on ${term.to}`));
  return [...flaws, ...partFlaws(subs)];
}

function partFlaws(subs: Contract['sub_periods']): Flaw[] {
  const parts = subs.flatMap(({ part }) => (part === undefined ? [] : [exact(BigInt(part.num), BigInt(part.den))]));
  if (parts.length === 0) return [];
  const whole = parts.reduce(plus, ZERO);
  return parts.length === subs.length && whole.num === whole.den
    ? []
    : [flaw('/sub_periods', 'parts_not_one', `the parts make ${whole.num}/${whole.den}; all have one, or none`)];
}
