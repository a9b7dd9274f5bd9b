import type { ChecklistItem } from '../useInspections.ts';
import type { PlanDetail, PlanInput } from './usePlans.ts';

export const CYCLES = ['month', 'quarter', 'half_year', 'before_holiday'] as const;
export const TARGETS = ['station', 'site', 'county'] as const;
export const ITEM_KINDS = ['ok_fault', 'reading', 'text', 'photo'] as const;
export const METRICS = [
  'cpu_pct',
  'mem_used_pct',
  'disk_used_pct',
  'temp_c',
  'rtt_ms',
  'jitter_ms',
  'signal_dbm',
  'sim_bytes',
  'network_percent',
  'equipment_percent',
] as const;

/** A plan while it is edited. */
export interface PlanForm {
  contract: number | null;
  name: string;
  cycle: (typeof CYCLES)[number];
  target: (typeof TARGETS)[number];
  regions: number[];
  assignees: { region: number | null; user: number | null }[];
  firstDay: string;
  lastDay: string;
  leadDays: number;
  windowDays: number;
  minHolidayDays: number;
  dutyId: string;
  checklist: ChecklistItem[];
}

export function emptyForm(contract: number | null, today: string, checklist: readonly ChecklistItem[]): PlanForm {
  return {
    contract,
    name: '',
    cycle: 'month',
    target: 'station',
    regions: [],
    assignees: [],
    firstDay: `${today.slice(0, 7)}-01`,
    lastDay: '',
    leadDays: 7,
    windowDays: 7,
    minHolidayDays: 3,
    dutyId: '',
    checklist: checklist.map((item) => ({ ...item })),
  };
}

export function formOf(plan: PlanDetail): PlanForm {
  return {
    contract: plan.contract.id,
    name: plan.name,
    cycle: plan.cycle,
    target: plan.target,
    regions: plan.regions.map(({ id }) => id),
    assignees: plan.assignees.map(({ region, user }) => ({ region: region.id, user: user.id })),
    firstDay: plan.first_day,
    lastDay: plan.last_day ?? '',
    leadDays: plan.lead_days,
    windowDays: plan.window_days,
    minHolidayDays: plan.min_holiday_days,
    dutyId: plan.duty_id ?? '',
    checklist: plan.checklist.map((item) => ({ ...item })),
  };
}

/** The form as the API takes it; null while something is missing. */
export function inputOf(form: PlanForm): PlanInput | null {
  const items = form.checklist.filter(({ zh, en }) => zh.trim() !== '' || en.trim() !== '');
  if (form.contract === null || form.name.trim() === '' || form.firstDay === '' || items.length === 0) return null;
  return {
    contract_id: form.contract,
    name: form.name.trim(),
    cycle: form.cycle,
    target: form.target,
    region_ids: form.regions,
    assignees: form.assignees.flatMap(({ region, user }) =>
      region === null || user === null ? [] : [{ region_id: region, user_id: user }],
    ),
    first_day: form.firstDay,
    last_day: form.lastDay === '' ? null : form.lastDay,
    lead_days: form.leadDays,
    window_days: form.windowDays,
    min_holiday_days: form.minHolidayDays,
    duty_id: form.dutyId.trim() === '' ? null : form.dutyId.trim(),
    // Who writes one language only has it shown in the other one, too.
    checklist: items.map((item) => ({
      ...item,
      zh: item.zh.trim() || item.en.trim(),
      en: item.en.trim() || item.zh.trim(),
    })),
  };
}

/** An id that the list does not have yet. */
export function freshId(items: readonly Pick<ChecklistItem, 'id'>[]): string {
  for (let n = items.length + 1; ; n++) if (!items.some(({ id }) => id === `item_${n}`)) return `item_${n}`;
}
