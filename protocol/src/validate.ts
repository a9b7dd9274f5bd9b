import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { CodecError, decodePayload } from './codec.ts';
import { LIMITS } from './limits.ts';
import {
  AckMessage,
  CommandMessage,
  ConfigMessage,
  type DeviceRecord,
  EnvelopeHead,
  OtherRecord,
  RECORD_SCHEMAS,
  StatusMessage,
} from './schemas.ts';

/** A payload that is well-formed but says something the protocol does not allow. `code` is stable and counted. */
export class ProtocolError extends Error {
  readonly code: CodecError['code'] | 'bad_envelope' | 'bad_message';
  constructor(code: ProtocolError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

/** A record of a decoded batch with its identity. Strings are safe to store in PostgreSQL. */
export interface AcceptedRecord {
  readonly seq: number;
  readonly rec: DeviceRecord;
}

/** A record that can't be used; its sequence number still counts as received, so that no device sends it for ever. */
export interface RejectedRecord {
  readonly seq: number;
  readonly reason: string;
  readonly raw: unknown;
}

export interface DecodedBatch {
  readonly boot: number;
  /** Boot that sent the batch; equal to `boot` for samples of the live boot. */
  readonly cur: number;
  readonly seq0: number;
  readonly sentMs: number;
  readonly monoMs: number;
  readonly records: readonly AcceptedRecord[];
  readonly rejects: readonly RejectedRecord[];
}

const head = Compile(EnvelopeHead);
const other = Compile(OtherRecord);
const known = new Map(Object.entries(RECORD_SCHEMAS).map(([kind, schema]) => [kind, Compile(schema as TSchema)]));

/** Decodes and judges a `rec` payload. Throws {@link ProtocolError} if the envelope is unusable; single bad records are set apart. */
export function decodeBatch(payload: Uint8Array): DecodedBatch {
  const value = decoded(payload);
  if (!head.Check(value)) throw new ProtocolError('bad_envelope', firstError(head.Errors(value)));
  const records: AcceptedRecord[] = [];
  const rejects: RejectedRecord[] = [];
  value.recs.forEach((raw, i) => {
    const seq = value.seq0 + i;
    const clean = storable(raw, LIMITS.depth);
    const reason = recordFault(clean);
    if (reason === null) records.push({ seq, rec: clean as DeviceRecord });
    else rejects.push({ seq, reason, raw: clean ?? null });
  });
  const { boot, cur = boot, seq0, sent_ms: sentMs, mono_ms: monoMs } = value;
  return { boot, cur, seq0, sentMs, monoMs, records, rejects };
}

/** Decodes a `status` payload. Throws {@link ProtocolError}. */
export const decodeStatus = decoder(StatusMessage);
/** Decodes an `ack` payload. Throws {@link ProtocolError}. */
export const decodeAck = decoder(AckMessage);
/** Decodes a `cmd` payload. Throws {@link ProtocolError}. */
export const decodeCommand = decoder(CommandMessage);
/** Decodes a `cfg` payload. Throws {@link ProtocolError}. */
export const decodeConfig = decoder(ConfigMessage);

function decoder<T extends TSchema>(schema: T): (payload: Uint8Array) => Static<T> {
  const check = Compile(schema);
  return (payload) => {
    const value = storable(decoded(payload), LIMITS.depth);
    if (!check.Check(value)) throw new ProtocolError('bad_message', firstError(check.Errors(value)));
    return value as Static<T>;
  };
}

function decoded(payload: Uint8Array): unknown {
  try {
    return decodePayload(payload);
  } catch (cause) {
    if (cause instanceof CodecError) throw new ProtocolError(cause.code, cause.message, { cause });
    throw cause;
  }
}

function recordFault(rec: unknown): string | null {
  if (!other.Check(rec)) return firstError(other.Errors(rec));
  const schema = known.get(rec.k);
  return schema === undefined || schema.Check(rec) ? null : firstError(schema.Errors(rec));
}

function firstError(errors: Iterable<{ instancePath: string; message: string }>): string {
  for (const error of errors) return `${error.instancePath || '/'}: ${error.message}`;
  return 'does not match the schema';
}

/**
 * A copy that PostgreSQL can store as text and jsonb: no NUL, no lone surrogates, strings, depth and width bounded, no byte
 * strings, no `__proto__`. Values beyond a bound are cut or dropped rather than refused: the rest of the record still counts.
 */
function storable(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return typeof value === 'boolean' ? value : null;
  if (value instanceof Uint8Array || depth <= 0) return null;
  if (Array.isArray(value)) return value.slice(0, LIMITS.batchRecords).map((item) => storable(item, depth - 1));
  const clean: Record<string, unknown> = {};
  let fields = 0;
  // Every record passes here: a plain loop over what decoders make (own keys only) costs a fraction of `Object.entries`.
  for (const key in value) {
    if (++fields > LIMITS.fields) break;
    if (key === '__proto__') continue;
    clean[storableText(key)] = storable((value as Record<string, unknown>)[key], depth - 1);
  }
  return clean;
}

function storableText(text: string): string {
  const cut = text.length > LIMITS.stringLength ? text.slice(0, LIMITS.stringLength) : text;
  const withoutNul = cut.includes('\u0000') ? cut.replaceAll('\u0000', '') : cut;
  return SURROGATE.test(withoutNul) ? withoutNul.replace(LONE_SURROGATE, '\ufffd') : withoutNul;
}

const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
