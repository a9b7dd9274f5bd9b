import { Duplex } from 'node:stream';
import { AckQueue, type PendingAck } from './acks.ts';
import { FrameError, FrameSplitter, PACKET } from './frames.ts';
import type { BrokerLimits, Budget, Waiter } from './limits.ts';
import { closeSocket } from './linger.ts';
import type { DeviceIdentity, RefusalReason } from './ports.ts';

/** What a connection asks of the broker that owns it. */
export interface ConnectionHost {
  readonly limits: BrokerLimits;
  readonly budget: Budget;
  now(): number;
  /** True once the broker stops: nothing more is read. */
  stopping(): boolean;
  publish(connection: Connection, frame: Buffer, bodyAt: number): void;
  /** True if aedes may see the SUBSCRIBE; else it has been answered. */
  subscribe(connection: Connection, frame: Buffer, bodyAt: number): boolean;
  refused(connection: Connection, reason: RefusalReason): void;
  closed(connection: Connection): void;
}

/** What CONNECT said, as far as it is needed later. */
export interface Hello {
  readonly clientId: string;
  readonly keepAliveMs: number;
  readonly will: { readonly topic: string; readonly qos: number; readonly bytes: number } | null;
}

type Phase = 'connect' | 'authenticating' | 'ready' | 'closed';

/**
 * One device's socket, between the network and aedes. It cuts the stream into packets, enforces sizes and windows, takes publishes
 * to the sink and answers them, answers pings; CONNECT, subscriptions and acknowledgements go on to aedes, for which this is the
 * connection. Publishes bypass aedes because nobody subscribes to what devices send: routing would only cost.
 *
 * Flow control is by not reading: while the window is full, the sink is behind, aedes is behind or the peer does not read our
 * answers, the socket is paused and at most one chunk stays in memory.
 */
export class Connection extends Duplex implements Waiter {
  readonly remoteAddress: string;
  readonly openedAtMs: number;
  hello: Hello | null = null;
  device: DeviceIdentity | null = null;
  /** Why it was refused; counted once. */
  refusal: RefusalReason | null = null;
  /** The device said DISCONNECT: its will must not be published ([MQTT-3.14.4-3]). */
  endedCleanly = false;
  /** Set by presence: the sink knows of this connection. */
  announced = false;
  lastHeardMs: number;
  readonly #socket: Duplex;
  readonly #host: ConnectionHost;
  readonly #frames: FrameSplitter;
  readonly #acks = new AckQueue();
  #phase: Phase = 'connect';
  #opened = false;
  #pumping = false;
  #readerBehind = false;
  #flushScheduled = false;
  #unreadSinceMs: number | null = null;
  #afterDrain: (() => void) | null = null;

  constructor(socket: Duplex, remoteAddress: string, host: ConnectionHost) {
    super({ readableHighWaterMark: 16 * 1024, writableHighWaterMark: 16 * 1024 });
    this.remoteAddress = remoteAddress;
    this.#socket = socket;
    this.#host = host;
    this.openedAtMs = host.now();
    this.lastHeardMs = this.openedAtMs;
    this.#frames = new FrameSplitter(host.limits.connectBytes);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.#drained());
    socket.on('error', () => this.destroy());
    socket.on('end', () => this.destroy());
    socket.on('close', () => this.destroy());
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The device is authenticated and has its CONNACK: from now on everything is read. */
  ready(): void {
    if (this.#phase !== 'authenticating') return;
    this.#phase = 'ready';
    this.#frames.maxBytes = this.#host.limits.packetBytes;
    this.#pump();
  }

  /** Counts a refusal, once a connection. Does not close. */
  refuse(reason: RefusalReason): void {
    if (this.refusal !== null || this.destroyed) return;
    this.refusal = reason;
    this.#host.refused(this, reason);
  }

  /** Counts a subscription that was answered with failure; the connection goes on. */
  subscriptionRefused(reason: RefusalReason): void {
    this.#host.refused(this, reason);
  }

  /** Counts a refusal and closes. */
  reject(reason: RefusalReason): void {
    this.refuse(reason);
    this.destroy();
  }

  /** Sends a packet of ours past aedes. */
  send(packet: Buffer): void {
    if (!this.destroyed && !this.#socket.write(packet)) this.#unreadSinceMs ??= this.#host.now();
  }

  /** Takes a place in the window until {@link settle}. */
  hold(messageId: number, bytes: number): PendingAck {
    this.#host.budget.take(bytes);
    return this.#acks.add(messageId);
  }

  /** The publish is durable: its PUBACK may go, together with others settled in the same turn. */
  settle(pending: PendingAck, bytes: number): void {
    pending.settled = true;
    this.#host.budget.give(bytes);
    if (this.#flushScheduled || this.destroyed) return;
    this.#flushScheduled = true;
    process.nextTick(() => this.#flush());
  }

  /** The publish failed: the connection ends without PUBACK, so that the device sends again. */
  fail(bytes: number): void {
    this.#host.budget.give(bytes);
    this.reject('sink');
  }

  wake(): void {
    this.#pump();
  }

  /** Time limits, looked at once a second: cheaper than a timer a connection. */
  sweep(nowMs: number): void {
    const { limits } = this.#host;
    if (this.#phase === 'connect' && nowMs - this.openedAtMs > limits.connectTimeoutMs) this.reject('connect_timeout');
    else if (this.#unreadSinceMs !== null && nowMs - this.#unreadSinceMs > limits.slowReaderMs)
      this.reject('slow_reader');
    else if (this.#phase === 'ready' && !this.#blocked() && nowMs - this.lastHeardMs > this.#silenceLimitMs()) {
      this.reject('idle');
    }
  }

  override _read(): void {
    this.#readerBehind = false;
    if (!this.#pumping) this.#pump();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#forward(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#forward(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // aedes destroys with an error when a packet can't be parsed or breaks the protocol; our own reasons are set before.
    if (error !== null && this.refusal === null) {
      this.refusal = 'malformed';
      this.#host.refused(this, 'malformed');
    }
    this.#phase = 'closed';
    this.#frames.clear();
    this.#host.budget.forget(this);
    this.#afterDrain?.();
    this.#afterDrain = null;
    closeSocket(this.#socket);
    this.#host.closed(this);
    done(null);
  }

  #receive(chunk: Buffer): void {
    if (this.destroyed) return;
    this.lastHeardMs = this.#host.now();
    if (!this.#opened) {
      this.#opened = true;
      if (chunk[0] !== CONNECT_BYTE) {
        this.reject('malformed'); // [MQTT-3.1.0-1]
        return;
      }
    }
    this.#frames.feed(chunk);
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping || this.destroyed) return;
    this.#pumping = true;
    try {
      while (!this.#blocked()) {
        if (!this.#frames.next()) {
          if (this.#socket.isPaused()) this.#socket.resume();
          return;
        }
        this.#dispatch(this.#frames.frame, this.#frames.bodyAt);
      }
      if (this.destroyed) return;
      if (this.#host.budget.exhausted) this.#host.budget.wait(this);
      this.#socket.pause();
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.reject(error.code);
    } finally {
      this.#pumping = false;
    }
  }

  #blocked(): boolean {
    return (
      this.destroyed ||
      this.#phase === 'authenticating' ||
      this.#readerBehind ||
      this.#unreadSinceMs !== null ||
      this.#acks.size >= this.#host.limits.inflight ||
      this.#host.budget.exhausted ||
      this.#host.stopping()
    );
  }

  #dispatch(frame: Buffer, bodyAt: number): void {
    const type = (frame[0] ?? 0) >> 4;
    if (this.#phase === 'connect') {
      this.#phase = 'authenticating';
      this.#pass(frame);
    } else if (type === PACKET.publish) {
      this.#host.publish(this, frame, bodyAt);
    } else if (type === PACKET.pingreq) {
      this.send(PINGRESP);
    } else if (type === PACKET.subscribe) {
      if (this.#host.subscribe(this, frame, bodyAt)) this.#pass(frame);
    } else if (type === PACKET.unsubscribe || (type === PACKET.puback && frame.length === 4)) {
      this.#pass(frame);
    } else if (type === PACKET.disconnect) {
      this.endedCleanly = true;
      this.destroy();
    } else {
      this.reject('malformed'); // second CONNECT ([MQTT-3.1.0-2]), server-only packets, QoS 2 handshakes
    }
  }

  /** Hands a packet to aedes. Copied: a view would keep its whole chunk alive in the queue. */
  #pass(frame: Buffer): void {
    if (!this.push(Buffer.from(frame))) this.#readerBehind = true;
  }

  #forward(bytes: Buffer, done: (error?: Error | null) => void): void {
    if (this.#socket.destroyed || this.#socket.write(bytes)) {
      done();
      return;
    }
    this.#unreadSinceMs ??= this.#host.now();
    this.#afterDrain = done;
  }

  #drained(): void {
    this.#unreadSinceMs = null;
    const done = this.#afterDrain;
    this.#afterDrain = null;
    done?.();
    this.#pump();
  }

  #flush(): void {
    this.#flushScheduled = false;
    if (this.destroyed) return;
    const packets = this.#acks.take();
    if (packets === null) return;
    if (packets.length > 0) this.send(packets);
    this.#pump();
  }

  /** One and a half times the keep-alive ([MQTT-3.1.2-24]), never longer than the idle limit. */
  #silenceLimitMs(): number {
    const keepAliveMs = this.hello?.keepAliveMs ?? 0;
    const { idleMs } = this.#host.limits;
    return keepAliveMs > 0 ? Math.min(keepAliveMs * 1.5, idleMs) : idleMs;
  }
}

/** Type CONNECT, reserved flags 0: the first byte of every connection. */
const CONNECT_BYTE = PACKET.connect << 4;
const PINGRESP = Buffer.from([0xd0, 0]);
