import type { EventEmitter } from 'node:events';
import { topicOf } from '@uptally/protocol';
import { Aedes, type AedesOptions, type PublishPacket } from 'aedes';
import { authentication } from './authenticate.ts';
import { authorization, checkSubscribe, connectionOf } from './authorize.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import { DeviceDownlink } from './downlink.ts';
import { Admission, type BrokerLimits, Budget, DEFAULT_LIMITS } from './limits.ts';
import { Listeners } from './listeners.ts';
import type {
  Broker,
  BrokerAddresses,
  BrokerOptions,
  BrokerStats,
  DeviceIdentity,
  PublishOptions,
  RefusalReason,
} from './ports.ts';
import { Presence } from './presence.ts';
import { Counters } from './stats.ts';
import { openStore, type Store } from './store.ts';
import { uplinkHandler } from './uplink.ts';

const SWEEP_MS = 1_000;
const REPORT_EVERY_SWEEPS = 60;
/** aedes counts a down message as running until the device's socket took it; a few slow ones must not stop the rest. */
const CONCURRENCY = 10_000;
const NEVER_MS = 2 ** 31 - 1;

/** The MQTT broker for devices. Composition only: each concern has its own file. */
export function createBroker(options: BrokerOptions): Broker {
  return new DeviceBroker(options);
}

class DeviceBroker implements Broker {
  readonly #options: BrokerOptions;
  readonly #limits: BrokerLimits;
  readonly #now: () => number;
  readonly #counters = new Counters();
  readonly #budget: Budget;
  readonly #admission: Admission;
  readonly #presence: Presence;
  readonly #connections = new Set<Connection>();
  readonly #listeners: Listeners;
  readonly #host: ConnectionHost;
  #running: {
    readonly aedes: Aedes;
    readonly store: Store;
    readonly downlink: DeviceDownlink;
    readonly sweep: NodeJS.Timeout;
  } | null = null;
  #stopping = false;
  #stopped: Promise<void> | null = null;
  #sweeps = 0;
  #reported = 0;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#now = options.now ?? Date.now;
    this.#budget = new Budget(this.#limits.totalInflight, this.#limits.totalInflightBytes);
    this.#admission = new Admission(this.#limits, this.#now());
    this.#presence = new Presence(options.sink);
    this.#host = this.#connectionHost();
    this.#listeners = new Listeners({
      limits: this.#limits,
      admit: (address) => this.#admit(address),
      open: (stream, address) => this.#open(new Connection(stream, address, this.#host)),
    });
  }

  get addresses(): BrokerAddresses {
    return this.#listeners.addresses;
  }

  get listening(): boolean {
    return this.#listeners.listening;
  }

  async start(): Promise<void> {
    const store = openStore(this.#options.redisUrl, (error) => this.#options.logger.error({ err: error }, 'redis'));
    const aedes = await Aedes.createBroker(this.#aedesOptions(store));
    this.#watch(aedes);
    const downlink = new DeviceDownlink({
      aedes,
      presence: this.#presence,
      limits: this.#limits,
      counters: this.#counters,
      clustered: store.clustered,
    });
    await downlink.start();
    const sweep = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#running = { aedes, store, downlink, sweep };
    try {
      await this.#listeners.open(this.#options.listeners);
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.#options.logger.info({ addresses: this.addresses }, 'broker listens');
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async publish(
    deviceId: string,
    channel: 'cmd' | 'cfg',
    payload: Uint8Array,
    options?: PublishOptions,
  ): Promise<void> {
    await this.#downlink().publish(deviceId, channel, payload, options);
  }

  async disconnect(deviceId: string): Promise<void> {
    await this.#downlink().disconnect(deviceId);
  }

  stats(): BrokerStats {
    const { refused, ...totals } = this.#counters;
    return {
      ...totals,
      refused: { ...refused },
      connections: this.#connections.size,
      devices: this.#presence.size,
      takeovers: this.#presence.takeovers,
      inflight: this.#budget.messages,
      inflightBytes: this.#budget.bytes,
    };
  }

  #downlink(): DeviceDownlink {
    if (this.#running === null) throw new Error('broker is not started');
    return this.#running.downlink;
  }

  #connectionHost(): ConnectionHost {
    const { sink } = this.#options;
    return {
      limits: this.#limits,
      budget: this.#budget,
      now: this.#now,
      stopping: () => this.#stopping,
      publish: uplinkHandler({
        sink,
        limits: this.#limits,
        counters: this.#counters,
        now: this.#now,
        retainStatus: (device, payload) => this.#retainStatus(device, payload),
      }),
      subscribe: checkSubscribe,
      refused: (connection, reason) => this.#refused(reason, connection),
      closed: (connection) => {
        this.#connections.delete(connection);
        this.#presence.closed(connection);
      },
    };
  }

  #aedesOptions(store: Store): AedesOptions {
    const { sink, authenticator } = this.#options;
    const deps = { sink, now: this.#now, stopping: () => this.#stopping };
    return {
      ...authentication({ authenticator, presence: this.#presence, limits: this.#limits }),
      ...authorization(deps),
      persistence: store.persistence,
      ...(store.mq === undefined ? {} : { mq: store.mq }),
      concurrency: CONCURRENCY,
      maxTopicLevels: 8, // its own $SYS topics have five
      connectTimeout: NEVER_MS, // Connection keeps the times
      drainTimeout: 0,
    };
  }

  #watch(aedes: Aedes): void {
    aedes.on('client', (client) => this.#presence.registered(connectionOf(client)));
    aedes.on('clientDisconnect', (client) => this.#presence.forgotten(connectionOf(client)));
    aedes.on('connackSent', (connack, client) => {
      const connection = connectionOf(client);
      if (connack.returnCode !== 0 || connection.device === null) return;
      this.#presence.connected(connection);
      this.#running?.downlink.arrived(connection.device.deviceId);
      connection.ready();
    });
    const events: EventEmitter = aedes; // its types leave 'error' out
    events.on('error', (error: unknown) => this.#options.logger.error({ err: error }, 'aedes'));
  }

  #admit(address: string): boolean {
    if (this.#stopping) return false;
    const reason = this.#admission.refusal(address, this.#connections.size, this.#now());
    if (reason !== null) this.#refused(reason, null);
    return reason === null;
  }

  #open(connection: Connection): void {
    if (this.#running === null || this.#stopping) {
      connection.destroy();
      return;
    }
    this.#connections.add(connection);
    this.#running.aedes.handle(connection);
  }

  #refused(reason: RefusalReason, connection: Connection | null): void {
    this.#counters.refused[reason] += 1;
    const deviceId = connection?.device?.deviceId ?? connection?.hello?.clientId ?? null;
    this.#options.logger.debug({ reason, deviceId, address: connection?.remoteAddress }, 'refused');
    this.#options.sink.refused(reason, deviceId);
  }

  #retainStatus(device: DeviceIdentity, payload: Buffer): void {
    const topic = topicOf(device.deviceId, 'status');
    const packet: PublishPacket = { cmd: 'publish', topic, payload, qos: 0, retain: true, dup: false };
    if (this.#stopping) return;
    this.#running?.aedes.publish(packet, (error) => {
      if (error) this.#options.logger.warn({ err: error, deviceId: device.deviceId }, 'status not retained');
    });
  }

  #sweep(): void {
    const nowMs = this.#now();
    for (const connection of this.#connections) connection.sweep(nowMs);
    this.#admission.sweep(nowMs);
    this.#sweeps += 1;
    if (this.#sweeps % REPORT_EVERY_SWEEPS === 0) this.#reportRefusals();
  }

  /** One line a minute instead of one a refusal: a hostile peer must not fill the log. */
  #reportRefusals(): void {
    const counts = Object.entries(this.#counters.refused).filter(([, count]) => count > 0);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    if (total === this.#reported) return;
    this.#options.logger.warn({ refused: Object.fromEntries(counts), new: total - this.#reported }, 'refusals so far');
    this.#reported = total;
  }

  async #stop(): Promise<void> {
    this.#stopping = true;
    this.#listeners.stopAccepting();
    await this.#drained();
    for (const connection of this.#connections) connection.destroy();
    await this.#listeners.close();
    const running = this.#running;
    this.#running = null;
    if (running === null) return;
    clearInterval(running.sweep);
    await new Promise<void>((resolve) => running.aedes.close(() => resolve()));
    await running.store.close();
  }

  /** Waits until what devices sent is settled, so that they need not send it again. */
  async #drained(): Promise<void> {
    const deadlineMs = performance.now() + this.#limits.drainMs;
    while (this.#budget.messages > 0 && performance.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
