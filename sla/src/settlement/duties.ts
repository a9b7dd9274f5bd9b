import { parseRepairTargets, type RepairTargets } from '../repair/targets.ts';
import type { TimelinessRule } from '../repair/timeliness.ts';
import type { RepairStage } from '../repair/types.ts';
import type { Contract } from './language/contract.ts';
import type { Duty } from './language/metrics.ts';
import type { Text } from './language/parts.ts';

type RepairDuty = Extract<Duty, { kind: 'repair' }>;

/** What the repair duties of a contract come to: limits as JSON for `parseRepairTargets`, and what counts as in time. */
export interface DutyTerms {
  readonly targets: {
    readonly calendars: Readonly<Record<string, unknown>>;
    readonly severities: Readonly<Record<string, Readonly<Partial<Record<RepairStage, StageJson>>>>>;
  };
  readonly timeliness: Readonly<Record<string, TimelinessRule>>;
}
interface StageJson {
  readonly calendar: 'always' | 'service_hours';
  readonly limitMs: number;
}

/**
 * Repair terms from a contract's duties: each duty is a severity of its id, or a part of the severity that it names. `replace_ms`, a
 * spare in place of the repair, and `restore_ms` are both a temporary restoration; with the former either it or the repair is enough
 * (R-DG-7). Null without repair duties. @throws RepairTargetError for limits that no clock can run on.
 */
export function repairDuties(contract: Pick<Contract, 'duties' | 'calendar'>): DutyTerms | null {
  const duties = contract.duties.filter((duty): duty is RepairDuty => duty.kind === 'repair');
  const bySeverity = new Map<string, RepairDuty[]>();
  for (const duty of duties) {
    const severity = severityOf(duty);
    bySeverity.set(severity, [...(bySeverity.get(severity) ?? []), duty]);
  }
  const limited = [...bySeverity].filter(([, each]) => each.some((duty) => Object.keys(stagesOf(duty)).length > 0));
  if (limited.length === 0) return null;
  const usesHours = duties.some(({ clock }) => clock === 'service_hours');
  const targets = {
    calendars: { always: { kind: 'always' }, ...(usesHours ? { service_hours: contract.calendar } : {}) },
    severities: Object.fromEntries(limited.map(([severity, each]) => [severity, merged(each)])),
  };
  const parsed: RepairTargets = parseRepairTargets(targets);
  const timeliness = Object.fromEntries(
    limited.map(([severity, each]) => [
      severity,
      ruleOf(each, [...(parsed.severities.get(severity) ?? new Map()).keys()]),
    ]),
  );
  return { targets, timeliness };
}

/** Severities that duties are about, each once. */
export function severitiesOf({ duties }: Pick<Contract, 'duties'>, ids: readonly string[]): string[] {
  const named = duties.filter((duty): duty is RepairDuty => duty.kind === 'repair' && ids.includes(duty.id));
  return [...new Set(named.map(severityOf))];
}

/** What a contract calls its severities: the title of the duty of that id, else of the first that names it. */
export function severityTitles({ duties }: Pick<Contract, 'duties'>): ReadonlyMap<string, Text> {
  const repair = duties.filter((duty): duty is RepairDuty => duty.kind === 'repair');
  const named = repair.filter(({ id, severity = id }) => severity !== id).reverse();
  const own = repair.filter(({ id, severity = id }) => severity === id);
  return new Map([...named, ...own].map((duty) => [severityOf(duty), duty.title]));
}

const severityOf = ({ id, severity = id }: RepairDuty): string => severity;

function stagesOf(duty: RepairDuty): Partial<Record<RepairStage, StageJson>> {
  const { clock: calendar, respond_ms, on_site_ms, restore_ms, replace_ms, repair_ms } = duty;
  const limits = {
    respond: respond_ms,
    on_site: on_site_ms,
    temporary_restoration: restore_ms ?? replace_ms,
    repair: repair_ms,
  };
  return Object.fromEntries(
    Object.entries(limits).flatMap(([stage, limitMs]) =>
      limitMs === undefined ? [] : [[stage, { calendar, limitMs }]],
    ),
  );
}

/** Of two duties that limit the same stage the first holds. */
function merged(duties: readonly RepairDuty[]): Partial<Record<RepairStage, StageJson>> {
  return Object.assign({}, ...duties.map(stagesOf).reverse()) as Partial<Record<RepairStage, StageJson>>;
}

function ruleOf(duties: readonly RepairDuty[], owed: readonly RepairStage[]): TimelinessRule {
  const isReplaceable = duties.some(({ replace_ms, repair_ms }) => replace_ms !== undefined && repair_ms !== undefined);
  if (isReplaceable) return { stages: ['repair', 'temporary_restoration'], need: 'any' };
  const last = (['repair', 'temporary_restoration', 'on_site', 'respond'] as const).find((stage) =>
    owed.includes(stage),
  );
  return { stages: [last ?? 'repair'], need: 'all' };
}
