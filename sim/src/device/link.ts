import type { ConnectRequest, Link, LinkHandlers, Transport } from '@uptally/agent';
import type { DownChannel, UpChannel } from '@uptally/protocol';

/** The way through the radio network at this moment. */
export interface Path {
  readonly up: boolean;
  /** Round trip, ms: added to every answer of the platform. */
  readonly rttMs: number;
  /** This answer gets lost, and TCP brings it after its time-out. */
  readonly lost: boolean;
}

/** A connection attempt into the void is given up after this, ms. */
const DIAL_MS = 2_000;
/** What a lost answer is late by, ms: beyond what the agent counts as an answer. */
const RETRANSMITTED_MS = 5_500;
/** Packet ids of messages that go nowhere: above those that a device in this simulator ever reaches. */
const VOID_IDS_FROM = 60_000;

/**
 * A transport whose packets cross a simulated radio network before and after the real one. When the path breaks, nothing is closed:
 * both sides go on believing, as on 4G, until a time-out tells them.
 */
export class RadioTransport implements Transport {
  readonly #inner: Transport;
  readonly #path: () => Path;
  readonly #onUp: () => void;
  readonly #links: Set<RadioLink> = new Set();

  /** `onUp` runs when the platform has accepted the connection, before the device hears of it. */
  constructor(inner: Transport, path: () => Path, onUp: () => void = () => undefined) {
    this.#inner = inner;
    this.#path = path;
    this.#onUp = onUp;
  }

  open(request: ConnectRequest, handlers: LinkHandlers): Link {
    if (!this.#path().up) return new DeadLink(handlers);
    const link = new RadioLink(this.#path, handlers, {
      up: () => this.#onUp(),
      closed: () => this.#links.delete(link),
    });
    this.#links.add(link);
    link.dial(this.#inner, request);
    return link;
  }

  /** The path broke under living connections: whatever they say or hear from now on is lost. */
  sever(): void {
    for (const link of this.#links) link.sever();
  }

  /** The far end resets every connection at once, as a platform that restarts. */
  reset(): void {
    for (const link of [...this.#links]) link.reset();
  }

  /** Closes all sockets, also those of severed links. */
  close(): void {
    for (const link of [...this.#links]) link.drop();
  }
}

/** An attempt to connect without a network. */
class DeadLink implements Link {
  readonly #timer: NodeJS.Timeout;
  #closed = false;

  constructor(handlers: LinkHandlers) {
    this.#timer = setTimeout(() => {
      if (!this.#closed) handlers.onDown('ENETUNREACH', false);
      this.#closed = true;
    }, DIAL_MS);
  }

  publish(): number {
    return VOID_IDS_FROM;
  }
  ping(): void {}
  cork(run: () => void): void {
    run();
  }
  end(): void {
    this.destroy();
  }
  destroy(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}

interface LinkHooks {
  readonly up: () => void;
  readonly closed: () => void;
}

class RadioLink implements Link {
  readonly #path: () => Path;
  readonly #handlers: LinkHandlers;
  readonly #hooks: LinkHooks;
  #inner: Link | null = null;
  #severed = false;
  #deaf = false;
  #voidId = VOID_IDS_FROM;
  /** Answers on their way, in order: TCP does not let one overtake another. */
  #arriving: { readonly atMs: number; readonly run: () => void }[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(path: () => Path, handlers: LinkHandlers, hooks: LinkHooks) {
    this.#path = path;
    this.#handlers = handlers;
    this.#hooks = hooks;
  }

  dial(transport: Transport, request: ConnectRequest): void {
    this.#inner = transport.open(request, {
      onUp: () => {
        if (this.#severed || this.#deaf) return;
        this.#hooks.up();
        this.#handlers.onUp();
      },
      onMessage: (channel, payload) => this.#receive(channel, payload),
      onPuback: (id) => this.#arrive(() => this.#handlers.onPuback(id)),
      onPong: () => this.#arrive(() => this.#handlers.onPong()),
      onDown: (reason, refused) => {
        this.#hooks.closed();
        if (this.#severed || this.#deaf) return;
        this.#forget();
        this.#handlers.onDown(reason, refused);
      },
    });
  }

  publish(channel: UpChannel, payload: Uint8Array, retain: boolean): number {
    if (!this.#severed && this.#inner) return this.#inner.publish(channel, payload, retain);
    this.#voidId = this.#voidId >= 65_535 ? VOID_IDS_FROM : this.#voidId + 1;
    return this.#voidId;
  }

  ping(): void {
    if (!this.#severed) this.#inner?.ping();
  }

  cork(run: () => void): void {
    if (this.#severed || !this.#inner) run();
    else this.#inner.cork(run);
  }

  end(): void {
    if (this.#severed) return;
    this.#forget();
    this.#inner?.end();
  }

  /** A device that gives up a severed link can't tell the broker: its socket stays until the broker times it out. */
  destroy(): void {
    this.#forget();
    if (!this.#severed) this.#inner?.destroy();
  }

  sever(): void {
    this.#severed = true;
    this.#forget();
  }

  reset(): void {
    this.#forget();
    if (!this.#severed) this.#inner?.destroy();
  }

  drop(): void {
    this.#deaf = true;
    this.#forget();
    this.#inner?.destroy();
    this.#hooks.closed();
  }

  #receive(channel: DownChannel, payload: Uint8Array): Promise<void> {
    // Never answered, so never acknowledged: the broker delivers it again on the next connection.
    if (this.#severed) return new Promise(() => undefined);
    return this.#handlers.onMessage(channel, payload);
  }

  #arrive(run: () => void): void {
    if (this.#severed) return;
    const { rttMs, lost } = this.#path();
    const atMs = performance.now() + rttMs + (lost ? RETRANSMITTED_MS : 0);
    this.#arriving.push({ atMs: Math.max(atMs, this.#arriving.at(-1)?.atMs ?? 0), run });
    if (this.#timer === null) this.#arm();
  }

  #arm(): void {
    const next = this.#arriving[0];
    if (next === undefined) return;
    this.#timer = setTimeout(() => this.#land(), Math.max(0, next.atMs - performance.now()));
  }

  #land(): void {
    this.#timer = null;
    const now = performance.now() + 0.5;
    while ((this.#arriving[0]?.atMs ?? Infinity) <= now) this.#arriving.shift()?.run();
    this.#arm();
  }

  #forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#arriving = [];
  }
}
