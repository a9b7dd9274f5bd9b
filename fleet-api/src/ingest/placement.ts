import { LIVE_GRACE_MS } from '@uptally/protocol';

/**
 * Where a sample lies in server time (docs/adr/0004-time-placement.md). Pure: instants come in, nothing is read or kept
 * elsewhere. Wall clocks of devices never move a sample of a live boot.
 */

/** `flags` of a record. */
export const FLAG_LIVE = 1;
export const FLAG_ESTIMATED = 2;

/** A lower offset replaces the one in force only if it is lower by this, ms: jitter below it costs no row. */
export const STEP_MS = 50;
/** Drift that raises the offset is followed once the lowest contact of a window lies this far above, ms. */
export const DRIFT_MS = 500;
/** Window over which the lowest contact is taken before drift is believed, and its contacts at least. */
export const DRIFT_WINDOW_MS = 10 * 60_000;
export const DRIFT_CONTACTS = 5;
/** A change of the wall clock against ours worth a row, ms, and the time between two such rows. */
export const WALL_STEP_MS = 5_000;
export const WALL_PAUSE_MS = 60_000;
/** Anchors kept for a boot; beyond, the last one stays in force. */
export const MAX_ANCHORS = 256;

/** Server time of a boot's monotonic zero from `fromMonoMs` on. A row of `boot_anchor`. */
export interface Anchor {
  readonly fromMonoMs: number;
  /** Server Unix ms minus monotonic ms. */
  readonly offsetMs: number;
  /** Server Unix ms minus device wall ms at the same moment; null if only a birth told of it. */
  readonly wallOffsetMs: number | null;
}

/** What is known of one boot: its anchors in order of `fromMonoMs`, and the window in which drift is watched. */
export interface BootClock {
  readonly anchors: Anchor[];
  windowSinceMs: number;
  windowContacts: number;
  windowLowestMs: number;
  wallSinceMs: number;
}

/** One contact with a live boot: its clocks when it sent, ours when we received. */
export interface Contact {
  readonly receivedMs: number;
  readonly monoMs: number;
  readonly sentMs: number | null;
}

export function bootClock(anchors: readonly Anchor[] = []): BootClock {
  return {
    anchors: [...anchors].sort((a, b) => a.fromMonoMs - b.fromMonoMs),
    windowSinceMs: 0,
    windowContacts: 0,
    windowLowestMs: Number.POSITIVE_INFINITY,
    wallSinceMs: 0,
  };
}

/**
 * Takes a contact into account. Returns the anchor that it adds, already part of `clock`, or null. Latency only ever raises
 * `received - mono`, so the lowest is nearest to the truth; what was placed before stays where it is.
 */
export function observe(clock: BootClock, contact: Contact): Anchor | null {
  const offsetMs = contact.receivedMs - contact.monoMs;
  const wallOffsetMs = contact.sentMs === null ? null : contact.receivedMs - contact.sentMs;
  const last = clock.anchors.at(-1);
  if (last === undefined) {
    clock.wallSinceMs = contact.receivedMs;
    return append(clock, { fromMonoMs: 0, offsetMs, wallOffsetMs });
  }
  const fromMonoMs = contact.monoMs;
  const next = correctedOffset(clock, contact.receivedMs, offsetMs, last.offsetMs);
  if (fromMonoMs <= last.fromMonoMs || clock.anchors.length >= MAX_ANCHORS) return null;
  if (next !== null)
    return append(clock, { fromMonoMs, offsetMs: next, wallOffsetMs: wallOffsetMs ?? last.wallOffsetMs });
  if (wallOffsetMs === null || !wallMoved(clock, last, wallOffsetMs, contact.receivedMs)) return null;
  clock.wallSinceMs = contact.receivedMs;
  return append(clock, { fromMonoMs, offsetMs: last.offsetMs, wallOffsetMs });
}

function correctedOffset(clock: BootClock, nowMs: number, offsetMs: number, inForceMs: number): number | null {
  if (offsetMs < inForceMs - STEP_MS) {
    openWindow(clock, nowMs);
    return offsetMs;
  }
  if (clock.windowContacts === 0) openWindow(clock, nowMs);
  clock.windowContacts += 1;
  clock.windowLowestMs = Math.min(clock.windowLowestMs, offsetMs);
  if (nowMs - clock.windowSinceMs < DRIFT_WINDOW_MS || clock.windowContacts < DRIFT_CONTACTS) return null;
  const lowestMs = clock.windowLowestMs;
  openWindow(clock, nowMs);
  return lowestMs > inForceMs + DRIFT_MS ? lowestMs : null;
}

function openWindow(clock: BootClock, nowMs: number): void {
  clock.windowSinceMs = nowMs;
  clock.windowContacts = 0;
  clock.windowLowestMs = Number.POSITIVE_INFINITY;
}

function wallMoved(clock: BootClock, last: Anchor, wallOffsetMs: number, nowMs: number): boolean {
  if (last.wallOffsetMs !== null && Math.abs(wallOffsetMs - last.wallOffsetMs) < WALL_STEP_MS) return false;
  return last.wallOffsetMs === null || nowMs - clock.wallSinceMs >= WALL_PAUSE_MS;
}

function append(clock: BootClock, anchor: Anchor): Anchor {
  clock.anchors.push(anchor);
  return anchor;
}

/** Server time of monotonic instant `monoMs`, or null if the boot was never anchored. */
export function placeMono(clock: BootClock, monoMs: number): number | null {
  const { anchors } = clock;
  for (let i = anchors.length - 1; i > 0; i -= 1) {
    const anchor = anchors[i];
    if (anchor !== undefined && anchor.fromMonoMs <= monoMs) return monoMs + anchor.offsetMs;
  }
  const first = anchors[0];
  return first === undefined ? null : monoMs + first.offsetMs;
}

/** Clocks of a batch of a boot that is over: both at the newest sample of the batch. */
export interface PastBatch {
  readonly monoMs: number;
  readonly sentMs: number;
}

/**
 * Server time of the newest sample of a batch whose boot was never anchored: its wall clock plus the last offset known of it,
 * but not after `limitMs`, when the next known boot began or the batch was received.
 */
export function estimate(batch: PastBatch, wallOffsetMs: number | null, limitMs: number): number {
  return Math.min(batch.sentMs + (wallOffsetMs ?? 0), limitMs);
}

/** True if a sample of the sending boot was heard within a beat and the grace of its time. */
export function isLive(sampleMs: number, receivedMs: number, beatMs: number): boolean {
  return receivedMs - sampleMs <= beatMs + LIVE_GRACE_MS;
}
