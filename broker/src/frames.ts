/** Packet types of MQTT 3.1.1 that a client may send (section 2.2.1). */
export const PACKET = {
  connect: 1,
  publish: 3,
  puback: 4,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
} as const;

/** A stream that can't be MQTT, or a packet larger than allowed. */
export class FrameError extends Error {
  readonly code: 'malformed' | 'packet_too_large';
  constructor(code: FrameError['code'], message: string) {
    super(message);
    this.name = 'FrameError';
    this.code = code;
  }
}

const LONGEST_HEADER = 5;

/**
 * Cuts a byte stream into MQTT packets, by pull. The size limit is checked as soon as the fixed header is there, so an oversized
 * packet costs five bytes, not its length. A packet that lies whole in a chunk is a view of it; only torn ones are copied, once.
 */
export class FrameSplitter {
  maxBytes: number;
  /** The packet found by the last {@link next} that returned true, header included. */
  frame: Buffer = EMPTY;
  /** Where its variable header begins. */
  bodyAt = 0;
  #chunk: Buffer = EMPTY;
  #at = 0;
  #held: Buffer = EMPTY;
  #heldBytes = 0;
  #total = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Bytes kept for a packet that is not complete yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Adds bytes. Call only after {@link next} returned false. */
  feed(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** Moves to the next whole packet; false if there is none yet. Throws {@link FrameError}. */
  next(): boolean {
    if (this.#heldBytes > 0) return this.#nextTorn();
    const chunk = this.#chunk;
    const left = chunk.length - this.#at;
    if (left < 2 || !this.#readHeader(chunk, this.#at, left) || left < this.#total) return this.#hold();
    this.frame = chunk.subarray(this.#at, this.#at + this.#total);
    this.#at += this.#total;
    return true;
  }

  /** Drops everything. */
  clear(): void {
    this.#chunk = EMPTY;
    this.#at = 0;
    this.#held = EMPTY;
    this.#heldBytes = 0;
    this.frame = EMPTY;
  }

  /** Reads the fixed header (section 2.2); false if it is not complete. Sets bodyAt (relative) and the total length. */
  #readHeader(bytes: Buffer, at: number, left: number): boolean {
    let length = 0;
    for (let i = 1; i < LONGEST_HEADER; i += 1) {
      if (i >= left) return false;
      const byte = bytes[at + i] ?? 0;
      length += (byte & 0x7f) * 2 ** (7 * (i - 1));
      if (byte < 0x80) {
        this.bodyAt = i + 1;
        this.#total = i + 1 + length;
        if (this.#total > this.maxBytes) throw new FrameError('packet_too_large', `packet of ${this.#total} bytes`);
        return true;
      }
    }
    throw new FrameError('malformed', 'remaining length of more than four bytes');
  }

  #hold(): false {
    const rest = this.#chunk.subarray(this.#at);
    this.#chunk = EMPTY;
    this.#at = 0;
    if (rest.length > 0) {
      this.#held = Buffer.allocUnsafe(Math.max(64, rest.length));
      rest.copy(this.#held);
      this.#heldBytes = rest.length;
    }
    return false;
  }

  #nextTorn(): boolean {
    while (this.#heldBytes < 2 || !this.#readHeader(this.#held, 0, this.#heldBytes)) {
      if (!this.#holdMore(1)) return false;
    }
    const missing = this.#total - this.#heldBytes;
    if (missing > 0) this.#holdMore(missing);
    if (this.#heldBytes < this.#total) return false;
    this.frame = this.#held.subarray(0, this.#total);
    this.#held = EMPTY;
    this.#heldBytes = 0;
    return true;
  }

  /** Moves up to `wanted` bytes from the chunk to the held ones; false if there were none. Grows by doubling: a drip stays linear. */
  #holdMore(wanted: number): boolean {
    const take = Math.min(wanted, this.#chunk.length - this.#at);
    if (take <= 0) return false;
    if (this.#heldBytes + take > this.#held.length) {
      const grown = Buffer.allocUnsafe(Math.max(64, 2 * this.#held.length, this.#heldBytes + take));
      this.#held.copy(grown, 0, 0, this.#heldBytes);
      this.#held = grown;
    }
    this.#chunk.copy(this.#held, this.#heldBytes, this.#at, this.#at + take);
    this.#heldBytes += take;
    this.#at += take;
    return true;
  }
}

const EMPTY: Buffer = Buffer.alloc(0);
