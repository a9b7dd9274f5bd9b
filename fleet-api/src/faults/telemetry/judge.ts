import { flapRate, type Interval, isFlapping, merge, subtract } from '@uptally/sla';
import { silencesOf } from '../../platform/index.ts';
import { debounceMs, type FaultPolicy } from '../policy.ts';

/** A time in which a cause held at a station. Unix ms. */
export interface Episode {
  readonly id: number;
  readonly stationId: number;
  readonly deviceKey: number;
  readonly cause: string;
  readonly component: string | null;
  readonly reason: string | null;
  readonly sinceMs: number;
  /** Null: it lasts. */
  readonly untilMs: number | null;
}

/** What may keep an episode from being a fault. */
export interface Surroundings {
  /** Times in which the device stood at the station. */
  readonly installed: readonly Interval[];
  /** Times in which the station owes service: commissioned. */
  readonly owed: readonly Interval[];
  /** Suspensions, approved planned maintenance, and for doors the time in which somebody is at work there. */
  readonly excused: readonly Interval[];
  /** Times in which the platform could receive, ascending; empty: nothing is known of it. */
  readonly journal: readonly Interval[];
}

export type Judgement =
  /** Too early to say: look again then. */
  | { readonly kind: 'wait'; readonly dueMs: number }
  | { readonly kind: 'short' }
  | { readonly kind: 'suppressed'; readonly why: 'not_installed' | 'not_in_service' | 'excused' }
  /** A fault from `fromMs` on; `toMs` if its end is known already. */
  | { readonly kind: 'fault'; readonly fromMs: number; readonly toMs: number | null };

/** End of a time without one. */
export const ENDLESS = Number.MAX_SAFE_INTEGER;
/** How soon a lasting episode that is excused for now is looked at again, ms. */
const LOOK_AGAIN_MS = 1_800_000;
/** How soon one is, while the platform itself is deaf, ms. */
const DEAF_MS = 30_000;

/**
 * Whether an episode is a fault by now. It is one from the first instant on from which it lasted for the debounce while the device
 * stood there, the station owed service and nothing excused it. What still lasts is judged only once the platform has listened for
 * long enough to have heard of its end. `isFlapping`: the cause comes and goes, so that waiting tells nothing.
 */
export function judge(
  episode: Episode,
  around: Surroundings,
  policy: FaultPolicy,
  nowMs: number,
  isFlapping = false,
): Judgement {
  const own = merge([{ from: episode.sinceMs, to: episode.untilMs ?? ENDLESS }]);
  const outside = (times: readonly Interval[]): Interval[] => [...subtract(WHOLE, merge(times))];
  const present = subtract(own, merge(outside(around.installed)));
  if (present.length === 0) return { kind: 'suppressed', why: 'not_installed' };
  const due = subtract(present, merge(outside(around.owed)));
  // What the platform did not hear is no silence of the station's.
  const unheard = episode.cause === 'offline' ? silencesOf(around.journal, policy.slackMs) : [];
  const counted = subtract(due, merge([...around.excused, ...unheard]));
  const mustLastMs = isFlapping ? 0 : debounceMs(policy, episode.cause, episode.untilMs);
  const found = counted.find(({ from, to }) => (to > nowMs ? nowMs : to) - from >= mustLastMs && from <= nowMs);
  if (found === undefined) return notYet(present, due, counted, mustLastMs, nowMs);
  const lasts = present.at(-1)?.to === ENDLESS;
  const waitMs = lasts ? silentUntil(around.journal, found.from, mustLastMs, policy, nowMs) : null;
  if (waitMs !== null) return { kind: 'wait', dueMs: waitMs };
  return { kind: 'fault', fromMs: found.from, toMs: lasts ? null : (present.at(-1)?.to ?? null) };
}

const WHOLE = merge([{ from: -8_640_000_000_000_000, to: ENDLESS }]);

function notYet(
  present: readonly Interval[],
  due: readonly Interval[],
  counted: readonly Interval[],
  mustLastMs: number,
  nowMs: number,
): Judgement {
  const ripe = counted.find(({ from, to }) => to - from >= mustLastMs && from + mustLastMs > nowMs);
  if (ripe !== undefined) return { kind: 'wait', dueMs: Math.min(ripe.from + mustLastMs, nowMs + LOOK_AGAIN_MS) };
  if (present.at(-1)?.to === ENDLESS) return { kind: 'wait', dueMs: nowMs + LOOK_AGAIN_MS };
  if (counted.length > 0) return { kind: 'short' };
  return { kind: 'suppressed', why: due.length === 0 ? 'not_in_service' : 'excused' };
}

/** Until when the platform has to listen before what lasts since `fromMs` can be told from what it did not hear; null: it has. */
function silentUntil(
  journal: readonly Interval[],
  fromMs: number,
  mustLastMs: number,
  { graceMs, slackMs }: FaultPolicy,
  nowMs: number,
): number | null {
  const last = journal.at(-1);
  if (last === undefined) return null;
  if (nowMs - last.to > slackMs) return nowMs + DEAF_MS;
  const heardFrom = silencesOf(journal, slackMs).findLast(({ to }) => to > fromMs)?.to ?? null;
  if (heardFrom === null) return null;
  const dueMs = heardFrom + Math.max(mustLastMs, graceMs);
  return dueMs > nowMs ? dueMs : null;
}

/** Slots into which the time that is looked at is cut: as many as there are changes to weigh. */
const SLOTS = 20;

/**
 * Whether a cause flaps as of `atMs`: its changes, put into 20 slots of the last while and weighed as Nagios does; the slot's state is
 * how often the cause had changed by its end.
 */
export function flaps(changesMs: readonly number[], atMs: number, before: boolean, policy: FaultPolicy): boolean {
  const slotMs = policy.flapMs / SLOTS;
  const states = Array.from({ length: SLOTS + 1 }, (_, i) => {
    const endMs = atMs - (SLOTS - i) * slotMs;
    return changesMs.filter((ms) => ms <= endMs).length;
  });
  return isFlapping(before, flapRate(states), policy.flap);
}
