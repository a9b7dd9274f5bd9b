import {
  createDevice,
  createMqttTransport,
  type Device,
  type Link,
  type LinkHandlers,
  MemorySpool,
  MemoryStore,
  type SpoolEntry,
  type Transport,
} from '@uptally/agent';
import { hainanFleet } from '@uptally/sim';
import { CALM } from '../../../sim/src/device/conditions.ts';
import { virtualHardware } from '../../../sim/src/device/hardware.ts';
import { profileOf } from '../../../sim/src/device/profile.ts';
import { deviceName, deviceSecret } from '../load/swarm.ts';
import { JumpingClock } from './virtual-time.ts';

const SEED = 1;
const START_MS = Date.UTC(2026, 9, 5); // a Monday

/** One terminal of the demo fleet: the agent's core and MQTT over real TLS, hardware and time virtual. */
export class VirtualTerminal {
  readonly clock = new JumpingClock(START_MS, () => this.#idle());
  readonly kinds = new Map<string, number>();
  batches = 0;
  payloadBytes = 0;
  readonly #device: Device;
  #link: Link | null = null;
  #pending = 0;

  constructor(port: number, caPem: string) {
    const model = hainanFleet(SEED);
    const device = model.devices[0];
    if (device === undefined) throw new Error('the fleet is empty');
    const required = model.models.find(({ code }) => code === device.modelCode)?.requiredComponents ?? [];
    const profile = profileOf(device, required, SEED);
    const moment = () => ({ atMs: this.clock.wallMs(), bootAtMs: START_MS, conditions: CALM });
    this.#device = createDevice(
      {
        clock: this.clock,
        hardware: virtualHardware(device, profile, moment, () => 0),
        spool: new MemorySpool({ maxRecords: 5_000, firstSeq: 1 }),
        store: new MemoryStore(),
        transport: this.#watched(
          createMqttTransport({ host: '127.0.0.1', port, caPem, secret: deviceSecret(deviceName(0)) }),
        ),
        executor: { execute: async () => ({ state: 'succeeded' }) },
        random: () => 0.5,
        observer: { sent: (entries, bytes) => this.#count(entries, bytes) },
      },
      { deviceId: deviceName(0), bootId: 'bench', enrolledMs: START_MS, agentVersion: '0.1.0' },
    );
  }

  async start(): Promise<void> {
    await this.#device.start();
  }

  /** The carrier drops the connection. */
  cut(): void {
    this.#link?.destroy();
  }

  async stop(): Promise<void> {
    await this.#device.stop();
  }

  #count(entries: readonly SpoolEntry[], payloadBytes: number): void {
    this.batches += 1;
    this.payloadBytes += payloadBytes;
    for (const { rec } of entries) this.kinds.set(rec.k, (this.kinds.get(rec.k) ?? 0) + 1);
  }

  /** Virtual time stands still until everything sent is answered. */
  async #idle(): Promise<void> {
    for (let quiet = 0; quiet < 4; ) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#pending > 0 ? 0 : quiet + 1;
    }
  }

  #watched(transport: Transport): Transport {
    return {
      open: (request, handlers) => {
        this.#pending = 1; // until it is up
        const link = transport.open(request, this.#counting(handlers));
        this.#link = {
          publish: (channel, payload, retain) => {
            this.#pending += 1;
            return link.publish(channel, payload, retain);
          },
          ping: () => {
            this.#pending += 1;
            link.ping();
          },
          cork: (run) => link.cork(run),
          end: () => link.end(),
          destroy: () => link.destroy(),
        };
        return this.#link;
      },
    };
  }

  #counting(handlers: LinkHandlers): LinkHandlers {
    const answered = () => {
      this.#pending = Math.max(0, this.#pending - 1);
    };
    return {
      onUp: () => {
        answered();
        handlers.onUp();
      },
      onMessage: (channel, payload) => handlers.onMessage(channel, payload),
      onPuback: (id) => {
        answered();
        handlers.onPuback(id);
      },
      onPong: () => {
        answered();
        handlers.onPong();
      },
      onDown: (reason, refused) => {
        this.#pending = 0;
        handlers.onDown(reason, refused);
      },
    };
  }
}
