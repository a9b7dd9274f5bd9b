import { useI18n } from 'vue-i18n';
import type { Report } from './useReports.ts';

const DAY_MS = 86_400_000;

/** A report's period as people call it. */
export function useReportPeriod() {
  const { t } = useI18n();
  return ({ kind, from_day, to_day }: Pick<Report, 'kind' | 'from_day' | 'to_day'>): string => {
    const year = from_day.slice(0, 4);
    const month = Number(from_day.slice(5, 7));
    if (kind === 'day') return from_day;
    if (kind === 'month') return t('reports.period.month', { year, month });
    if (kind === 'quarter') return t('reports.period.quarter', { year, n: Math.ceil(month / 3) });
    if (kind === 'half_year') return t(month === 1 ? 'reports.period.first' : 'reports.period.second', { year });
    const last = new Date(Date.parse(to_day) - DAY_MS).toISOString().slice(0, 10);
    return `${from_day} – ${last}`;
  };
}
