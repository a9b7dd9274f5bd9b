import type { DeviceIdentity } from '@uptally/broker';
import { DEFAULT_BEAT_MS } from '@uptally/protocol';
import type { Pool } from '../db/index.ts';
import { type Anchor, type BootClock, bootClock } from './placement.ts';

/** Boots whose clocks are kept for a device; samples of others are read from the database again. */
const BOOTS_KEPT = 8;
/** New boots of a device whose anchors are stored, in an hour: more is a fault of the device and only costs rows. */
const BOOTS_AN_HOUR = 60;
const HOUR_MS = 3_600_000;
/** Anchors loaded for a boot: the newest. */
const ANCHORS_LOADED = 32;

/** What ingest remembers of a device so that placing a record needs no query. Rebuilt from the database when missing. */
export interface DeviceContext {
  readonly deviceKey: number;
  readonly deviceId: string;
  readonly revoked: boolean;
  readonly loadedMs: number;
  beatMs: number;
  /** Server Unix ms minus device wall ms, as last heard from a live boot; null if never. */
  wallOffsetMs: number | null;
  readonly boots: Map<number, BootClock>;
  bootsSinceMs: number;
  bootsNew: number;
}

/** A boot of a device, as asked for. */
export interface BootOf {
  readonly device: DeviceIdentity;
  readonly boot: number;
}

interface Row {
  device_key: number;
  device_id: string;
  revoked: boolean;
  beat_ms: number;
  boot: number;
  wall_offset_ms: number | null;
  anchors: [from: number, offset: number, wall: number | null][] | null;
}

/** Devices and, for each, the boot asked for; one row a pair. */
const LOAD = `
  select d.device_key, d.device_id, (d.revoked_at is not null or d.lifecycle = 'retired') as revoked, l.beat_ms, w.boot,
    (select a.wall_offset_ms from boot_anchor a where a.device_key = d.device_key and a.wall_offset_ms is not null
      order by a.boot desc, a.from_mono_ms desc limit 1) as wall_offset_ms,
    (select json_agg(json_build_array(a.from_mono_ms, a.offset_ms, a.wall_offset_ms))
      from (select * from boot_anchor a where a.device_key = d.device_key and a.boot = w.boot
        order by a.from_mono_ms desc limit ${ANCHORS_LOADED}) a) as anchors
  from unnest($1::int4[], $2::int4[]) as w(device_key, boot)
  join device d using (device_key) join device_live l using (device_key)`;

/** Contexts by device, least recently loaded first out. */
export class DeviceContexts {
  readonly #pool: Pool;
  readonly #clock: () => number;
  readonly #limit: number;
  readonly #ttlMs: number;
  readonly #byKey = new Map<number, DeviceContext>();

  constructor(options: {
    readonly pool: Pool;
    readonly clock: () => number;
    readonly limit?: number;
    readonly ttlMs?: number;
  }) {
    this.#pool = options.pool;
    this.#clock = options.clock;
    this.#limit = options.limit ?? 200_000;
    this.#ttlMs = options.ttlMs ?? 2 * 60_000;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** The context of a device; undefined if it must be loaded first or is unknown. */
  get(deviceKey: number): DeviceContext | undefined {
    return this.#byKey.get(deviceKey);
  }

  /** True if placing a record of `boot` needs {@link load} first. */
  lacks(deviceKey: number, boot: number, nowMs: number): boolean {
    const context = this.#byKey.get(deviceKey);
    return context === undefined || nowMs - context.loadedMs > this.#ttlMs || !context.boots.has(boot);
  }

  /** Drops what is remembered of a device: it was revoked or changed. */
  forget(deviceKey: number): void {
    this.#byKey.delete(deviceKey);
  }

  /** Reads devices and boots that are lacking. A boot never anchored gets an empty clock; an unknown device stays unknown. */
  async load(wanted: readonly BootOf[]): Promise<void> {
    if (wanted.length === 0) return;
    for (const { device } of wanted) trim(this.#byKey.get(device.deviceKey));
    const { rows } = await this.#pool.query<Row>({
      name: 'uptally_contexts',
      text: LOAD,
      values: [wanted.map((w) => w.device.deviceKey), wanted.map((w) => w.boot)],
    });
    const nowMs = this.#clock();
    const loaded = new Set<number>();
    for (const row of rows) {
      this.#take(row, nowMs);
      loaded.add(row.device_key);
    }
    for (const { device } of wanted) if (!loaded.has(device.deviceKey)) this.#byKey.delete(device.deviceKey);
    for (const key of this.#byKey.keys()) {
      if (this.#byKey.size <= this.#limit) break;
      this.#byKey.delete(key);
    }
  }

  #take(row: Row, nowMs: number): void {
    const known = this.#byKey.get(row.device_key);
    const boots = known?.boots ?? new Map<number, BootClock>();
    if (!boots.has(row.boot)) boots.set(row.boot, bootClock((row.anchors ?? []).map(anchorOf)));
    this.#byKey.delete(row.device_key);
    this.#byKey.set(row.device_key, {
      deviceKey: row.device_key,
      deviceId: row.device_id,
      revoked: row.revoked,
      loadedMs: nowMs,
      beatMs: row.beat_ms || DEFAULT_BEAT_MS,
      wallOffsetMs: known?.wallOffsetMs ?? row.wall_offset_ms,
      boots,
      bootsSinceMs: known?.bootsSinceMs ?? nowMs,
      bootsNew: known?.bootsNew ?? 0,
    });
  }
}

function anchorOf([fromMonoMs, offsetMs, wallOffsetMs]: [number, number, number | null]): Anchor {
  return { fromMonoMs, offsetMs, wallOffsetMs };
}

/** Keeps the boots heard last: done before a load, never between a load and the placing that it was for. */
function trim(context: DeviceContext | undefined): void {
  if (context === undefined) return;
  for (const boot of context.boots.keys()) {
    if (context.boots.size <= BOOTS_KEPT) return;
    context.boots.delete(boot);
  }
}

/** True if one more new boot of this device may be anchored in the database now. */
export function mayAnchorNewBoot(context: DeviceContext, nowMs: number): boolean {
  if (nowMs - context.bootsSinceMs > HOUR_MS) {
    context.bootsSinceMs = nowMs;
    context.bootsNew = 0;
  }
  context.bootsNew += 1;
  return context.bootsNew <= BOOTS_AN_HOUR;
}
