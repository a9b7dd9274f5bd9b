import { randomBytes, randomUUID } from 'node:crypto';
import type { Downlink, PublishOptions, Sink } from '@uptally/broker';
import { type DownChannel, topicOf } from '@uptally/protocol';
import { connect, connectAsync, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';
import { DeviceDirectory } from './device-directory.ts';
import { MqttSession, type ReceivedMessage } from './mqtt-session.ts';
import { SessionSlots } from './session-slots.ts';

/** Persistent sessions shared by all ingest processes. More than one, since brokers limit what is in flight on each. */
const SESSIONS = 8;
const TAKEOVER_TIMEOUT_MS = 5_000;

export interface MqttUplinkOptions {
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly pool: Pool;
  readonly sink: Sink;
  readonly log: Logger;
  readonly clock: () => number;
  readonly sessions?: number;
}

/** The way to and from devices over an external broker. */
export interface MqttUplink extends Downlink {
  /** True while the way to devices and each session of this process, shared ones included, stands. */
  readonly connected: boolean;
  /** Resolves when the broker and the database were reached. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Feeds `sink` from an external MQTT 3.1.1 broker with shared subscriptions. Any number of processes share the load; who the device
 * is, the topic tells, so the broker must hold devices to their own topics (docs name the rules).
 */
export function createMqttUplink(options: MqttUplinkOptions): MqttUplink {
  return new ExternalBroker(options);
}

class ExternalBroker implements MqttUplink {
  readonly #options: MqttUplinkOptions;
  readonly #credentials: { username?: string; password?: string };
  readonly #directory: DeviceDirectory;
  readonly #slots: SessionSlots;
  readonly #sessions = new Map<number, MqttSession>();
  #down: MqttClient | null = null;

  constructor(options: MqttUplinkOptions) {
    const { pool, clock, log, url, username, password } = options;
    this.#options = options;
    this.#credentials = { ...(username === null ? {} : { username }), ...(password === null ? {} : { password }) };
    this.#directory = new DeviceDirectory(pool, clock);
    this.#slots = new SessionSlots({
      pool,
      log,
      owner: randomUUID(),
      slots: options.sessions ?? SESSIONS,
      opened: (slot) => {
        const clientId = `uptally-ingest-${slot}`;
        const accept = (message: ReceivedMessage): Promise<void> => this.#accept(message);
        this.#sessions.set(slot, new MqttSession({ url, clientId, credentials: this.#credentials, log, accept }));
      },
      closed: async (slot) => {
        const session = this.#sessions.get(slot);
        this.#sessions.delete(slot);
        await session?.close();
      },
    });
  }

  get connected(): boolean {
    return this.#down?.connected === true && [...this.#sessions.values()].every((session) => session.connected);
  }

  async start(): Promise<void> {
    const { url, log } = this.#options;
    const clientId = `uptally-downlink-${randomBytes(6).toString('hex')}`;
    this.#down = await connectAsync(
      url,
      { ...this.#credentials, clientId, protocolVersion: 4, clean: true, keepalive: 30 },
      false,
    );
    this.#down.on('error', (error) => log.warn({ err: error }, 'mqtt: downlink error'));
    await this.#slots.start();
  }

  async stop(): Promise<void> {
    await this.#slots.stop();
    await this.#down?.endAsync(true);
    this.#down = null;
  }

  async publish(
    deviceId: string,
    channel: DownChannel,
    payload: Uint8Array,
    options: PublishOptions = {},
  ): Promise<void> {
    if (this.#down === null || !this.#down.connected) throw new Error('the MQTT broker is not connected');
    await this.#down.publishAsync(topicOf(deviceId, channel), Buffer.from(payload), {
      qos: 1,
      retain: options.retain ?? false,
    });
  }

  /** Takes the device's session over and ends it ([MQTT-3.1.4-2]); keeping it out is up to the broker's own access rules. */
  disconnect(deviceId: string): Promise<void> {
    const { url, log } = this.#options;
    return new Promise((resolve) => {
      const client = connect(url, {
        ...this.#credentials,
        clientId: deviceId,
        protocolVersion: 4,
        clean: true,
        reconnectPeriod: 0,
        connectTimeout: TAKEOVER_TIMEOUT_MS,
      });
      client.once('connect', () => client.end());
      client.once('error', (error) =>
        log.warn({ err: error, deviceId }, 'mqtt: the session of a device could not be cut'),
      );
      client.once('close', () => {
        client.end(true);
        resolve();
      });
    });
  }

  async #accept({ deviceId, channel, payload }: ReceivedMessage): Promise<void> {
    const receivedAtMs = this.#options.clock();
    const device = await this.#directory.find(deviceId);
    await this.#options.sink.accept({ device, channel, payload, receivedAtMs });
  }
}
