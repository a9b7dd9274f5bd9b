import { useI18n } from 'vue-i18n';
import { useFormat } from '../format/useFormat.ts';
import {
  type Calendar,
  type Contract,
  type Hours,
  type Rules,
  WEEKDAYS,
  type Weekday,
  type WeeklyCalendar,
} from './useContracts.ts';

/** Weekdays with the same hours next to each other, in the order of the week. */
export function hoursGroups(
  hours: WeeklyCalendar['hours'],
): { readonly days: Weekday[]; readonly hours: readonly Hours[] }[] {
  const groups: { days: Weekday[]; hours: readonly Hours[] }[] = [];
  for (const day of WEEKDAYS) {
    const last = groups.at(-1);
    if (last && JSON.stringify(last.hours) === JSON.stringify(hours[day])) last.days.push(day);
    else groups.push({ days: [day], hours: hours[day] });
  }
  return groups;
}

/** A contract's terms as sentences: nobody should have to read its rules as data. */
export function useContractWords() {
  const { t } = useI18n();
  const format = useFormat();
  /** The platform's own view is called what it is, in the reader's language, until somebody gives it a name. */
  const name = (contract: Pick<Contract, 'name' | 'is_baseline'>) =>
    contract.is_baseline && contract.name === 'baseline' ? t('contracts.baseline') : contract.name;
  const day = (d: Weekday) => t(`contracts.day.${d}`);
  function calendar(c: Calendar): string[] {
    if (c.kind === 'always') return [t('contracts.calendar.always')];
    const lines = hoursGroups(c.hours).map(({ days, hours }) => {
      const [first, last] = [days[0] ?? 'mon', days.at(-1) ?? 'mon'];
      const which =
        days.length === 1 ? day(first) : t('contracts.calendar.days', { first: day(first), last: day(last) });
      const when = hours.length === 0 ? t('contracts.calendar.none') : hours.map((h) => `${h.from}–${h.to}`).join(', ');
      return t('contracts.calendar.line', { which, when });
    });
    return [...lines, t(c.holidays ? 'contracts.calendar.holidays' : 'contracts.calendar.noHolidays')];
  }
  function rules(r: Rules): string[] {
    const dimension = (d: 'network' | 'equipment') => {
      const what = t(`timeline.rate.${d}`);
      const target = r[d].target_percent;
      return [
        target === null ? t('contracts.rule.noTarget', { what }) : t('contracts.rule.target', { what, target }),
        t('contracts.rule.counts', {
          what: t(`timeline.dimension.${d}`),
          unknown: t(`contracts.as.${r[d].unknown}`),
          platform: t(`contracts.as.${r[d].platform}`),
        }),
      ];
    };
    const daily =
      r.aggregation === 'daily_count' && r.daily_max_down_ms > 0
        ? [t('contracts.rule.dailyMost', { most: format.duration(r.daily_max_down_ms) })]
        : [];
    const kinds = r.exclusion_kinds.map((k) => t(`exclusions.kind.${k}`));
    return [
      ...dimension('network'),
      ...dimension('equipment'),
      t(`contracts.rule.aggregation.${r.aggregation}`),
      ...daily,
      kinds.length === 0 ? t('contracts.rule.noKinds') : t('contracts.rule.kinds', { kinds: format.list(kinds) }),
      t('contracts.rule.grace', { n: r.evidence_grace_days }),
    ];
  }
  function term(c: Pick<Contract, 'term_from' | 'term_to'>, lastDay: (day: string) => string): string {
    return c.term_to === null
      ? t('contracts.termOpen', { from: c.term_from })
      : t('contracts.termTo', { from: c.term_from, to: lastDay(c.term_to) });
  }
  return { name, day, calendar, rules, term };
}
