import { type DownChannel, isDeviceId, topicOf } from '@uptally/protocol';
import type { Aedes } from 'aedes';
import type { BrokerLimits } from './limits.ts';
import type { Downlink, PublishOptions } from './ports.ts';
import type { Presence } from './presence.ts';
import type { Counters } from './stats.ts';

/** A message that can't be handed over. `queue_full`: too many are kept for an absent device already. */
export class DownlinkError extends Error {
  readonly code: 'queue_full' | 'bad_device_id';
  constructor(code: DownlinkError['code'], deviceId: string) {
    super(`${code}: ${deviceId}`);
    this.name = 'DownlinkError';
    this.code = code;
  }
}

export interface DownlinkDeps {
  readonly aedes: Aedes;
  readonly presence: Presence;
  readonly limits: BrokerLimits;
  readonly counters: Counters;
  /** Several nodes: presence here says nothing about the others. */
  readonly clustered: boolean;
}

/** Messages to devices, and cutting them off, over all nodes. */
export class DeviceDownlink implements Downlink {
  readonly #deps: DownlinkDeps;
  readonly #kept = new Map<string, number>();

  constructor(deps: DownlinkDeps) {
    this.#deps = deps;
  }

  /** Hears the other nodes cutting devices off. */
  async start(): Promise<void> {
    const { aedes, presence } = this.#deps;
    await new Promise<void>((resolve) => {
      aedes.subscribe(
        CUT_TOPIC('+'),
        (packet, done) => {
          presence.cut(packet.payload.toString());
          done();
        },
        resolve,
      );
    });
  }

  async publish(
    deviceId: string,
    channel: DownChannel,
    payload: Uint8Array,
    options: PublishOptions = {},
  ): Promise<void> {
    const { aedes, counters } = this.#deps;
    if (!isDeviceId(deviceId)) throw new DownlinkError('bad_device_id', deviceId);
    if (options.retain !== true) this.#countKept(deviceId);
    const topic = topicOf(deviceId, channel);
    const packet = {
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos: 1,
      retain: options.retain === true,
      dup: false,
    };
    await new Promise<void>((resolve, reject) => {
      aedes.publish(packet as Parameters<Aedes['publish']>[0], (error) => (error ? reject(error) : resolve()));
    });
    counters.delivered += 1;
  }

  async disconnect(deviceId: string): Promise<void> {
    const { aedes, presence, clustered } = this.#deps;
    presence.cut(deviceId);
    if (!clustered) return;
    const packet = {
      cmd: 'publish',
      topic: CUT_TOPIC(aedes.id),
      payload: Buffer.from(deviceId),
      qos: 0,
      retain: false,
    };
    await new Promise<void>((resolve, reject) => {
      aedes.publish(packet as Parameters<Aedes['publish']>[0], (error) => (error ? reject(error) : resolve()));
    });
  }

  /** The device has come and taken what was kept. */
  arrived(deviceId: string): void {
    this.#kept.delete(deviceId);
  }

  #countKept(deviceId: string): void {
    const { presence, limits, clustered } = this.#deps;
    if (clustered || presence.has(deviceId)) return;
    const kept = this.#kept.get(deviceId) ?? 0;
    if (kept >= limits.offlineQueue) throw new DownlinkError('queue_full', deviceId);
    this.#kept.set(deviceId, kept + 1);
  }
}

const CUT_TOPIC = (node: string) => `$SYS/${node}/cut`;
