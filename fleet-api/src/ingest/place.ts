import type { DecodedBatch } from '@uptally/protocol/validate';
import { type DeviceContext, mayAnchorNewBoot } from './contexts.ts';
import {
  type Anchor,
  type BootClock,
  bootClock,
  estimate,
  FLAG_ESTIMATED,
  FLAG_LIVE,
  isLive,
  observe,
  placeMono,
} from './placement.ts';

/** Samples older than this at reception are refused: a device must not be able to create chunks anywhere in time. */
export const MAX_AGE_MS = 400 * 86_400_000;

/** A batch in server time. */
export interface PlacedBatch {
  /** Sample times of `batch.records`, Unix ms, in their order; null if too old to be stored. */
  readonly times: readonly (number | null)[];
  /** FLAG_ESTIMATED or 0, for all records. */
  readonly flags: number;
  /** True if the sending boot took the samples: they are live if fresh. */
  readonly ownBoot: boolean;
  /** Row that this batch adds to `boot_anchor`. */
  readonly anchor: Anchor | null;
}

/** Places a batch and lets the context learn from it. Call it once a batch: a second call counts as a second contact. */
export function placeBatch(context: DeviceContext, batch: DecodedBatch, receivedMs: number): PlacedBatch {
  const clock = clockOf(context, batch.boot);
  const ownBoot = batch.cur === batch.boot;
  let anchor: Anchor | null = null;
  let flags = 0;
  let limitMs = receivedMs;
  if (ownBoot) {
    const isNew = clock.anchors.length === 0;
    anchor = observe(clock, { receivedMs, monoMs: batch.monoMs, sentMs: batch.sentMs });
    context.wallOffsetMs = receivedMs - batch.sentMs;
    if (isNew && !mayAnchorNewBoot(context, receivedMs)) {
      anchor = null;
      flags = FLAG_ESTIMATED;
    }
  } else {
    limitMs = Math.min(receivedMs, beginOf(context, batch.cur) ?? receivedMs);
    if (clock.anchors.length === 0) flags = FLAG_ESTIMATED;
  }
  const newestMs = flags === FLAG_ESTIMATED && !ownBoot ? estimate(batch, context.wallOffsetMs, limitMs) : null;
  const times = batch.records.map(({ rec }) => {
    const placed = newestMs === null ? placeMono(clock, batch.monoMs - rec.d_mono) : newestMs - rec.d_mono;
    const ms = Math.min(placed ?? receivedMs, limitMs);
    return receivedMs - ms > MAX_AGE_MS ? null : ms;
  });
  return { times, flags, ownBoot, anchor };
}

/** Flags of one record of a placed batch. What is only estimated is never live: it would prove a time that nobody knows. */
export function flagsOf({ flags, ownBoot }: PlacedBatch, ms: number, receivedMs: number, beatMs: number): number {
  return flags === 0 && ownBoot && isLive(ms, receivedMs, beatMs) ? FLAG_LIVE : flags;
}

/** A birth is a contact too, and mostly the first of its boot. Returns the anchor that it adds. */
export function placeBirth(context: DeviceContext, boot: number, monoMs: number, receivedMs: number): Anchor | null {
  const clock = clockOf(context, boot);
  const isNew = clock.anchors.length === 0;
  const anchor = observe(clock, { receivedMs, monoMs, sentMs: null });
  return isNew && !mayAnchorNewBoot(context, receivedMs) ? null : anchor;
}

function clockOf(context: DeviceContext, boot: number): BootClock {
  const known = context.boots.get(boot);
  if (known !== undefined) return known;
  const clock = bootClock();
  context.boots.set(boot, clock);
  return clock;
}

/** When a boot began, as far as its clock is known. */
function beginOf(context: DeviceContext, boot: number): number | null {
  return context.boots.get(boot)?.anchors[0]?.offsetMs ?? null;
}
