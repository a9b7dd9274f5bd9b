import { type DeviceRecord, type Envelope, encodeBatch } from '@uptally/protocol';
import type { SpoolEntry } from './ports.ts';

/** Clocks and boot at the moment of sending. */
export interface Now {
  readonly boot: number;
  readonly monoMs: number;
  readonly wallMs: number;
}

/**
 * A run of entries (one boot, no gap) as an envelope. Entries of the boot that sends carry the clocks of now; those of an earlier
 * boot the clocks of their newest sample as kept on disk, with `cur` naming the boot that sends.
 */
export function envelopeOf(entries: readonly SpoolEntry[], now: Now): Envelope {
  const first = entries[0];
  const newest = entries.at(-1);
  if (!first || !newest) throw new RangeError('a batch has at least one record');
  const live = first.boot === now.boot;
  const monoMs = live ? Math.max(Math.floor(now.monoMs), newest.monoMs) : newest.monoMs;
  return {
    v: 1,
    boot: first.boot,
    seq0: first.seq,
    sent_ms: Math.max(0, live ? Math.floor(now.wallMs) : newest.wallMs),
    mono_ms: monoMs,
    recs: entries.map(({ rec, monoMs: at }) => ({ ...rec, d_mono: Math.max(0, monoMs - at) }) as DeviceRecord),
    ...(live ? {} : { cur: now.boot }),
  };
}

/** Below this many records gzip only adds its header. */
const GZIP_RECORDS = 4;

export function encodeEntries(entries: readonly SpoolEntry[], now: Now): Uint8Array {
  return encodeBatch(envelopeOf(entries, now), { gzip: entries.length >= GZIP_RECORDS });
}
