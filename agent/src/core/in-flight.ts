/** A packet that waits for its PUBACK. */
export interface Sent {
  readonly sentAtMs: number;
  readonly seq0: number;
  /** 0: not a batch (birth, command progress). */
  readonly count: number;
  readonly backlog: boolean;
}

/** What is on the wire and unanswered, oldest first. */
export class InFlight {
  readonly #packets: Map<number, Sent> = new Map();
  #pingAtMs: number | null = null;

  get size(): number {
    return this.#packets.size;
  }

  get pinging(): boolean {
    return this.#pingAtMs !== null;
  }

  get hasBacklog(): boolean {
    for (const { backlog } of this.#packets.values()) if (backlog) return true;
    return false;
  }

  /** When the oldest unanswered packet left; `null` if all are answered. */
  get oldestMs(): number | null {
    const [first] = this.#packets.values();
    const times = [first?.sentAtMs, this.#pingAtMs ?? undefined].filter((atMs) => atMs !== undefined);
    return times.length === 0 ? null : Math.min(...times);
  }

  add(packetId: number, sent: Sent): void {
    this.#packets.set(packetId, sent);
  }

  /** Takes an acknowledged packet out; `null` if it is not ours. */
  take(packetId: number): Sent | null {
    const sent = this.#packets.get(packetId) ?? null;
    this.#packets.delete(packetId);
    return sent;
  }

  ping(nowMs: number): void {
    this.#pingAtMs = nowMs;
  }

  /** The round trip in ms; `null` if no ping was under way. */
  pong(nowMs: number): number | null {
    const rttMs = this.#pingAtMs === null ? null : nowMs - this.#pingAtMs;
    this.#pingAtMs = null;
    return rttMs;
  }

  clear(): void {
    this.#packets.clear();
    this.#pingAtMs = null;
  }
}
