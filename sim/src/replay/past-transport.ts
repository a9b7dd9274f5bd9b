import type { ConnectRequest, Link, LinkHandlers, Transport } from '@uptally/agent';
import type { UpChannel } from '@uptally/protocol';
import type { Path } from '../device/link.ts';
import type { PlatformTimes } from './platform-times.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A connection attempt into the void is given up after this, ms. */
const DIAL_MS = 2_000;
/** What a lost answer is late by, ms: TCP sends it again. */
const RETRANSMITTED_MS = 5_500;
/** Time from the reception of a batch to its commit, ms. */
const COMMIT_MS = 40;
/** Packet ids of messages that go nowhere. */
const VOID_ID = 65_535;

export interface PastTransportOptions {
  readonly time: VirtualTime;
  readonly platform: PlatformTimes;
  readonly path: () => Path;
  /** A message has reached the platform. */
  readonly receive: (channel: UpChannel, atMs: number, payload: Uint8Array) => void;
}

/**
 * Radio network, broker and platform as one device meets them, in virtual time: round trips, paths that break without a word, a
 * broker that publishes the will of a connection that fell silent, a platform that is out at times.
 */
export class PastTransport implements Transport {
  readonly #options: PastTransportOptions;
  /** The connection that the broker believes in. */
  #atBroker: PastLink | null = null;
  readonly #links: Set<PastLink> = new Set();
  #lastMs = 0;

  constructor(options: PastTransportOptions) {
    this.#options = options;
    for (const outage of options.platform.outages) options.time.at(outage.fromMs, () => this.#platformFails());
  }

  open(request: ConnectRequest, handlers: LinkHandlers): Link {
    const link = new PastLink(this, request, handlers, this.#options);
    this.#links.add(link);
    link.dial();
    return link;
  }

  /** The path broke under living connections: whatever they say or hear from now on is lost. */
  sever(): void {
    for (const link of this.#links) link.severed = true;
    this.#links.clear();
  }

  /** The far end resets the connection. */
  reset(): void {
    for (const link of [...this.#links]) link.broken('ECONNRESET');
  }

  /** The broker has accepted a connection: it closes an older one of the same device. */
  accepted(link: PastLink, atMs: number): void {
    if (this.#atBroker !== null) this.#will(this.#atBroker, atMs);
    this.#atBroker = link;
    this.#watch(link);
  }

  /** The connection ended where the broker sees it. */
  ended(link: PastLink, atMs: number, clean: boolean): void {
    this.#links.delete(link);
    if (this.#atBroker !== link) return;
    if (!clean) this.#will(link, atMs);
    this.#atBroker = null;
  }

  /** Hands a message to the platform if it can receive. True if it did. */
  arrive(channel: UpChannel, atMs: number, payload: Uint8Array): boolean {
    if (!this.#options.platform.isUpAt(atMs)) return false;
    this.#lastMs = Math.max(this.#lastMs, Math.ceil(atMs));
    this.#options.receive(channel, this.#lastMs, payload);
    return true;
  }

  #will(link: PastLink, atMs: number): void {
    this.arrive('status', atMs, link.request.will);
  }

  /** MQTT 3.1.1, 3.1.2.10: a connection that is silent for one and a half times its keepalive is over. */
  #watch(link: PastLink): void {
    const silentMs = link.request.keepaliveS * 1_500;
    const look = (): void => {
      if (this.#atBroker !== link) return;
      const { nowMs } = this.#options.time;
      if (nowMs - link.heardMs >= silentMs) {
        this.#will(link, nowMs);
        this.#atBroker = null;
        link.broken('keepalive');
      } else {
        this.#options.time.at(link.heardMs + silentMs, look);
      }
    };
    this.#options.time.at(link.heardMs + silentMs, look);
  }

  /** Every connection is reset at once, and no broker is there to publish wills. */
  #platformFails(): void {
    this.#atBroker = null;
    for (const link of [...this.#links]) link.broken('ECONNRESET');
    this.#links.clear();
  }
}

/** One connection, or the attempt at one. */
export class PastLink implements Link {
  readonly request: ConnectRequest;
  severed = false;
  /** When the broker last heard of it. */
  heardMs = 0;
  readonly #transport: PastTransport;
  readonly #handlers: LinkHandlers;
  readonly #options: PastTransportOptions;
  #up = false;
  #closed = false;
  #packetId = 0;
  /** Answers arrive in order. */
  #answerMs = 0;

  constructor(
    transport: PastTransport,
    request: ConnectRequest,
    handlers: LinkHandlers,
    options: PastTransportOptions,
  ) {
    this.#transport = transport;
    this.request = request;
    this.#handlers = handlers;
    this.#options = options;
  }

  dial(): void {
    const { time, path, platform } = this.#options;
    const { up, rttMs } = path();
    if (!up) {
      time.setTimer(DIAL_MS, () => this.#down('ENETUNREACH'));
      return;
    }
    time.setTimer(2 * rttMs, () => {
      if (this.#closed || this.severed) return;
      if (!platform.isUpAt(time.nowMs)) {
        this.#down('ECONNREFUSED');
        return;
      }
      this.heardMs = time.nowMs;
      this.#up = true;
      this.#transport.accepted(this, time.nowMs);
      this.#handlers.onUp();
    });
  }

  publish(channel: UpChannel, payload: Uint8Array): number {
    const { time, path } = this.#options;
    if (this.severed || this.#closed || !this.#up) return VOID_ID;
    const { rttMs, lost } = path();
    const atMs = time.nowMs + rttMs / 2;
    this.#packetId = (this.#packetId % 60_000) + 1;
    const id = this.#packetId;
    this.heardMs = atMs;
    if (this.#transport.arrive(channel, atMs, payload)) {
      this.#answer(atMs + rttMs / 2 + COMMIT_MS + (lost ? RETRANSMITTED_MS : 0), () => this.#handlers.onPuback(id));
    }
    return id;
  }

  ping(): void {
    const { time, path } = this.#options;
    const { rttMs, lost } = path();
    this.heardMs = time.nowMs;
    this.#answer(time.nowMs + rttMs + (lost ? RETRANSMITTED_MS : 0), () => this.#handlers.onPong());
  }

  cork(run: () => void): void {
    run();
  }

  end(): void {
    this.#close(true);
  }

  destroy(): void {
    this.#close(false);
  }

  /** The far end is gone and says so. */
  broken(reason: string): void {
    if (!this.severed) this.#down(reason);
  }

  #answer(atMs: number, run: () => void): void {
    this.#answerMs = Math.max(this.#answerMs, atMs);
    this.#options.time.at(this.#answerMs, () => {
      if (!this.severed && !this.#closed) run();
    });
  }

  /** The device closes. On a broken path nobody hears of it. */
  #close(clean: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.severed) this.#transport.ended(this, this.#options.time.nowMs, clean);
    this.#options.time.setTimer(0, () => this.#handlers.onDown(clean ? 'ended' : 'destroyed', false));
  }

  #down(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#transport.ended(this, this.#options.time.nowMs, false);
    this.#handlers.onDown(reason, false);
  }
}
