import type { Occurrence } from '../scenario/plan.ts';

/** A run of a device between two losses of power. Instants in true Unix ms; `offMs` is `null` for the boot that is under way. */
export interface PastBoot {
  readonly boot: number;
  readonly onMs: number;
  readonly offMs: number | null;
}

/** How long after power is back the agent runs, ms. */
const BOOT_MS = 45_000;

/**
 * The boots of a device up to `nowMs`, given what happened to it. The first began at `firstOnMs`; the last is number `lastBoot`.
 * If power is off at `nowMs`, the last one ended.
 */
export function bootsOf(
  occurrences: readonly Occurrence[],
  firstOnMs: number,
  nowMs: number,
  lastBoot: number,
): PastBoot[] {
  const cuts = mergeCuts(
    occurrences.filter((o) => o.effect.kind === 'power_off' && o.atMs > firstOnMs && o.atMs < nowMs),
  );
  const spans: { onMs: number; offMs: number | null }[] = [];
  let onMs = firstOnMs;
  for (const cut of cuts) {
    spans.push({ onMs, offMs: cut.atMs });
    onMs = cut.untilMs + BOOT_MS;
    if (onMs >= nowMs) return numbered(spans, lastBoot);
  }
  spans.push({ onMs, offMs: null });
  return numbered(spans, lastBoot);
}

function numbered(spans: readonly { onMs: number; offMs: number | null }[], lastBoot: number): PastBoot[] {
  return spans.map((span, i) => ({ ...span, boot: lastBoot - (spans.length - 1 - i) }));
}

/** Overlapping or touching cuts as one; power is not back for less time than a boot takes. */
function mergeCuts(cuts: readonly Occurrence[]): { atMs: number; untilMs: number }[] {
  const merged: { atMs: number; untilMs: number }[] = [];
  for (const cut of [...cuts].sort((a, b) => a.atMs - b.atMs)) {
    const untilMs = cut.untilMs ?? Infinity;
    const last = merged.at(-1);
    if (last && cut.atMs <= last.untilMs + BOOT_MS) last.untilMs = Math.max(last.untilMs, untilMs);
    else merged.push({ atMs: cut.atMs, untilMs });
  }
  return merged;
}
