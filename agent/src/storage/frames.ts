import { crc32 } from 'node:zlib';
import { encodeCbor } from '@uptally/protocol';
import { decode } from 'cborg';
import type { RecordBody, SpoolEntry } from '../core/ports.ts';

/**
 * The form of a spool segment: frames of `magic(1) length(4, LE) crc32(4, LE) payload`. The payload is CBOR: `[seq, boot, mono_ms,
 * wall_ms, record]` for an entry, `[seq0, count]` for an acknowledgement.
 */

const MAGIC = 0xa5;
const HEAD_BYTES = 9;
const MAX_PAYLOAD_BYTES = 64 * 1024;

export interface StoredEntry {
  readonly entry: SpoolEntry;
  readonly bytes: number;
}

export interface SegmentContent {
  readonly entries: readonly StoredEntry[];
  readonly acks: readonly (readonly [seq0: number, count: number])[];
  /** Bytes that belong to no intact frame. */
  readonly damagedBytes: number;
}

/** Bytes of an entry's frame. Throws RangeError if the record is too large to keep. */
export function entryFrame({ seq, boot, monoMs, wallMs, rec }: SpoolEntry): Buffer {
  return frame(encodeCbor([seq, boot, monoMs, wallMs, rec]));
}

export function ackFrame(seq0: number, count: number): Buffer {
  return frame(encodeCbor([seq0, count]));
}

function frame(payload: Uint8Array): Buffer {
  if (payload.length > MAX_PAYLOAD_BYTES) throw new RangeError(`record of ${payload.length} bytes`);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
  bytes[0] = MAGIC;
  bytes.writeUInt32LE(payload.length, 1);
  bytes.writeUInt32LE(crc32(payload), 5);
  bytes.set(payload, HEAD_BYTES);
  return bytes;
}

/** Reads a segment. Damage costs the frames that it touches and no others: reading goes on at the next intact frame. */
export function readSegment(bytes: Buffer): SegmentContent {
  const entries: StoredEntry[] = [];
  const acks: [number, number][] = [];
  let damagedBytes = 0;
  let at = 0;
  while (at < bytes.length) {
    const payload = payloadAt(bytes, at);
    const value = payload && decoded(payload);
    if (!payload || !value) {
      damagedBytes++;
      at++;
      continue;
    }
    if (value.length === 2) acks.push(value);
    else entries.push({ entry: value[0], bytes: HEAD_BYTES + payload.length });
    at += HEAD_BYTES + payload.length;
  }
  return { entries, acks, damagedBytes };
}

function payloadAt(bytes: Buffer, at: number): Buffer | null {
  if (bytes[at] !== MAGIC || at + HEAD_BYTES > bytes.length) return null;
  const length = bytes.readUInt32LE(at + 1);
  const end = at + HEAD_BYTES + length;
  if (length > MAX_PAYLOAD_BYTES || end > bytes.length) return null;
  const payload = bytes.subarray(at + HEAD_BYTES, end);
  return crc32(payload) === bytes.readUInt32LE(at + 5) ? payload : null;
}

function decoded(payload: Buffer): [SpoolEntry] | [number, number] | null {
  const value: unknown = decode(payload);
  if (!Array.isArray(value)) return null;
  const [seq, second, monoMs, wallMs, rec] = value as number[];
  if (seq === undefined || second === undefined) return null;
  if (value.length === 2) return [seq, second];
  if (monoMs === undefined || wallMs === undefined) return null;
  return [{ seq, boot: second, monoMs, wallMs, rec: rec as unknown as RecordBody }];
}
