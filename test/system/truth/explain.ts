import type { TrueInterval } from '../../../sim/src/truth/truth.ts';
import { type Interval, RECOVERY_MS, type Segment } from '../../../sla/src/index.ts';
import { BEAT_MS } from './world.ts';

/** Liveness of the beats of this world, ms. */
export const L_MS = 2.5 * BEAT_MS;
const GRACE_MS = 30_000;
/** Longest back-off of the agent, its wait for an answer, and a boot: what a way back may take beside a beat, ms. */
const WAY_BACK_MS = 120_000 + 30_000 + 70_000;
/** Latency, rounding to whole ms and the error of placement by anchors (ADR 4: half a second and what drifts), ms. */
const PLACEMENT_MS = 5_000;

export const RULES = {
  placement: 'latency and the placement of samples: a few seconds at any edge',
  liveness: 'a beat counts for L: up to L more after the last one',
  grace: 'a beat that is heard within an interval and 30 s is live: so much of a silence does not show',
  sampling: 'up again is seen by the next beat: up to an interval and the way back',
  platform: 'nobody knows while the platform is out, and five minutes more',
  missing: 'records that the spool had to drop',
  estimated: 'a boot that never met the platform is placed by its wall clock',
  undelivered: 'what waits in the spool at the end',
} as const;
export type RuleName = keyof typeof RULES;

/** A stretch in which our timeline and the truth differ. */
export interface Piece extends Interval {
  readonly dimension: 'network' | 'equipment';
  readonly ours: Segment;
  readonly truth: TrueInterval;
}

export interface Grounds {
  readonly outages: readonly Interval[];
  /** Times of which records of the device were dropped, and around samples that were placed by wall clock. */
  readonly dropped: readonly Interval[];
  readonly estimated: readonly Interval[];
  /** End of what was ever heard of the device. */
  readonly heardMs: number;
}

/** The rule that accounts for a difference, if it is within that rule's bound; null: nothing does. */
export function explain(piece: Piece, grounds: Grounds): RuleName | null {
  const { from, to, ours, truth } = piece;
  const within = (spans: readonly Interval[], afterMs = 0): boolean =>
    spans.some((span) => from >= span.from - PLACEMENT_MS && to <= span.to + afterMs + PLACEMENT_MS);
  if (ours.state === 'unknown' && ours.cause === 'platform' && within(grounds.outages, RECOVERY_MS)) return 'platform';
  if (to - from <= PLACEMENT_MS) return 'placement';
  if (ours.state === 'up' && !truth.up) {
    if (to <= truth.fromMs + L_MS + PLACEMENT_MS) return 'liveness';
    if (from >= truth.toMs - BEAT_MS - GRACE_MS - WAY_BACK_MS) return 'grace';
  }
  if (ours.state !== 'up' && truth.up && to <= truth.fromMs + BEAT_MS + WAY_BACK_MS) return 'sampling';
  if (within(grounds.dropped, L_MS)) return 'missing';
  if (within(grounds.estimated, L_MS)) return 'estimated';
  if (ours.state === 'unknown' && from >= grounds.heardMs) return 'undelivered';
  return null;
}
