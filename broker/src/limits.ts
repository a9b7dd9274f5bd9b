import { LIMITS } from '@uptally/protocol';

/** Bounds of one broker process. What exceeds one is refused or made to wait, and counted; memory never follows the sender. */
export interface BrokerLimits {
  /** Largest MQTT packet of an authenticated device, bytes. */
  readonly packetBytes: number;
  /** Largest packet before authentication, bytes: CONNECT with its will. */
  readonly connectBytes: number;
  /** Largest birth or will, bytes: these are kept per device. */
  readonly statusBytes: number;
  /** Unacknowledged publishes of one connection; more are left unread. */
  readonly inflight: number;
  readonly topicLevels: number;
  /** Messages and bytes handed to the sink and not settled, all connections together; beyond, sockets are left unread. */
  readonly totalInflight: number;
  readonly totalInflightBytes: number;
  readonly connections: number;
  /** Token buckets for new connections: all addresses, and each. Wide enough for a fleet behind one address after a power cut. */
  readonly connectionsPerSecond: number;
  readonly connectionBurst: number;
  readonly addressPerSecond: number;
  readonly addressBurst: number;
  /** From accepting the socket to CONNECT. */
  readonly connectTimeoutMs: number;
  /** Longest silence of a connection whose keep-alive is 0 or longer. */
  readonly idleMs: number;
  /** Longest time that a device may leave what we sent unread. */
  readonly slowReaderMs: number;
  readonly authParallel: number;
  readonly authQueue: number;
  readonly authTimeoutMs: number;
  /** Commands kept by the broker for one absent device. */
  readonly offlineQueue: number;
  /** How long stop() waits for messages in flight. */
  readonly drainMs: number;
}

export const DEFAULT_LIMITS: BrokerLimits = {
  packetBytes: LIMITS.packetBytes,
  connectBytes: 4096,
  statusBytes: 2048,
  inflight: LIMITS.inflight,
  topicLevels: LIMITS.topicLevels,
  totalInflight: 100_000,
  totalInflightBytes: 64 * 1024 * 1024,
  connections: 50_000,
  connectionsPerSecond: 2_000,
  connectionBurst: 10_000,
  addressPerSecond: 500,
  addressBurst: 5_000,
  connectTimeoutMs: 10_000,
  idleMs: 3_600_000,
  slowReaderMs: 30_000,
  authParallel: 256,
  authQueue: 20_000,
  authTimeoutMs: 15_000,
  offlineQueue: 100,
  drainMs: 3_000,
};

/** Classic token bucket; starts full. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
    this.#atMs = nowMs;
  }

  take(nowMs: number): boolean {
    this.#refill(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** True if nothing would be lost by forgetting this bucket. */
  full(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#tokens >= this.#burst;
  }

  #refill(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.#atMs); // a wall clock may step back
    this.#tokens = Math.min(this.#burst, this.#tokens + passedMs * this.#perMs);
    this.#atMs = nowMs;
  }
}

/** Decides which new sockets are let in: total number, rate over all, rate per address. */
export class Admission {
  readonly #limits: BrokerLimits;
  readonly #all: TokenBucket;
  readonly #byAddress = new Map<string, TokenBucket>();

  constructor(limits: BrokerLimits, nowMs: number) {
    this.#limits = limits;
    this.#all = new TokenBucket(limits.connectionsPerSecond, limits.connectionBurst, nowMs);
  }

  refusal(address: string, open: number, nowMs: number): 'connection_rate' | 'connection_limit' | null {
    if (open >= this.#limits.connections) return 'connection_limit';
    let bucket = this.#byAddress.get(address);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#limits.addressPerSecond, this.#limits.addressBurst, nowMs);
      this.#byAddress.set(address, bucket);
    }
    return bucket.take(nowMs) && this.#all.take(nowMs) ? null : 'connection_rate';
  }

  /** Forgets addresses that owe nothing. */
  sweep(nowMs: number): void {
    for (const [address, bucket] of this.#byAddress) if (bucket.full(nowMs)) this.#byAddress.delete(address);
  }
}

/** Something that stopped reading for want of budget and wants to be told when there is some again. */
export interface Waiter {
  wake(): void;
}

/** Messages handed to the sink and not settled, over all connections: what makes a slow sink stop the sockets. */
export class Budget {
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  readonly #waiting = new Set<Waiter>();
  messages = 0;
  bytes = 0;

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  get exhausted(): boolean {
    return this.messages >= this.#maxMessages || this.bytes >= this.#maxBytes;
  }

  take(bytes: number): void {
    this.messages += 1;
    this.bytes += bytes;
  }

  give(bytes: number): void {
    this.messages -= 1;
    this.bytes -= bytes;
    while (this.#waiting.size > 0 && !this.exhausted) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      this.#waiting.delete(first);
      first.wake();
    }
  }

  wait(waiter: Waiter): void {
    this.#waiting.add(waiter);
  }

  forget(waiter: Waiter): void {
    this.#waiting.delete(waiter);
  }
}
