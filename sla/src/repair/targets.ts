import {
  type Calendar,
  CalendarError,
  type DayTable,
  parseCalendar,
  WEEKDAYS,
  type Weekday,
} from '../calendar/service.ts';
import { duration, merge } from '../intervals.ts';
import { REPAIR_STAGES, type RepairStage } from './types.ts';
import { type WorkTime, workTime } from './work-time.ts';

/** The time that a contract gives for one stage at one severity. */
export interface RepairTarget {
  /** Name of the calendar on which the limit runs. */
  readonly calendar: string;
  /** Working time, ms. */
  readonly limitMs: number;
  /** The stage whose end begins this clock; null: the opening of the fault does. */
  readonly after: RepairStage | null;
}

/** Stages without a target are not owed. */
export type StageTargets = ReadonlyMap<RepairStage, RepairTarget>;

/** What a contract sets for repair. Severities are the contract's own words: "ordinary", "major", "system_wide". */
export interface RepairTargets {
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly severities: ReadonlyMap<string, StageTargets>;
  /** Shares of a limit at which somebody wants to know, ascending; over 100 for escalation. */
  readonly warnAtPercent: readonly number[];
}

/** Targets with their calendars bound to a time zone and its days, ready for many cases. */
export interface RepairTerms {
  readonly targets: RepairTargets;
  readonly work: ReadonlyMap<string, WorkTime>;
}

/** Binds calendars to a place. Keep the result for all cases of the contract: it remembers the hours that it worked out. */
export function repairTerms(targets: RepairTargets, timeZone: string, days: DayTable): RepairTerms {
  const work = [...targets.calendars].map(([name, each]) => [name, workTime(each, timeZone, days)] as const);
  return { targets, work: new Map(work) };
}

const NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/;
const DEFAULT_WARNINGS = [50, 80];
/** A limit of more than a year, on its own calendar, is a slip of the pen. */
const MAX_WEEKS = 52;

/** Targets from outside. Throws a {@link RepairTargetError} that names the path of what is wrong. */
export function parseRepairTargets(json: unknown): RepairTargets {
  const { calendars, severities, warnAtPercent } = record(json, '');
  const byName = namedOf(calendars, '/calendars', calendarAt);
  const bySeverity = namedOf(severities, '/severities', (each, path) => stagesAt(each, path, byName));
  if (bySeverity.size === 0) throw new RepairTargetError('/severities', 'must name at least one severity');
  return { calendars: byName, severities: bySeverity, warnAtPercent: warningsAt(warnAtPercent, '/warnAtPercent') };
}

/** What is wrong with targets, and where: a JSON pointer. */
export class RepairTargetError extends RangeError {
  readonly path: string;
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path || '/'} ${problem}`, options);
    this.name = 'RepairTargetError';
    this.path = path;
  }
}

function calendarAt(json: unknown, path: string): Calendar {
  const calendar = parsedCalendar(json, path);
  if (calendar.kind === 'weekly' && Object.values(calendar.hours).every((hours) => hours.length === 0)) {
    throw new RepairTargetError(`${path}/hours`, 'must open on some day');
  }
  return calendar;
}

function parsedCalendar(json: unknown, path: string): Calendar {
  try {
    return parseCalendar(json);
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    const problem = error.message.slice((error.path || '/').length + 1);
    throw new RepairTargetError(`${path}${error.path}`, problem, { cause: error });
  }
}

function stagesAt(json: unknown, path: string, calendars: ReadonlyMap<string, Calendar>): StageTargets {
  const stages = record(json, path);
  for (const key of Object.keys(stages)) {
    if (!REPAIR_STAGES.some((stage) => stage === key)) throw new RepairTargetError(`${path}/${key}`, 'is not a stage');
  }
  const owed = REPAIR_STAGES.filter((stage) => stages[stage] !== undefined);
  if (owed.length === 0) throw new RepairTargetError(path, 'must set a time for at least one stage');
  return new Map(owed.map((stage) => [stage, targetAt(stages[stage], `${path}/${stage}`, stage, calendars)]));
}

function targetAt(
  json: unknown,
  path: string,
  stage: RepairStage,
  calendars: ReadonlyMap<string, Calendar>,
): RepairTarget {
  const { calendar: name, limitMs, limitWorkingDays, after } = record(json, path);
  const calendar = typeof name === 'string' ? calendars.get(name) : undefined;
  if (typeof name !== 'string' || calendar === undefined) {
    throw new RepairTargetError(`${path}/calendar`, 'must name one of the calendars');
  }
  if ((limitMs === undefined) === (limitWorkingDays === undefined)) {
    throw new RepairTargetError(path, 'must have either limitMs or limitWorkingDays');
  }
  const limit =
    limitMs !== undefined
      ? limitAt(limitMs, `${path}/limitMs`)
      : workingDaysAt(limitWorkingDays, `${path}/limitWorkingDays`, calendar);
  const weekMs = WEEKDAYS.reduce((sum, day) => sum + dayMsOf(calendar, day), 0);
  if (limit > MAX_WEEKS * weekMs)
    throw new RepairTargetError(path, `must be at most ${MAX_WEEKS} weeks of its calendar`);
  return { calendar: name, limitMs: limit, after: afterAt(after, `${path}/after`, stage) };
}

function limitAt(json: unknown, path: string): number {
  if (typeof json !== 'number' || !Number.isSafeInteger(json) || json <= 0) {
    throw new RepairTargetError(path, 'must be whole milliseconds, at least 1');
  }
  return json;
}

/** A number of working days, `1/2` or `3`; one is as long as the calendar's Monday, which make-up workdays have as well. */
function workingDaysAt(json: unknown, path: string, calendar: Calendar): number {
  const [, num, den = '1'] = /^([1-9]\d{0,2})(?:\/([1-9]\d{0,2}))?$/.exec(typeof json === 'string' ? json : '') ?? [];
  if (num === undefined) throw new RepairTargetError(path, 'must be a number of days like "1/2" or "3"');
  const mondayMs = dayMsOf(calendar, 'mon');
  if (mondayMs === 0) throw new RepairTargetError(path, 'needs a calendar that opens on Mondays');
  const limitMs = (mondayMs * Number(num)) / Number(den);
  if (!Number.isSafeInteger(limitMs)) throw new RepairTargetError(path, 'must come to whole milliseconds');
  return limitMs;
}

/** What the calendar opens on such a day where clocks do not change, ms. */
function dayMsOf(calendar: Calendar, day: Weekday): number {
  if (calendar.kind === 'always') return 86_400_000;
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const hours = calendar.hours[day].map(({ from, to }) => ({ from: minutes(from), to: minutes(to) }));
  return 60_000 * duration(merge(hours));
}

function afterAt(json: unknown, path: string, stage: RepairStage): RepairStage | null {
  if (json === undefined || json === null || json === 'opened') return null;
  const earlier = REPAIR_STAGES.slice(0, REPAIR_STAGES.indexOf(stage)).find((each) => each === json);
  if (earlier === undefined) throw new RepairTargetError(path, 'must be "opened" or an earlier stage');
  return earlier;
}

function warningsAt(json: unknown, path: string): number[] {
  if (json === undefined) return DEFAULT_WARNINGS;
  if (!Array.isArray(json)) throw new RepairTargetError(path, 'must be a list of percentages');
  json.forEach((each: unknown, i) => {
    if (!Number.isInteger(each) || Number(each) < 1 || Number(each) > 1000) {
      throw new RepairTargetError(`${path}/${i}`, 'must be a whole percentage from 1 to 1000');
    }
  });
  return [...new Set(json as number[])].sort((a, b) => a - b);
}

function namedOf<Value>(json: unknown, path: string, parse: (json: unknown, path: string) => Value) {
  const entries = Object.entries(record(json, path));
  return new Map(
    entries.map(([name, each]): [string, Value] => {
      if (!NAME.test(name))
        throw new RepairTargetError(`${path}/${escaped(name)}`, 'must be a name like "major" or "7x24"');
      return [name, parse(each, `${path}/${name}`)];
    }),
  );
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

function record(json: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new RepairTargetError(path, 'must be an object');
  return json as Record<string, unknown>;
}
