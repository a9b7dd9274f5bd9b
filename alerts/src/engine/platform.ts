/** When the platform was able to receive, from its journal. Unix ms, half-open. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * End of the newest time within `[fromMs, nowMs)` in which no instance of the platform listened for longer than `slackMs`;
 * null if there was none. An empty journal proves nothing and counts as none; so does the time before its first entry.
 */
export function platformGapEnd(
  journal: readonly Span[],
  fromMs: number,
  nowMs: number,
  slackMs: number,
): number | null {
  const spans = [...journal].sort((a, b) => a.fromMs - b.fromMs);
  let coveredTo = spans[0]?.fromMs;
  if (coveredTo === undefined) return null;
  let gapEnd: number | null = null;
  for (const span of spans) {
    if (span.fromMs - coveredTo > slackMs && span.fromMs >= fromMs && coveredTo < nowMs)
      gapEnd = Math.min(span.fromMs, nowMs);
    coveredTo = Math.max(coveredTo, span.toMs);
  }
  if (nowMs - coveredTo > slackMs) gapEnd = nowMs;
  return gapEnd;
}

/**
 * Until when an end of liveness at `atMs` must wait for judgement because the platform itself was down while the device's last
 * beats were due; null if it needs no waiting. `livenessMs` is the time that one beat proves.
 */
export function deferUntil(
  journal: readonly Span[],
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
