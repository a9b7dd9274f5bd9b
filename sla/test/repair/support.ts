import { expect } from 'vitest';
import {
  addDays,
  type BegunClock,
  type CaseEvent,
  caseLog,
  type DayTable,
  NO_DAYS,
  type PlainKind,
  parseRepairTargets,
  type RepairClocks,
  type RepairStage,
  type RepairTerms,
  repairClocks,
  repairTerms,
} from '../../src/index.ts';

/** Local time of Shanghai, `2026-03-02 10:00`, as an instant. */
export const shanghai = (local: string) => Date.parse(`${local.replace(' ', 'T')}:00+08:00`);
/** An instant in local time of Shanghai. */
export const told = (instant: number | null) =>
  instant === null ? null : new Date(instant + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

/** Spring Festival 2026 as announced by the State Council: nine days off, two Saturdays to work for it. */
export const SPRING_2026: DayTable = {
  holidays: new Set(Array.from({ length: 9 }, (_, i) => addDays('2026-02-15', i))),
  workdays: new Set(['2026-02-14', '2026-02-28']),
};

const OFFICE = [{ from: '08:00', to: '18:00' }];
/** Monday to Friday 08-18, as in the published vector; holidays on request. */
export const officeHours = (holidays = true) => ({
  kind: 'weekly',
  hours: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE },
  holidays,
});

/** Terms of one contract as data, for Shanghai. */
export function termsOf(severities: unknown, days: DayTable = NO_DAYS, warnAtPercent?: readonly number[]): RepairTerms {
  const calendars = { always: { kind: 'always' }, office: officeHours() };
  return repairTerms(parseRepairTargets({ calendars, severities, warnAtPercent }), 'Asia/Shanghai', days);
}

/** An event without its number. */
export type Said = CaseEvent extends infer Event ? (Event extends CaseEvent ? Omit<Event, 'seq'> : never) : never;

/** The clocks of a case whose events were recorded in the order given. */
export function read(
  terms: RepairTerms | Record<string, RepairTerms>,
  said: readonly Said[],
  now: string,
): RepairClocks {
  const byName = 'targets' in terms ? { c: terms as RepairTerms } : (terms as Record<string, RepairTerms>);
  const events = said.map((each, seq) => ({ ...each, seq }) as CaseEvent);
  return repairClocks(caseLog(events), (name) => byName[name], shanghai(now));
}

/** One stage's clock, which must have begun. */
export function begun(clocks: RepairClocks, stage: RepairStage = 'repair'): BegunClock {
  const clock = clocks.stages[stage];
  return 'elapsedMs' in clock ? clock : expect.unreachable(`${stage} is ${clock.state}`);
}

export const opened = (at: string, severity = 'ordinary', contract = 'c'): Said => ({
  kind: 'opened', at: shanghai(at), contract, severity,
}); // biome-ignore format: one glance

export const did = (kind: PlainKind, at: string): Said => ({ kind, at: shanghai(at) });

/** A pause, proposed by the contractor and approved by the agency at two instants. */
export function pause(name: string, from: string, to: string | null, proposed: string, approved: string): Said[] {
  const span = { from: shanghai(from), to: to === null ? null : shanghai(to) };
  return [
    { kind: 'pause_proposed', at: shanghai(proposed), pause: name, org: 'contractor', reason: 'others', ...span },
    { kind: 'pause_approved', at: shanghai(approved), pause: name, org: 'agency' },
  ];
}
