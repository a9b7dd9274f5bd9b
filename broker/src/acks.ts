/** A publish that waits for its acknowledgement. */
export interface PendingAck {
  /** 0 for QoS 0: takes a place in the window, gets no answer. */
  readonly messageId: number;
  settled: boolean;
}

/**
 * Publishes of one connection in the order of their arrival. PUBACKs leave in that order ([MQTT-4.6.0-2]), whatever order the
 * sink settles them in.
 */
export class AckQueue {
  readonly #pending: PendingAck[] = [];

  get size(): number {
    return this.#pending.length;
  }

  add(messageId: number): PendingAck {
    const pending = { messageId, settled: false };
    this.#pending.push(pending);
    return pending;
  }

  /** Removes the settled head of the queue and gives its PUBACK packets, or null if there is none to send. */
  take(): Buffer | null {
    let settled = 0;
    let answers = 0;
    for (const pending of this.#pending) {
      if (!pending.settled) break;
      settled += 1;
      if (pending.messageId > 0) answers += 1;
    }
    if (settled === 0) return null;
    const bytes = Buffer.allocUnsafe(answers * 4);
    let at = 0;
    for (const { messageId } of this.#pending.splice(0, settled)) {
      if (messageId === 0) continue;
      bytes[at] = 0x40;
      bytes[at + 1] = 2;
      bytes[at + 2] = messageId >> 8;
      bytes[at + 3] = messageId & 0xff;
      at += 4;
    }
    return bytes;
  }
}
