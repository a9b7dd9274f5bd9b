import { addDays, type Day } from '../calendar/days.ts';
import type { Contract, Instalment } from './language/contract.ts';

/** Days that an instalment of the schedule settles. */
export interface InstalmentPeriod {
  readonly instalment: string;
  /** Where the contract has sub-periods, each of them is settled with its own contractor. */
  readonly sub_period: string | null;
  readonly from: Day;
  /** The day after the last. */
  readonly to: Day;
}

const MONTHS = { month: 1, quarter: 3, half_year: 6, year: 12 } as const;
/** A week a day over two hundred years: beyond, something else is wrong. */
const MAX_PERIODS = 12_000;

/**
 * The periods of an instalment, in order: its cycle counted from the first day of the term, the last cut at its end. What is paid once is
 * paid for the whole term.
 */
export function instalmentPeriods(
  contract: Pick<Contract, 'term' | 'sub_periods'>,
  { id, cycle }: Instalment,
): InstalmentPeriod[] {
  const { term, sub_periods } = contract;
  const parts = sub_periods.length === 0 ? [{ id: null, ...term }] : sub_periods;
  return cyclesOf(term, cycle).flatMap(({ from, to }) =>
    parts.flatMap((part) => {
      const shared = { from: from > part.from ? from : part.from, to: to < part.to ? to : part.to };
      return shared.from < shared.to ? [{ instalment: id, sub_period: part.id, ...shared }] : [];
    }),
  );
}

function cyclesOf(term: Contract['term'], cycle: Instalment['cycle']): { readonly from: Day; readonly to: Day }[] {
  if (cycle === 'once' || cycle === 'term') return [term];
  const periods = [];
  for (let i = 0; i < MAX_PERIODS; i++) {
    const from = nth(term.from, cycle, i);
    if (from >= term.to) break;
    const next = nth(term.from, cycle, i + 1);
    periods.push({ from, to: next < term.to ? next : term.to });
  }
  return periods;
}

function nth(first: Day, cycle: keyof typeof MONTHS | 'week', n: number): Day {
  return cycle === 'week' ? addDays(first, 7 * n) : addMonths(first, MONTHS[cycle] * n);
}

/** The same day of a later month; the month's last where there is none. */
function addMonths(day: Day, months: number): Day {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const index = year * 12 + (month - 1) + months;
  const [y, m] = [Math.floor(index / 12), (index % 12) + 1];
  const last = new Date(Date.UTC(y, m, 0)).getUTCDate();
  return `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(Math.min(date, last)).padStart(2, '0')}`;
}
