import { useI18n } from 'vue-i18n';
import { addDays } from '../format/zones.ts';
import type { ChecklistItem, Task } from './useInspections.ts';

type Period = Pick<Task['period'], 'key' | 'name' | 'from_day' | 'to_day'>;

/** Inspections in words. */
export function useInspectionWords() {
  const { t, locale } = useI18n();
  /** 2026 年 3 月, 2026 年第 1 季度, 春节前 */
  function period({ key, name }: Pick<Period, 'key' | 'name'>): string {
    const [year = '', rest = ''] = [key.slice(0, 4), key.slice(5)];
    if (/^\d{4}-\d{2}-\d{2}$/.test(key)) return t('inspections.period.holiday', { name: name || key });
    if (rest.startsWith('Q')) return t('inspections.period.quarter', { year, n: rest.slice(1) });
    if (rest.startsWith('H')) return t(`inspections.period.half${rest.slice(1)}`, { year });
    return t('inspections.period.month', { year, month: Number(rest) });
  }
  const lastDay = ({ to_day }: Pick<Period, 'to_day'>): string => addDays(to_day, -1);
  /** The days of a period, the last one included. */
  const days = ({ from_day, to_day }: Pick<Period, 'from_day' | 'to_day'>): string =>
    `${from_day} – ${lastDay({ to_day })}`;
  /** 甲卫生室 · 一号窗口 */
  function place({ place: p }: Pick<Task, 'place'>): string {
    return p.site === null ? p.name : `${p.site.name} · ${p.name}`;
  }
  const item = (i: Pick<ChecklistItem, 'zh' | 'en'>): string => (locale.value === 'en' ? i.en : i.zh);
  return {
    period,
    days,
    lastDay,
    place,
    item,
    status: (s: string) => t(`inspections.status.${s}`),
    cycle: (c: string) => t(`inspections.cycle.${c}`),
    target: (k: string) => t(`inspections.target.${k}`),
  };
}
