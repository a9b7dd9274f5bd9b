import { type AckMessage, type DownChannel, encodeCbor, type StatusMessage, type UpChannel } from '@uptally/protocol';
import { type DecodedBatch, decodeAck, decodeBatch, decodeStatus } from '@uptally/protocol/validate';
import {
  type Clock,
  type CommandExecutor,
  type ConnectRequest,
  createDevice,
  type Device,
  type DeviceConfig,
  type DevicePorts,
  type Hardware,
  type HealthPicture,
  type Link,
  type LinkHandlers,
  MemorySpool,
  MemoryStore,
  type Timer,
  type Transport,
  type UplinkReading,
} from '../../src/index.ts';

/** A clock that stands still until told to go on. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  wallOffsetMs = Date.UTC(2026, 10, 21);
  #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  monoMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs + this.wallOffsetMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      await settled();
      const next = [...this.#timers].sort((a, b) => a.atMs - b.atMs)[0];
      if (!next || next.atMs > untilMs) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = untilMs;
    await settled();
  }
}

/** Lets everything that is ready run. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The platform's end of the wire, for a device in virtual time: decodes with the platform's own decoders and acknowledges on demand. */
export class VirtualPlatform implements Transport {
  readonly batches: DecodedBatch[] = [];
  readonly statuses: StatusMessage[] = [];
  readonly acks: AckMessage[] = [];
  readonly sizes: number[] = [];
  connects = 0;
  pings = 0;
  /** A platform that can't be reached. */
  reachable = true;
  /** A database that is down: nothing is acknowledged. */
  committing = true;
  #handlers: LinkHandlers | null = null;
  #clock: Clock;
  #will: Uint8Array | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get connected(): boolean {
    return this.#handlers !== null;
  }

  get records(): { seq: number; k: string }[] {
    return this.batches.flatMap(({ records }) => records.map(({ seq, rec }) => ({ ...rec, seq })));
  }

  open(request: ConnectRequest, handlers: LinkHandlers): Link {
    this.connects++;
    let packetId = 0;
    let gone = false;
    const close = (reason: string) => {
      if (gone) return;
      gone = true;
      if (this.#handlers === handlers) this.#handlers = null;
      handlers.onDown(reason, false);
    };
    this.#clock.setTimer(20, () => {
      if (gone) return;
      if (!this.reachable) {
        close('ECONNREFUSED');
        return;
      }
      this.#handlers = handlers;
      this.#will = request.will;
      handlers.onUp();
    });
    return {
      publish: (channel, payload) => {
        packetId++;
        const id = packetId;
        if (!gone && this.#receive(channel, payload)) this.#clock.setTimer(20, () => !gone && handlers.onPuback(id));
        return id;
      },
      ping: () => {
        this.pings++;
        this.#clock.setTimer(35, () => !gone && handlers.onPong());
      },
      cork: (run) => run(),
      end: () => {
        this.#will = null;
        close('ended');
      },
      destroy: () => close('destroyed'),
    };
  }

  #receive(channel: UpChannel, payload: Uint8Array): boolean {
    if (channel === 'status') this.statuses.push(decodeStatus(payload));
    else if (channel === 'ack') this.acks.push(decodeAck(payload));
    else {
      if (!this.committing) return false;
      this.batches.push(decodeBatch(payload));
      this.sizes.push(payload.length);
    }
    return true;
  }

  /** Cuts the connection; the will is published. */
  cut(): void {
    const handlers = this.#handlers;
    this.#handlers = null;
    if (this.#will) this.statuses.push(decodeStatus(this.#will));
    handlers?.onDown('cut', false);
  }

  async send(channel: DownChannel, message: unknown): Promise<void> {
    await this.#handlers?.onMessage(channel, encodeCbor(message));
  }
}

export const ALL_WELL: HealthPicture = {
  c: { printer: { s: 'ok' }, cpu: { s: 'ok' }, modem: { s: 'absent' } },
  m: { cpu_pct: 10, mem_used_pct: 40, uptime_s: 5 },
};

export class VirtualHardware implements Hardware {
  picture: HealthPicture = ALL_WELL;
  reading: UplinkReading = {};
  probes = 0;

  async probe(): Promise<HealthPicture> {
    this.probes++;
    return this.picture;
  }

  async uplink(): Promise<UplinkReading> {
    return this.reading;
  }

  async inventory(): Promise<Record<string, unknown>> {
    return { serial: 'S1' };
  }
}

export interface Bench {
  readonly clock: VirtualClock;
  readonly platform: VirtualPlatform;
  readonly hardware: VirtualHardware;
  readonly spool: MemorySpool;
  readonly store: MemoryStore;
  readonly faults: unknown[];
  /** A device over these ports; call again after `kill` for the next run of the program. */
  boot(options?: {
    bootId?: string;
    executor?: CommandExecutor;
    config?: Partial<DeviceConfig>;
    ports?: Partial<DevicePorts>;
  }): Device;
}

export function bench(): Bench {
  const clock = new VirtualClock();
  const platform = new VirtualPlatform(clock);
  const hardware = new VirtualHardware();
  const spool = new MemorySpool({ maxRecords: 5000, firstSeq: 1 });
  const store = new MemoryStore();
  const faults: unknown[] = [];
  return {
    clock,
    platform,
    hardware,
    spool,
    store,
    faults,
    boot: ({ bootId = 'boot-a', executor, config, ports } = {}) =>
      createDevice(
        {
          clock,
          hardware,
          spool,
          store,
          transport: platform,
          executor: executor ?? { execute: async () => ({ state: 'succeeded' }) },
          random: () => 0.5,
          observer: { fault: (_, error) => faults.push(error) },
          ...ports,
        },
        { deviceId: 'd-0001', bootId, enrolledMs: Date.UTC(2026, 0, 2), agentVersion: '0.1.0', ...config },
      ),
  };
}
