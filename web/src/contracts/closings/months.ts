import { type Period, periodAround, periodText, shiftPeriod } from '../../availability/period.ts';
import { addDays } from '../../format/zones.ts';

/** Months that are over, with the days that late evidence is given, and not closed yet; the oldest first, `most` of them. */
export function closable(
  contract: {
    readonly term_from: string;
    readonly term_to: string | null;
    readonly closed_to: string | null;
    readonly graceDays: number;
  },
  closed: readonly { readonly from_day: string }[],
  today: string,
  most = 12,
): Period[] {
  const taken = new Set(closed.map((c) => c.from_day));
  const months: Period[] = [];
  let month = periodAround('month', today);
  for (let back = 0; back < 120; back++) {
    month = shiftPeriod(month, -1);
    if (month.toDay <= contract.term_from) break;
    if (contract.term_to !== null && month.fromDay >= contract.term_to) continue;
    if (addDays(month.toDay, contract.graceDays) <= today && !taken.has(month.fromDay)) months.unshift(month);
  }
  return months.slice(-most);
}

export const monthName = (period: Period) => periodText(period);
