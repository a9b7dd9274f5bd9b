import { addDays, type Day, dayBounds } from '@uptally/sla';

export const CYCLES = ['once', 'week', 'month', 'quarter', 'half_year', 'year'] as const;
export const DUE_RULES = ['after_end', 'in_period'] as const;
export const COUNTED_FROM = ['calendar', 'start'] as const;

/** When a document is owed. Days are of the contract's zone. */
export interface DocumentTerms {
  readonly cycle: (typeof CYCLES)[number];
  /** `calendar`: weeks from Monday, months, quarters and years of the calendar; `start`: counted from `fromDay` on. */
  readonly countedFrom: (typeof COUNTED_FROM)[number];
  /** `after_end`: that many days after the period's last day; `in_period`: on that day of the period, counted from 1. */
  readonly dueRule: (typeof DUE_RULES)[number];
  readonly dueDays: number;
  readonly fromDay: Day;
  /** Exclusive; null: open. */
  readonly untilDay: Day | null;
}

/** One period for which a document is owed, `[fromDay, toDay)`. */
export interface DuePeriod {
  readonly fromDay: Day;
  readonly toDay: Day;
  /** The last day that is in time. */
  readonly dueDay: Day;
  /** The last instant that is in time: the end of that day, ms. */
  readonly dueAt: number;
}

const MONTHS = { month: 1, quarter: 3, half_year: 6, year: 12 } as const;
/** A duty of 30 years has as many weeks; beyond, something is wrong. */
const MAX_PERIODS = 1600;

/**
 * The periods of a duty that begin before `beforeDay`, in order. A period that the duty's own days cut short is owed for what is left of
 * it; `once` is one period, the duty's own days (without an end: its first day).
 */
export function duePeriods(terms: DocumentTerms, timeZone: string, beforeDay: Day): DuePeriod[] {
  const periods: DuePeriod[] = [];
  const end = terms.untilDay !== null && terms.untilDay < beforeDay ? terms.untilDay : beforeDay;
  for (let n = 0; n < MAX_PERIODS; n++) {
    const [begin, next] = boundsOf(terms, n);
    const fromDay = begin > terms.fromDay ? begin : terms.fromDay;
    if (fromDay >= end) break;
    const toDay = terms.untilDay !== null && terms.untilDay < next ? terms.untilDay : next;
    periods.push(withDue(terms, timeZone, { fromDay, toDay, begin, last: addDays(next, -1) }));
    if (terms.cycle === 'once') break;
  }
  return periods;
}

/** The n-th period as the cycle has it, uncut. */
function boundsOf({ cycle, countedFrom, fromDay, untilDay }: DocumentTerms, n: number): [Day, Day] {
  if (cycle === 'once') return [fromDay, untilDay ?? addDays(fromDay, 1)];
  if (cycle === 'week') {
    const monday = countedFrom === 'calendar' ? addDays(fromDay, -weekday(fromDay)) : fromDay;
    return [addDays(monday, 7 * n), addDays(monday, 7 * (n + 1))];
  }
  const step = MONTHS[cycle];
  const anchor = countedFrom === 'calendar' ? calendarStart(fromDay, step) : fromDay;
  return [addMonths(anchor, step * n), addMonths(anchor, step * (n + 1))];
}

interface Cut {
  readonly fromDay: Day;
  readonly toDay: Day;
  /** First and last day of the period, uncut. */
  readonly begin: Day;
  readonly last: Day;
}

function withDue({ dueRule, dueDays }: DocumentTerms, timeZone: string, cut: Cut): DuePeriod {
  const { fromDay, toDay, begin, last } = cut;
  const wanted = dueRule === 'after_end' ? addDays(toDay, dueDays - 1) : addDays(begin, Math.max(dueDays, 1) - 1);
  // "On the 31st" of a short month is its last day; a period that begins after its day is due when it begins.
  const inside = wanted > last ? last : wanted < fromDay ? fromDay : wanted;
  const dueDay = dueRule === 'after_end' ? wanted : inside;
  return { fromDay, toDay, dueDay, dueAt: dayBounds(timeZone, dueDay).to };
}

/** 0 for Monday to 6 for Sunday. */
function weekday(day: Day): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** First day of the run of `step` months of the calendar that holds the day. */
function calendarStart(day: Day, step: number): Day {
  const month = Number(day.slice(5, 7)) - 1;
  return dayText(Number(day.slice(0, 4)), month - (month % step), 1);
}

/** The same day of a later month, or its last one where it is shorter. */
function addMonths(day: Day, count: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const total = year * 12 + (month - 1) + count;
  const length = new Date(Date.UTC(Math.floor(total / 12), (total % 12) + 1, 0)).getUTCDate();
  return dayText(Math.floor(total / 12), total % 12, Math.min(date, length));
}

function dayText(year: number, month0: number, date: number): Day {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month0 + 1)}-${two(date)}`;
}
