import type { Logger } from 'pino';
import { type OutboxEvent, OutboxReader, type Pool } from '../db/index.ts';
import type { DeviceNews } from '../ingest/index.ts';
import { type FleetRow, loadDevices, loadPage, loadStations } from './load.ts';
import { type DeviceState, RegionTotals, type Totals } from './totals.ts';

const PAGE = 5_000;
/** Changes are gathered this long before listeners are told, ms. */
const TELL_MS = 250;
/** Everything is read again after changes of the registry, at most this often, and now and then to be safe, ms. */
const REGISTRY_MS = 2_000;
const REFRESH_MS = 10 * 60_000;

/** What is known of one device now. */
export interface DeviceSummary {
  readonly deviceKey: number;
  readonly deviceId: string;
  /** Regions from the root down; shared between devices. */
  readonly path: readonly number[];
  readonly stationId: number | null;
  readonly lifecycle: string;
  readonly state: DeviceState;
  readonly online: boolean;
  readonly faulty: boolean;
  readonly connected: boolean;
  /** When `online` last changed, Unix ms. */
  readonly changedMs: number | null;
  /** When something was last received, Unix ms. */
  seenMs: number | null;
}

/** Devices that changed since listeners were last told; a device that is gone comes by its key alone. */
export interface FleetChange {
  readonly devices: readonly DeviceSummary[];
  readonly gone: readonly number[];
}

export interface FleetStateOptions {
  readonly pool: Pool;
  readonly log: Logger;
}

/**
 * The fleet in memory: a summary of each device and totals by region, read from the database at the start. State changes come by the
 * outbox, whichever process made them; ingest in the same process adds when a device was last heard.
 */
export class FleetState {
  readonly #options: FleetStateOptions;
  readonly #reader: OutboxReader;
  readonly #devices = new Map<number, DeviceSummary>();
  readonly #keys = new Map<string, number>();
  readonly #paths = new Map<string, readonly number[]>();
  readonly #totals = new RegionTotals();
  readonly #listeners = new Set<(change: FleetChange) => void>();
  #changed = new Set<number>();
  #dirty = new Set<number>();
  #tellTimer: NodeJS.Timeout | undefined;
  #reloadTimer: NodeJS.Timeout | undefined;
  #refreshTimer: NodeJS.Timeout | undefined;
  #loading: Promise<void> = Promise.resolve();

  constructor(options: FleetStateOptions) {
    this.#options = options;
    this.#reader = new OutboxReader({
      pool: options.pool,
      handle: (events) => this.#follow(events),
      onError: (error) => options.log.warn({ err: error }, 'live: the outbox can not be read now'),
    });
  }

  /** Resolves when every device is read. */
  async start(): Promise<void> {
    await this.#reader.start();
    await this.#readAll();
    this.#refreshTimer = setInterval(() => this.#scheduleReload(0), REFRESH_MS);
  }

  async stop(): Promise<void> {
    for (const timer of [this.#tellTimer, this.#reloadTimer]) clearTimeout(timer);
    clearInterval(this.#refreshTimer);
    await this.#reader.stop();
    await this.#loading;
  }

  get size(): number {
    return this.#devices.size;
  }

  device(deviceKey: number): DeviceSummary | undefined {
    return this.#devices.get(deviceKey);
  }

  byId(deviceId: string): DeviceSummary | undefined {
    return this.#devices.get(this.#keys.get(deviceId) ?? -1);
  }

  /** Totals of a region and everything below it; without one, of the whole fleet. */
  totals(regionId = 0): Readonly<Totals> {
    return this.#totals.of(regionId);
  }

  /** Totals of all regions; key 0 is the whole fleet. */
  regions(): ReadonlyMap<number, Readonly<Totals>> {
    return this.#totals.regions();
  }

  /** Calls back with what changed, gathered over a quarter of a second. Returns what ends that. */
  subscribe(listener: (change: FleetChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ingest in this process committed records of these devices. */
  observe(news: ReadonlyMap<number, DeviceNews>): void {
    for (const { deviceKey, rcvMs } of news.values()) {
      const device = this.#devices.get(deviceKey);
      if (device !== undefined && rcvMs > (device.seenMs ?? 0)) device.seenMs = rcvMs;
    }
  }

  /** Reads every device, page by page. */
  async #readAll(): Promise<void> {
    const { pool } = this.#options;
    const present = new Set<number>();
    for (let after = -1; ; ) {
      const rows = await loadPage(pool, after, PAGE);
      for (const row of rows) {
        present.add(row.device_key);
        this.#put(row);
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) break;
      after = last.device_key;
    }
    for (const key of [...this.#devices.keys()]) if (!present.has(key)) this.#remove(key);
    this.#totals.setStations(await loadStations(pool));
  }

  /** Only notes who changed: reading takes its turn, so that no older answer overwrites a newer one. */
  async #follow(events: readonly OutboxEvent[]): Promise<void> {
    for (const { kind, device_key } of events) {
      if (kind === 'registry.changed') this.#scheduleReload(REGISTRY_MS);
      else if (device_key !== null && (kind.startsWith('device.') || kind.startsWith('component.')))
        this.#dirty.add(device_key);
    }
    if (this.#dirty.size > 0) this.#queue(() => this.#readDirty());
  }

  async #readDirty(): Promise<void> {
    const keys = this.#dirty;
    if (keys.size === 0) return;
    this.#dirty = new Set();
    try {
      const rows = await loadDevices(this.#options.pool, [...keys]);
      for (const row of rows) {
        keys.delete(row.device_key);
        this.#put(row);
      }
      for (const key of keys) this.#remove(key);
    } catch (error) {
      for (const key of keys) this.#dirty.add(key);
      throw error;
    }
  }

  #queue(work: () => Promise<void>): void {
    this.#loading = this.#loading.then(work).catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'live: changes not read; read again with the next');
      this.#scheduleReload(REGISTRY_MS);
    });
  }

  #scheduleReload(delayMs: number): void {
    this.#reloadTimer ??= setTimeout(() => {
      this.#reloadTimer = undefined;
      this.#queue(() => this.#readAll());
    }, delayMs);
  }

  #put(row: FleetRow): void {
    const before = this.#devices.get(row.device_key);
    const after = this.#summaryOf(row);
    if (before !== undefined) this.#totals.count(before.path, countedOf(before), -1);
    this.#totals.count(after.path, countedOf(after), 1);
    if (before !== undefined && (before.seenMs ?? 0) > (after.seenMs ?? 0)) after.seenMs = before.seenMs;
    this.#devices.set(row.device_key, after);
    this.#keys.set(row.device_id, row.device_key);
    if (before === undefined || !same(before, after)) this.#note(row.device_key);
  }

  #remove(deviceKey: number): void {
    const device = this.#devices.get(deviceKey);
    if (device === undefined) return;
    this.#totals.count(device.path, countedOf(device), -1);
    this.#devices.delete(deviceKey);
    this.#keys.delete(device.deviceId);
    this.#note(deviceKey);
  }

  #summaryOf(row: FleetRow): DeviceSummary {
    const { online, faulty, connected, lifecycle } = row;
    const state = row.seen_ms === null ? 'never' : !online ? 'offline' : faulty ? 'faulty' : 'online';
    return {
      deviceKey: row.device_key,
      deviceId: row.device_id,
      path: this.#shared(row.path ?? []),
      stationId: row.station_id,
      lifecycle,
      state,
      online,
      faulty,
      connected,
      changedMs: row.changed_ms,
      seenMs: row.seen_ms,
    };
  }

  /** One array for all devices of a region. */
  #shared(path: readonly number[]): readonly number[] {
    const key = path.join('/');
    const known = this.#paths.get(key);
    if (known !== undefined) return known;
    this.#paths.set(key, path);
    return path;
  }

  #note(deviceKey: number): void {
    if (this.#listeners.size === 0) return;
    this.#changed.add(deviceKey);
    this.#tellTimer ??= setTimeout(() => {
      this.#tellTimer = undefined;
      const keys = [...this.#changed];
      this.#changed = new Set();
      const devices = keys.map((key) => this.#devices.get(key)).filter((device) => device !== undefined);
      const gone = keys.filter((key) => !this.#devices.has(key));
      for (const listener of this.#listeners) listener({ devices, gone });
    }, TELL_MS);
  }
}

function countedOf({ state, lifecycle, stationId }: DeviceSummary) {
  return { state, lifecycle, atStation: stationId !== null };
}

function same(a: DeviceSummary, b: DeviceSummary): boolean {
  return (
    a.path === b.path && a.stationId === b.stationId && a.lifecycle === b.lifecycle && a.state === b.state &&
    a.connected === b.connected && a.changedMs === b.changedMs
  ); // biome-ignore format: a list of fields
}
