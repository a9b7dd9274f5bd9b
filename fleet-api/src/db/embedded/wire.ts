/**
 * The parts of PostgreSQL's frontend/backend protocol v3 that the multiplexer needs: framing, start-up, a few rewrites.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const PROTOCOL_3 = 196608;

/** Largest message accepted from a client, bytes: a batch of unnest arrays stays well below. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export type Startup = 'ssl' | 'gss' | 'cancel' | 'startup' | 'unsupported';

/** A client message: one type byte, its length (itself included), the rest. */
export interface Frame {
  readonly type: number;
  readonly bytes: Buffer;
}

/** Cuts a byte stream into messages. */
export class FrameReader {
  #chunks: Buffer = Buffer.alloc(0);
  #started = false;

  /** Adds what arrived. Throws a RangeError on a message beyond {@link MAX_MESSAGE_BYTES}. */
  push(chunk: Buffer): void {
    this.#chunks = this.#chunks.length === 0 ? chunk : Buffer.concat([this.#chunks, chunk]);
    const headerAt = this.#started ? 1 : 0;
    if (this.#chunks.length >= headerAt + 4 && this.#chunks.readInt32BE(headerAt) > MAX_MESSAGE_BYTES) {
      throw new RangeError('message too large');
    }
  }

  /** The next untyped start-up message, or null if it has not arrived whole. */
  startup(): { readonly kind: Startup; readonly bytes: Buffer } | null {
    if (this.#chunks.length < 8) return null;
    const bytes = this.#take(this.#chunks.readInt32BE(0));
    if (bytes === null) return null;
    const code = bytes.readInt32BE(4);
    if (code === SSL_REQUEST) return { kind: 'ssl', bytes };
    if (code === GSS_REQUEST) return { kind: 'gss', bytes };
    if (code === CANCEL_REQUEST) return { kind: 'cancel', bytes };
    if (code !== PROTOCOL_3) return { kind: 'unsupported', bytes };
    this.#started = true;
    return { kind: 'startup', bytes };
  }

  /** The next typed message, or null if it has not arrived whole. */
  next(): Frame | null {
    if (this.#chunks.length < 5) return null;
    const bytes = this.#take(this.#chunks.readInt32BE(1) + 1);
    return bytes === null ? null : { type: bytes[0] ?? 0, bytes };
  }

  #take(length: number): Buffer | null {
    if (this.#chunks.length < length) return null;
    const bytes = this.#chunks.subarray(0, length);
    this.#chunks = this.#chunks.subarray(length);
    return bytes;
  }
}

const charCode = (char: string): number => char.charCodeAt(0);

/** Type bytes of the messages that matter here. */
export const FRONTEND = {
  query: charCode('Q'),
  parse: charCode('P'),
  bind: charCode('B'),
  describe: charCode('D'),
  close: charCode('C'),
  sync: charCode('S'),
  flush: charCode('H'),
  password: charCode('p'),
  terminate: charCode('X'),
} as const;
export const BACKEND = { ready: charCode('Z'), notification: charCode('A') } as const;

/** A message of the given type around a body. */
export function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** An ErrorResponse as PostgreSQL writes it. */
export function errorResponse(sqlstate: string, text: string, severity: 'ERROR' | 'FATAL' = 'FATAL'): Buffer {
  return message('E', Buffer.from(`S${severity}\0V${severity}\0C${sqlstate}\0M${text}\0\0`));
}

/** What a server says once a password was accepted. */
export function greeting(pid: number): Buffer {
  const parameters: readonly (readonly [string, string])[] = [
    ['server_version', '17.5'],
    ['server_encoding', 'UTF8'],
    ['client_encoding', 'UTF8'],
    ['DateStyle', 'ISO, MDY'],
    ['TimeZone', 'UTC'],
    ['integer_datetimes', 'on'],
    ['standard_conforming_strings', 'on'],
  ];
  const key = Buffer.alloc(8);
  key.writeInt32BE(pid, 0);
  return Buffer.concat([
    message('R', Buffer.alloc(4)),
    ...parameters.map(([name, value]) => message('S', Buffer.from(`${name}\0${value}\0`))),
    message('K', key),
    READY,
  ]);
}

/** ReadyForQuery, idle. */
export const READY: Buffer = message('Z', Buffer.from('I'));

function cString(bytes: Buffer, from: number): { readonly text: string; readonly end: number } {
  const zero = bytes.indexOf(0, from);
  const end = zero < 0 ? bytes.length : zero;
  return { text: bytes.toString('utf8', from, end), end: end + 1 };
}

/**
 * Gives a statement name the client's own prefix, since all clients share one session. Returns the message to send and, for
 * Parse, the prefixed name. Unnamed statements stay unnamed: a group up to Sync is executed without interruption.
 */
export function ownStatement(frame: Frame, prefix: string): { readonly bytes: Buffer; readonly parsed?: string } {
  const { type, bytes } = frame;
  if (type === FRONTEND.parse) {
    const name = cString(bytes, 5);
    if (name.text === '') return { bytes };
    return { bytes: renamed(bytes, 5, name.end, prefix + name.text), parsed: prefix + name.text };
  }
  if (type === FRONTEND.bind) {
    const portal = cString(bytes, 5);
    const name = cString(bytes, portal.end);
    return name.text === '' ? { bytes } : { bytes: renamed(bytes, portal.end, name.end, prefix + name.text) };
  }
  if ((type === FRONTEND.describe || type === FRONTEND.close) && bytes[5] === FRONTEND.sync) {
    const name = cString(bytes, 6);
    return name.text === '' ? { bytes } : { bytes: renamed(bytes, 6, name.end, prefix + name.text) };
  }
  return { bytes };
}

function renamed(bytes: Buffer, from: number, to: number, name: string): Buffer {
  const out = Buffer.concat([bytes.subarray(0, from), Buffer.from(`${name}\0`), bytes.subarray(to)]);
  out.writeInt32BE(out.length - 1, 1);
  return out;
}

/** The SQL text of a Query or Parse message. */
export function sqlOf(frame: Frame): string {
  if (frame.type === FRONTEND.query) return cString(frame.bytes, 5).text;
  if (frame.type === FRONTEND.parse) return cString(frame.bytes, cString(frame.bytes, 5).end).text;
  return '';
}

/** Backend output taken apart: notifications (for whoever listens), the rest, and the last transaction status if one was told. */
export interface Output {
  readonly replies: Buffer;
  readonly notifications: readonly Buffer[];
  readonly status: 'I' | 'T' | 'E' | null;
}

/** Walks backend messages. ReadyForQuery bytes are left in place. */
export function readOutput(bytes: Buffer): Output {
  const notifications: Buffer[] = [];
  const kept: Buffer[] = [];
  let status: Output['status'] = null;
  let keptFrom = 0;
  let at = 0;
  while (at + 5 <= bytes.length) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if (bytes[at] === BACKEND.ready) status = String.fromCharCode(bytes[at + 5] ?? 0x49) as 'I' | 'T' | 'E';
    if (bytes[at] === BACKEND.notification) {
      notifications.push(bytes.subarray(at, end));
      kept.push(bytes.subarray(keptFrom, at));
      keptFrom = end;
    }
    at = end;
  }
  if (notifications.length === 0) return { replies: bytes, notifications, status };
  kept.push(bytes.subarray(keptFrom));
  return { replies: Buffer.concat(kept), notifications, status };
}
