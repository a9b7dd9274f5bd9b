import { encodeBatch, topicOf } from '@uptally/protocol';

/** Raw MQTT 3.1.1 frames: a load generator must cost less than what it measures. */

/** CONNECT with clean session, keep-alive 10 min. */
export function connectFrame(deviceId: string, secret: string): Buffer {
  const rest = Buffer.concat([
    text('MQTT'),
    Buffer.from([4, 0b1100_0010, 0x02, 0x58]),
    text(deviceId),
    text(deviceId),
    text(secret),
  ]);
  return Buffer.concat([Buffer.from([0x10, ...remaining(rest.length)]), rest]);
}

const BEAT_SEQ0 = 0x10000;
/** Time since boot of every device when its frame is made, ms. */
const UP_MS = 86_400_000;
const HIGH = 2 ** 32;

/** A beat as the agent sends it: one record, packed. Message id, sequence number and both clocks are patched in place. */
export class BeatFrame {
  readonly #frame: Buffer;
  readonly #idAt: number;
  readonly #seqAt: number;
  readonly #madeMs = performance.now();
  readonly #wallMs = Date.now();
  #seq: number;
  #messageId = 0;

  constructor(deviceId: string, firstSeq: number) {
    const envelope = { v: 1, boot: 1, seq0: BEAT_SEQ0, sent_ms: this.#wallMs, mono_ms: UP_MS } as const;
    const payload = Buffer.from(encodeBatch({ ...envelope, recs: [{ k: 'beat', d_mono: 0 }] }));
    // Array, v, boot, then seq0 as uint32, sent_ms as uint64, mono_ms as uint32.
    if (payload[3] !== 0x1a || payload[8] !== 0x1b || payload[17] !== 0x1a) throw new Error('the envelope has changed');
    const topic = text(topicOf(deviceId, 'rec'));
    const length = topic.length + 2 + payload.length;
    const head = Buffer.from([0x32, ...remaining(length)]);
    this.#frame = Buffer.concat([head, topic, Buffer.from([0, 0]), payload]);
    this.#idAt = head.length + topic.length;
    this.#seqAt = this.#idAt + 2 + 4;
    this.#seq = BEAT_SEQ0 + firstSeq;
  }

  /** The next `count` publishes in one piece. */
  next(count: number): Buffer {
    const size = this.#frame.length;
    const out = Buffer.allocUnsafe(size * count);
    const passedMs = Math.floor(performance.now() - this.#madeMs);
    const sentMs = this.#wallMs + passedMs;
    for (let i = 0; i < count; i += 1) {
      this.#messageId = this.#messageId === 0xffff ? 1 : this.#messageId + 1;
      this.#frame.copy(out, i * size);
      out.writeUInt16BE(this.#messageId, i * size + this.#idAt);
      const at = i * size + this.#seqAt;
      out.writeUInt32BE(this.#seq, at);
      out.writeUInt32BE(Math.floor(sentMs / HIGH), at + 5);
      out.writeUInt32BE(sentMs % HIGH, at + 9);
      out.writeUInt32BE(UP_MS + passedMs, at + 14);
      this.#seq += 1;
    }
    return out;
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

function remaining(length: number): number[] {
  return length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
}
