import { type Interval, silencesOf } from '@uptally/fleet-api/platform';

/**
 * End of the newest time within `[fromMs, nowMs)` in which no instance of the platform listened for longer than `slackMs`;
 * null if there was none. An empty journal proves nothing and counts as none; so does the time before its first entry. Entries are
 * ordered by their beginning.
 */
export function platformGapEnd(
  journal: readonly Interval[],
  fromMs: number,
  nowMs: number,
  slackMs: number,
): number | null {
  if (journal.length === 0) return null;
  if (nowMs - Math.max(...journal.map(({ to }) => to)) > slackMs) return nowMs;
  const gap = silencesOf(journal, slackMs).findLast(({ from, to }) => to >= fromMs && from < nowMs);
  return gap === undefined ? null : Math.min(gap.to, nowMs);
}

/**
 * Until when an end of liveness at `atMs` must wait for judgement because the platform itself was down while the device's last
 * beats were due; null if it needs no waiting. `livenessMs` is the time that one beat proves.
 */
export function deferUntil(
  journal: readonly Interval[],
  atMs: number,
  nowMs: number,
  livenessMs: number,
  rules: { readonly slackMs: number; readonly graceMs: number },
): number | null {
  const gapEnd = platformGapEnd(journal, atMs - livenessMs, nowMs, rules.slackMs);
  if (gapEnd === null) return null;
  const dueMs = gapEnd + livenessMs + rules.graceMs;
  return dueMs > nowMs ? dueMs : null;
}
