import { connect, type Socket } from 'node:net';
import { createHistogram, performance, type RecordableHistogram } from 'node:perf_hooks';
import { connect as connectTls } from 'node:tls';
import { BeatFrame, connectFrame } from './frames.ts';

export interface SwarmSpec {
  readonly host: string;
  readonly port: number;
  /** Ids are `bench-000001`...; see {@link deviceName}. */
  readonly clients: number;
  /** Sockets being opened at a time. */
  readonly opening: number;
  /** Unacknowledged publishes of each client; 0: connect only. */
  readonly window: number;
  readonly warmMs: number;
  readonly measureMs: number;
  /** Sequence number of the first record of every client; runs on the same registry must not overlap. */
  readonly firstSeq: number;
  /** Speak TLS, without checking the certificate. */
  readonly tls?: boolean;
  /** Each client sends one beat as soon as it is let in, and nothing more. */
  readonly once?: boolean;
  /** Each client sends one beat in so many ms, spread evenly, instead of as fast as it can. */
  readonly everyMs?: number;
}

export interface SwarmResult {
  readonly connected: number;
  readonly connectMs: number;
  readonly acked: number;
  readonly perSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly lost: number;
  /** All acknowledged since the start, warm-up and tail included. */
  readonly total: number;
}

export const deviceName = (index: number) => `bench-${String(index + 1).padStart(6, '0')}`;
export const deviceSecret = (deviceId: string) => `secret-of-${deviceId}`;

/** Many devices in one process, each with its own socket and window. */
export class Swarm {
  readonly #spec: SwarmSpec;
  readonly #clients: Client[] = [];
  readonly #histogram = createHistogram();
  #acked = 0;
  #lost = 0;
  #pacer: NodeJS.Timeout | undefined;

  constructor(spec: SwarmSpec) {
    this.#spec = spec;
  }

  /** Opens all connections; resolves when the last has its CONNACK. Gives the time that took, ms. */
  async connect(): Promise<number> {
    const startedMs = performance.now();
    let next = 0;
    const worker = async () => {
      while (next < this.#spec.clients) {
        const index = next;
        next += 1;
        const client = new Client(this.#spec, index, this.#histogram, {
          acked: (count) => {
            this.#acked += count;
          },
          lost: () => {
            this.#lost += 1;
          },
        });
        this.#clients.push(client);
        await client.connected;
      }
    };
    await Promise.all(Array.from({ length: this.#spec.opening }, worker));
    return performance.now() - startedMs;
  }

  /** Publishes as fast as the windows allow: warms up, measures, then waits for what is still in flight. */
  async run(connectMs: number): Promise<SwarmResult> {
    const { clients, warmMs, measureMs } = this.#spec;
    for (const client of this.#clients) client.start();
    await sleep(warmMs);
    this.#histogram.reset();
    const before = this.#acked;
    const startedMs = performance.now();
    await sleep(measureMs);
    const acked = this.#acked - before;
    const seconds = (performance.now() - startedMs) / 1000;
    const latencyMs = { p50: this.#percentile(50), p95: this.#percentile(95), p99: this.#percentile(99) };
    for (const client of this.#clients) client.finish();
    await Promise.race([Promise.all(this.#clients.map((client) => client.idle)), sleep(10_000)]);
    return {
      connected: clients,
      connectMs,
      acked,
      perSecond: acked / seconds,
      latencyMs,
      lost: this.#lost,
      total: this.#acked,
    };
  }

  /** One beat a client every `everyMs`, until {@link close}. */
  pace(everyMs: number): void {
    const { length } = this.#clients;
    let next = 0;
    let sentMs = performance.now();
    this.#pacer = setInterval(() => {
      const nowMs = performance.now();
      for (; sentMs <= nowMs; sentMs += everyMs / length) {
        this.#clients[next]?.beat();
        next = (next + 1) % length;
      }
    }, 10);
  }

  /** Acknowledged so far. */
  get acked(): number {
    return this.#acked;
  }

  /** Hangs up, without DISCONNECT: as a power cut does. */
  close(): void {
    clearInterval(this.#pacer);
    for (const client of this.#clients) client.close();
  }

  #percentile(p: number): number {
    return this.#histogram.percentile(p) / 1000;
  }
}

interface Tally {
  acked(count: number): void;
  lost(): void;
}

class Client {
  readonly connected: Promise<void>;
  readonly idle: Promise<void>;
  readonly #socket: Socket;
  readonly #frame: BeatFrame;
  readonly #window: number;
  readonly #tally: Tally;
  readonly #histogram: RecordableHistogram;
  readonly #sentAtMs: Float64Array;
  readonly #streaming: boolean;
  readonly #once: boolean;
  #head = 0;
  #flying = 0;
  #partBytes = 0;
  #online = false;
  #finishing = false;
  #closing = false;
  #settle: { connected(): void; failed(error: Error): void; idle(): void } = {
    connected: () => undefined,
    failed: () => undefined,
    idle: () => undefined,
  };

  constructor(spec: SwarmSpec, index: number, histogram: RecordableHistogram, tally: Tally) {
    const deviceId = deviceName(index);
    this.#frame = new BeatFrame(deviceId, spec.firstSeq);
    this.#window = spec.window;
    this.#tally = tally;
    this.#histogram = histogram;
    this.#sentAtMs = new Float64Array(Math.max(1, spec.window));
    this.connected = new Promise((resolve, reject) => {
      this.#settle = { ...this.#settle, connected: resolve, failed: reject };
    });
    this.idle = new Promise((resolve) => {
      this.#settle = { ...this.#settle, idle: resolve };
    });
    this.#streaming = spec.once !== true && spec.everyMs === undefined;
    this.#once = spec.once === true;
    const { host, port } = spec;
    this.#socket = spec.tls ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
    this.#socket.setNoDelay(true);
    this.#socket.once(spec.tls ? 'secureConnect' : 'connect', () =>
      this.#socket.write(connectFrame(deviceId, deviceSecret(deviceId))),
    );
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#closed());
  }

  start(): void {
    if (this.#online && this.#window > 0) this.#send(this.#window);
    else this.#settle.idle();
  }

  /** One beat, unless the window is full. */
  beat(): void {
    if (this.#online && this.#flying < this.#window) this.#send(1);
  }

  finish(): void {
    this.#finishing = true;
    if (this.#flying === 0) this.#settle.idle();
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (!this.#online) {
      if (chunk[0] !== 0x20 || chunk[3] !== 0) this.#settle.failed(new Error(`refused with code ${chunk[3]}`));
      this.#online = true;
      this.#settle.connected();
      if (this.#once) this.#send(1);
      return;
    }
    // From here on only PUBACKs come: four bytes each.
    const bytes = this.#partBytes + chunk.length;
    const count = bytes >> 2;
    this.#partBytes = bytes & 3;
    const nowMs = performance.now();
    for (let i = 0; i < count; i += 1) {
      const sentMs = this.#sentAtMs[this.#head] ?? nowMs;
      this.#histogram.record(Math.max(1, Math.round((nowMs - sentMs) * 1000)));
      this.#head = (this.#head + 1) % this.#window;
    }
    this.#flying -= count;
    this.#tally.acked(count);
    if (this.#streaming && !this.#finishing) this.#send(count);
    else if (this.#flying === 0) this.#settle.idle();
  }

  #send(count: number): void {
    if (count === 0) return;
    const nowMs = performance.now();
    for (let i = 0; i < count; i += 1) this.#sentAtMs[(this.#head + this.#flying + i) % this.#window] = nowMs;
    this.#flying += count;
    this.#socket.write(this.#frame.next(count));
  }

  #closed(): void {
    if (this.#closing) return;
    this.#tally.lost();
    this.#settle.failed(new Error('connection closed by the broker'));
    this.#settle.idle();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
