import { type Broker, createBroker, type Sink, type UplinkMessage } from '@uptally/broker';
import type { StatusMessage } from '@uptally/protocol/schemas';
import { type DecodedBatch, decodeAck, decodeBatch, decodeStatus } from '@uptally/protocol/validate';
import { pino } from 'pino';
import type { FleetDevice } from '../../src/fleet/types.ts';
import type { Credential } from '../../src/run/life.ts';
import type { Address, SimFleetOptions } from '../../src/run/sim-fleet.ts';

export interface Received {
  readonly deviceId: string;
  readonly atMs: number;
  readonly batch: DecodedBatch;
}

/** A real broker whose sink decodes and remembers everything, as a platform would that never fails. */
export class RecordingPlatform {
  readonly received: Received[] = [];
  readonly statuses: { readonly deviceId: string; readonly status: StatusMessage }[] = [];
  readonly acks: { readonly deviceId: string; readonly cmd: string; readonly state: string }[] = [];
  #broker: Broker | null = null;
  #port = 0;

  async start(): Promise<void> {
    const sink: Sink = {
      accept: async (message) => this.#accept(message),
      connected: () => undefined,
      disconnected: () => undefined,
      refused: () => undefined,
    };
    const broker = createBroker({
      listeners: { tcp: { host: '127.0.0.1', port: this.#port } },
      authenticator: {
        authenticate: async (deviceId, secret) => (secret === secretOf(deviceId) ? { deviceKey: 1, deviceId } : null),
      },
      sink,
      logger: pino({ level: 'silent' }),
    });
    await broker.start();
    this.#broker = broker;
    this.#port = broker.addresses.tcp?.port ?? 0;
  }

  async stop(): Promise<void> {
    await this.#broker?.stop();
    this.#broker = null;
  }

  get address(): Address {
    return { host: '127.0.0.1', port: this.#port };
  }

  get broker(): Broker {
    if (!this.#broker) throw new Error('not started');
    return this.#broker;
  }

  batchesOf(deviceId: string): Received[] {
    return this.received.filter((item) => item.deviceId === deviceId);
  }

  /** Records of one kind with when they were taken on the device's monotonic clock. */
  recordsOf(deviceId: string, kind: string) {
    return this.batchesOf(deviceId).flatMap(({ batch, atMs }) =>
      batch.records
        .filter(({ rec }) => rec.k === kind)
        .map(({ seq, rec }) => ({ seq, rec, boot: batch.boot, cur: batch.cur, rcvMs: atMs, ageMs: rec.d_mono })),
    );
  }

  #accept(message: UplinkMessage): void {
    const { deviceId } = message.device;
    switch (message.channel) {
      case 'rec':
        this.received.push({ deviceId, atMs: message.receivedAtMs, batch: decodeBatch(message.payload) });
        return;
      case 'status':
        this.statuses.push({ deviceId, status: decodeStatus(message.payload) });
        return;
      case 'ack':
        this.acks.push({ deviceId, ...decodeAck(message.payload) });
        return;
    }
  }
}

export function credentialsFor(devices: readonly FleetDevice[], enrolledMs: number): Map<string, Credential> {
  return new Map(
    devices.map((device) => {
      const deviceId = device.serial.toLowerCase();
      return [device.serial, { deviceId, secret: secretOf(deviceId), enrolledMs }];
    }),
  );
}

/** Quick enough for tests: everything else is as in production. */
export const QUICK: Pick<SimFleetOptions, 'rampMs' | 'uplink' | 'bootMs'> = {
  rampMs: 200,
  bootMs: [500, 900],
  uplink: { backoffMinMs: 100, backoffMaxMs: 400, answerMs: 1_500 },
};

/** Waits until `check` gives something; fails after `withinMs`. */
export async function until<T>(check: () => T | false | null | undefined, withinMs = 60_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = check();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function secretOf(deviceId: string): string {
  return `secret-of-${deviceId}`;
}
