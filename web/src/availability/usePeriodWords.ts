import { useI18n } from 'vue-i18n';
import { lastDay, type Period, quarterOf } from './period.ts';

/** Names a period in the shown language: `2026年10月`, `Q4 2026`, `2026-10-01 – 2026-10-07`. */
export function usePeriodWords() {
  const { t, locale } = useI18n();
  return (period: Period): string => {
    const [year = ''] = period.fromDay.split('-');
    if (period.kind === 'year') return t('availability.period.yearOf', { year });
    if (period.kind === 'quarter') return t('availability.period.quarterOf', { year, n: quarterOf(period.fromDay) });
    if (period.kind === 'month') {
      const format = new Intl.DateTimeFormat(locale.value, { year: 'numeric', month: 'long', timeZone: 'UTC' });
      return format.format(Date.parse(period.fromDay));
    }
    const last = lastDay(period);
    return last === period.fromDay ? last : `${period.fromDay} – ${last}`;
  };
}
