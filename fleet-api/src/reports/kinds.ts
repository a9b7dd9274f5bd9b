import { addDays, type Day, type Period, periodOf, weekday } from '@uptally/sla';

/** What periods reports are of: 日运行表 (R-QH-6), weekly (R-ZJ-3), monthly, quarterly, half-yearly (R-QH-2, R-HN-5). */
export const REPORT_KINDS = ['day', 'week', 'month', 'quarter', 'half_year'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

const MONTHS: Readonly<Record<Exclude<ReportKind, 'day' | 'week'>, number>> = { month: 1, quarter: 3, half_year: 6 };

/** Days of the period of that kind that holds a day: `[from, to)`. Weeks begin on Monday. */
export function periodAround(kind: ReportKind, day: Day): { readonly from: Day; readonly to: Day } {
  if (kind === 'day') return { from: day, to: addDays(day, 1) };
  if (kind === 'week') {
    const from = addDays(day, -weekday(day));
    return { from, to: addDays(from, 7) };
  }
  const months = MONTHS[kind];
  const index = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  const first = Math.floor(index / months) * months;
  return { from: firstOf(first), to: firstOf(first + months) };
}

/** The last period of that kind that was over when `day` began. */
export function lastOver(kind: ReportKind, day: Day): { readonly from: Day; readonly to: Day } {
  return periodAround(kind, addDays(periodAround(kind, day).from, -1));
}

/** The same days with the instants at which they begin in a zone. */
export function instantsOf({ from, to }: { readonly from: Day; readonly to: Day }, timeZone: string): Period {
  return periodOf({ from, to }, timeZone);
}

function firstOf(index: number): Day {
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`;
}

const LONG = { month: /-(\d\d)-/, year: /^\d{4}/ };

/** A period as people call it: `2026年10月`, `2026年第4季度`, `2026年上半年`; weeks and days by their days. */
export function periodName(kind: ReportKind, from: Day, to: Day, language: 'zh' | 'en'): string {
  const year = LONG.year.exec(from)?.[0] ?? '';
  const month = Number(LONG.month.exec(from)?.[1] ?? 1);
  const last = addDays(to, -1);
  const isChinese = language === 'zh';
  switch (kind) {
    case 'day':
      return from;
    case 'week':
      return isChinese ? `${from} 至 ${last}` : `${from} to ${last}`;
    case 'month':
      return isChinese ? `${year}年${month}月` : from.slice(0, 7);
    case 'quarter': {
      const quarter = Math.ceil(month / 3);
      return isChinese ? `${year}年第${quarter}季度` : `${year} Q${quarter}`;
    }
    case 'half_year':
      return isChinese ? `${year}年${month === 1 ? '上' : '下'}半年` : `${year} H${month === 1 ? 1 : 2}`;
  }
}

/** `R-000012` */
export const reportNumber = (id: number): string => `R-${String(id).padStart(6, '0')}`;
