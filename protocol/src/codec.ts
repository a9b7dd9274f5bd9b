import { gunzipSync, gzipSync } from 'node:zlib';
import { decode as cborDecode, encode as cborEncode } from 'cborg';
import { LIMITS } from './limits.ts';
import type { Envelope } from './schemas.ts';
import { RECORD_KINDS } from './vocabulary.ts';

/**
 * Bytes to values and back, without judging their meaning. The first byte tells the form:
 * `{` JSON · 0xA0..0xBF CBOR map · 0x80..0x9F packed batch (CBOR array, see {@link encodeBatch}) · 0x1F gzip around any of these.
 */

/** A payload that is not well-formed. `code` is stable and counted. */
export class CodecError extends Error {
  readonly code: 'empty' | 'unknown_form' | 'malformed' | 'too_large' | 'too_deep';
  constructor(code: CodecError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodecError';
    this.code = code;
  }
}

const CBOR_STRICT = {
  allowBigInt: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowIndefinite: false,
  rejectDuplicateMapKeys: true,
  useMaps: false,
} as const;

/** Any JSON-like value as CBOR. */
export function encodeCbor(value: unknown): Uint8Array {
  return cborEncode(value);
}

/**
 * A batch in its most frugal form: CBOR `[v, boot, seq0, sent_ms, mono_ms, recs, cur?]`, each record `[kind, d_mono, rest?]` with
 * `kind` the index in RECORD_KINDS (or the name of an unknown kind) and `rest` its other fields. 40 bytes less a beat than a
 * map, which is 1.7 MB a month on a metered SIM (R-HN-6). Gzipped if `gzip` is set and it helps.
 */
export function encodeBatch(envelope: Envelope, options: { readonly gzip?: boolean } = {}): Uint8Array {
  const recs = envelope.recs.map((rec) => {
    const { k, d_mono, ...rest } = rec;
    const kind = (RECORD_KINDS as readonly string[]).indexOf(k);
    const packed: unknown[] = [kind >= 0 ? kind : k, d_mono];
    if (Object.keys(rest).length > 0) packed.push(rest);
    return packed;
  });
  const { v, boot, seq0, sent_ms, mono_ms, cur } = envelope;
  const plain = cborEncode(
    cur === undefined ? [v, boot, seq0, sent_ms, mono_ms, recs] : [v, boot, seq0, sent_ms, mono_ms, recs, cur],
  );
  if (!options.gzip) return plain;
  const zipped = gzipSync(plain, { level: 9 });
  return zipped.length < plain.length ? zipped : plain;
}

/** Decodes a payload of any form into plain objects. Throws {@link CodecError}. */
export function decodePayload(payload: Uint8Array): unknown {
  const first = payload[0];
  if (first === undefined) throw new CodecError('empty', 'empty payload');
  if (payload.length > LIMITS.packetBytes) throw new CodecError('too_large', `payload of ${payload.length} bytes`);
  const value = first === 0x1f ? decodePlain(inflate(payload)) : decodePlain(payload);
  if (depthOf(value, LIMITS.depth + 4) > LIMITS.depth + 3) throw new CodecError('too_deep', 'nested too deeply');
  return value;
}

function inflate(payload: Uint8Array): Uint8Array {
  try {
    return gunzipSync(payload, { maxOutputLength: LIMITS.inflatedBytes });
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new CodecError(tooLarge ? 'too_large' : 'malformed', 'gzip payload can not be inflated', { cause });
  }
}

function decodePlain(bytes: Uint8Array): unknown {
  const first = bytes[0];
  if (first === undefined) throw new CodecError('empty', 'empty payload');
  try {
    if (first === 0x7b) return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
    if (first >= 0xa0 && first <= 0xbf) return cborDecode(bytes, CBOR_STRICT) as unknown;
    if (first >= 0x80 && first <= 0x9f) return unpack(cborDecode(bytes, CBOR_STRICT) as unknown[]);
  } catch (cause) {
    throw new CodecError('malformed', `not well-formed: ${cause instanceof Error ? cause.message : 'unknown'}`, {
      cause,
    });
  }
  throw new CodecError('unknown_form', `first byte 0x${first.toString(16)} is neither JSON, CBOR nor gzip`);
}

function unpack(packed: readonly unknown[]): unknown {
  const [v, boot, seq0, sent_ms, mono_ms, recs, cur] = packed;
  if (!Array.isArray(recs)) throw new Error('packed batch has no list of records');
  const head = { v, boot, seq0, sent_ms, mono_ms, recs: recs.map(unpackRecord) };
  return cur === undefined ? head : { ...head, cur };
}

function unpackRecord(packed: unknown): unknown {
  if (!Array.isArray(packed)) return packed;
  const [kind, d_mono, rest] = packed as unknown[];
  const k = typeof kind === 'number' ? (RECORD_KINDS[kind] ?? `kind_${kind}`) : kind;
  return isObject(rest) ? { ...rest, k, d_mono } : { k, d_mono };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nesting of a value, counted up to `limit`. */
function depthOf(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (limit <= 0) return 1;
  let deepest = 0;
  // Every payload passes here; what decoders make has own keys only.
  for (const key in value) {
    const child = (value as Record<string, unknown>)[key];
    if (typeof child !== 'object' || child === null) continue;
    deepest = Math.max(deepest, depthOf(child, limit - 1));
    if (deepest >= limit) break;
  }
  return deepest + 1;
}
