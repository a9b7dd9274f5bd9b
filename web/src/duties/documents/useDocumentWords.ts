import { useI18n } from 'vue-i18n';
import { useFormat } from '../../format/useFormat.ts';
import { addDays, dayIn } from '../../format/zones.ts';
import type { Due, Duty } from './useDocuments.ts';

/** Documents in words. Days are those of the contract's zone. */
export function useDocumentWords() {
  const { t } = useI18n();
  const format = useFormat();
  /** The last day that is in time: the deadline is the first instant after it. */
  const dueDay = (due: Pick<Due, 'due_at' | 'contract'>) => addDays(dayIn(due.contract.time_zone, due.due_at), -1);
  /** `2026-02`, `2026-Q1`, else first and last day. */
  function period({ from_day, to_day }: Pick<Due, 'from_day' | 'to_day'>): string {
    const last = addDays(to_day, -1);
    if (from_day === last) return from_day;
    const [year, month] = [Number(from_day.slice(0, 4)), Number(from_day.slice(5, 7))];
    const months = (Number(to_day.slice(0, 4)) - year) * 12 + Number(to_day.slice(5, 7)) - month;
    if (from_day.endsWith('-01') && to_day.endsWith('-01')) {
      if (months === 1) return from_day.slice(0, 7);
      if (months === 3 && month % 3 === 1) return `${year}-Q${(month + 2) / 3}`;
      if (months === 12 && month === 1) return String(year);
    }
    return `${from_day} – ${last}`;
  }
  function deadline(due: Due): string {
    const ms = Date.parse(String(due.due_at)) - format.now.value.getTime();
    return ms < 0
      ? t('duties.doc.overdue', { time: format.duration(-ms) })
      : t('duties.doc.left', { time: format.duration(ms) });
  }
  function rule(duty: Pick<Duty, 'cycle' | 'due_rule' | 'due_days'>): string {
    const key = duty.due_rule === 'after_end' && duty.due_days === 0 ? 'after_end0' : duty.due_rule;
    return t(`duties.terms.rule.${key}`, { cycle: t(`duties.cycle.${duty.cycle}`), n: duty.due_days });
  }
  function term({ from_day, until_day }: Pick<Duty, 'from_day' | 'until_day'>): string {
    return until_day === null
      ? t('duties.terms.open', { from: from_day })
      : t('duties.terms.span', { from: from_day, to: addDays(until_day, -1) });
  }
  return { dueDay, period, deadline, rule, term };
}
