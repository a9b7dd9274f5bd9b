import type { Interval } from '../intervals.ts';
import type { CaseEvent, RepairStage } from './types.ts';

type Kind = CaseEvent['kind'];

/** What ends a stage. */
interface Ending {
  /** Done once and for all: it stands when the case is reopened. */
  readonly proofs: readonly Kind[];
  /** The fault is gone, or is thought to be; a reopening takes it back. */
  readonly ends: readonly Kind[];
}

/** The fault is gone: nobody has to come any more. */
const GONE = ['repaired', 'recovered', 'confirmed', 'cancelled'] as const;

/** Who is on site has responded, who repaired has too. A repair from afar ends the need to come; a restoration from afar does not. */
const ENDINGS: Readonly<Record<RepairStage, Ending>> = {
  respond: {
    proofs: ['responded', 'arrived', 'temporarily_restored', 'repaired'],
    ends: ['recovered', 'confirmed', 'cancelled'],
  },
  on_site: { proofs: ['arrived'], ends: GONE },
  temporary_restoration: { proofs: [], ends: ['temporarily_restored', ...GONE] },
  repair: { proofs: [], ends: GONE },
};

/** How far a stage has come. */
export interface Course {
  /** The earliest event that ended it, since the last reopening if that took an earlier end back; null while it is open. */
  readonly stop: CaseEvent | null;
  /** Between an end that was taken back and the reopening: nobody was to work then. */
  readonly gaps: readonly Interval[];
}

/**
 * When a stage ended, from the events since the opening in order. The earliest end counts: a click after telemetry's recovery
 * changes nothing. A reopened case continues: the end is void, the time up to the reopening is off the clock, the time before it
 * stays on it.
 */
export function stopOf(stage: RepairStage, course: readonly CaseEvent[]): Course {
  const { proofs, ends } = ENDINGS[stage];
  const gaps: Interval[] = [];
  let stop: CaseEvent | null = null;
  let proven = false;
  for (const event of course) {
    const proves = proofs.includes(event.kind);
    if (proves || ends.includes(event.kind)) stop ??= event;
    proven ||= proves;
    if (event.kind !== 'reopened' || stop === null || proven) continue;
    gaps.push({ from: stop.at, to: event.at });
    stop = null;
  }
  return { stop, gaps };
}

/** What has become of the fault. */
export function statusOf(course: readonly CaseEvent[]): 'open' | 'repaired' | 'confirmed' | 'cancelled' {
  const since = course.slice(course.findLastIndex(({ kind }) => kind === 'reopened') + 1);
  const has = (...kinds: readonly Kind[]) => since.some(({ kind }) => kinds.includes(kind));
  if (has('cancelled')) return 'cancelled';
  if (has('confirmed')) return 'confirmed';
  return has('repaired', 'recovered') ? 'repaired' : 'open';
}
