/** Limits of a contract as a form edits them; everything that it does not show stays as it is. */

export const STAGES = ['respond', 'on_site', 'temporary_restoration', 'repair'] as const;
export type Stage = (typeof STAGES)[number];
export const UNITS = ['minutes', 'hours', 'days', 'working_days'] as const;
export type Unit = (typeof UNITS)[number];
const UNIT_MS: Readonly<Record<Exclude<Unit, 'working_days'>, number>> = {
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
};

export interface LimitField {
  /** Empty: no limit for this stage. */
  amount: string;
  unit: Unit;
  calendar: string;
  readonly after?: unknown;
}
export interface SeverityField {
  name: string;
  limits: Record<Stage, LimitField>;
  /** Stages that have to be in time. */
  stages: Stage[];
  need: 'all' | 'any';
}
export interface TermsForm {
  calendars: Record<string, unknown>;
  severities: SeverityField[];
  warnAtPercent: string;
}

interface Target {
  readonly calendar: string;
  readonly limitMs?: number;
  readonly limitWorkingDays?: string;
  readonly after?: unknown;
}
interface Targets {
  readonly calendars?: Record<string, unknown>;
  readonly severities?: Record<string, Partial<Record<Stage, Target>>>;
  readonly warnAtPercent?: readonly number[];
}
type Rules = Readonly<Record<string, { readonly stages: readonly Stage[]; readonly need: 'all' | 'any' }>>;

export function formOf(targets: Targets, rules: Rules): TermsForm {
  const calendars = targets.calendars ?? { always: { kind: 'always' } };
  const first = Object.keys(calendars)[0] ?? 'always';
  return {
    calendars,
    severities: Object.entries(targets.severities ?? {}).map(([name, stages]) => ({
      name,
      limits: Object.fromEntries(STAGES.map((stage) => [stage, fieldOf(stages[stage], first)])) as Record<
        Stage,
        LimitField
      >,
      stages: [...(rules[name]?.stages ?? ['repair'])],
      need: rules[name]?.need ?? 'all',
    })),
    warnAtPercent: (targets.warnAtPercent ?? [80]).join(', '),
  };
}

/** A limit in the largest unit that it is a whole number of. */
function fieldOf(target: Target | undefined, calendar: string): LimitField {
  if (target === undefined) return { amount: '', unit: 'hours', calendar };
  const after = target.after === undefined ? {} : { after: target.after };
  if (target.limitWorkingDays !== undefined) {
    return { amount: target.limitWorkingDays, unit: 'working_days', calendar: target.calendar, ...after };
  }
  const ms = target.limitMs ?? 0;
  const unit = ms % UNIT_MS.hours === 0 ? 'hours' : 'minutes';
  return { amount: String(ms / UNIT_MS[unit]), unit, calendar: target.calendar, ...after };
}

export function emptySeverity(form: TermsForm): SeverityField {
  const copy = formOf({ calendars: form.calendars, severities: { '': {} } }, {}).severities[0] as SeverityField;
  return { ...copy, name: '' };
}

/** What the form says, as the API takes it; the server checks it and names what is wrong. */
export function bodyOf(form: TermsForm): {
  targets: Record<string, unknown>;
  timeliness: Record<string, { stages: Stage[]; need: 'all' | 'any' }>;
} {
  const severities = form.severities.map(({ name, limits }) => {
    const owed = STAGES.filter((stage) => limits[stage].amount.trim() !== '');
    return [name.trim(), Object.fromEntries(owed.map((stage) => [stage, targetOf(limits[stage])]))];
  });
  const percents = form.warnAtPercent
    .split(/[,，、\s]+/)
    .filter(Boolean)
    .map(Number);
  const rules = form.severities.map(({ name, stages, need }) => [name.trim(), { stages, need }]);
  return {
    targets: { calendars: form.calendars, severities: Object.fromEntries(severities), warnAtPercent: percents },
    timeliness: Object.fromEntries(rules),
  };
}

function targetOf({ amount, unit, calendar, after }: LimitField): Target {
  const rest = after === undefined ? {} : { after };
  const text = amount.trim();
  if (unit === 'working_days') return { calendar, limitWorkingDays: text, ...rest };
  return { calendar, limitMs: Math.round(Number(text) * UNIT_MS[unit]), ...rest };
}
