import { addDays } from '../../format/zones.ts';
import {
  type Calendar,
  type Contract,
  EXCLUSION_KINDS,
  type Hours,
  type Rules,
  WEEKDAYS,
  type Weekday,
  type WeeklyCalendar,
} from '../useContracts.ts';

export type Week = Record<Weekday, Hours[]>;

/** A contract as a form holds it: the last day instead of the one after it, empty texts instead of nothing. */
export interface ContractForm {
  code: string;
  name: string;
  agency: number | null;
  contractor: number | null;
  zone: string;
  from: string;
  last: string;
  regions: number[];
  always: boolean;
  week: Week;
  holidays: boolean;
  rules: Rules;
}

/** Office hours, to start from. */
export function officeWeek(): Week {
  const week = Object.fromEntries(WEEKDAYS.map((d) => [d, [{ from: '08:00', to: '18:00' }]])) as Week;
  return { ...week, sat: [], sun: [] };
}

const RULES: Rules = {
  network: { unknown: 'down', platform: 'excluded', target_percent: '95' },
  equipment: { unknown: 'down', platform: 'excluded', target_percent: '95' },
  aggregation: 'time_weighted',
  daily_max_down_ms: 0,
  exclusion_kinds: [...EXCLUSION_KINDS],
  evidence_grace_days: 3,
};

/** Plain data from behind Vue's proxies, which `structuredClone` refuses. */
function copy<T>(data: T): T {
  return JSON.parse(JSON.stringify(data)) as T;
}

export function formOf(contract: Contract | null, today: string): ContractForm {
  const calendar: Calendar = contract?.calendar ?? { kind: 'always' };
  return {
    code: contract?.code ?? '',
    name: contract?.name ?? '',
    agency: contract?.agency?.id ?? null,
    contractor: contract?.contractor?.id ?? null,
    zone: contract?.time_zone ?? 'Asia/Shanghai',
    from: contract?.term_from ?? `${today.slice(0, 7)}-01`,
    last: contract?.term_to ? addDays(contract.term_to, -1) : '',
    regions: contract?.regions.map((r) => r.id) ?? [],
    always: calendar.kind === 'always',
    week: calendar.kind === 'weekly' ? copy(calendar.hours) : officeWeek(),
    holidays: calendar.kind === 'weekly' ? calendar.holidays : true,
    rules: copy(contract?.rules ?? RULES),
  };
}

/** Weekdays whose hours end before they begin, or overlap. */
export function faultyDays(week: Week): Weekday[] {
  return WEEKDAYS.filter((d) => {
    const hours = [...week[d]].sort((a, b) => a.from.localeCompare(b.from));
    return hours.some((h, i) => h.from === '' || h.to === '' || h.to <= h.from || h.from < (hours[i - 1]?.to ?? ''));
  });
}

function calendarOf(form: ContractForm): Calendar {
  if (form.always) return { kind: 'always' };
  const sorted = Object.fromEntries(
    WEEKDAYS.map((d) => [d, [...form.week[d]].sort((a, b) => a.from.localeCompare(b.from))]),
  ) as WeeklyCalendar['hours'];
  return { kind: 'weekly', hours: sorted, holidays: form.holidays };
}

/** An empty target is none. */
function rulesOf(rules: Rules): Rules {
  const dimension = (d: Rules['network']) => ({ ...d, target_percent: d.target_percent?.trim() || null });
  return { ...rules, network: dimension(rules.network), equipment: dimension(rules.equipment) };
}

/** What of a contract can be told about the baseline, too. */
export function commonBody(form: ContractForm) {
  return {
    name: form.name.trim(),
    time_zone: form.zone.trim(),
    calendar: calendarOf(form),
    rules: rulesOf(form.rules),
  };
}

export function fullBody(form: ContractForm) {
  return {
    ...commonBody(form),
    code: form.code.trim(),
    agency_org_id: form.agency,
    contractor_org_id: form.contractor,
    term_from: form.from,
    term_to: form.last ? addDays(form.last, 1) : null,
    region_ids: [...form.regions],
  };
}
