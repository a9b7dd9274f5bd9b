import pino from 'pino';
import type { OutboxEvent } from '../../src/db/index.ts';
import { inTransaction, type Pool, writeOutbox } from '../../src/db/index.ts';
import { DEFAULT_POLICY } from '../../src/faults/policy.ts';
import { takeEvents } from '../../src/faults/telemetry/take.ts';
import { FaultWorker } from '../../src/faults/telemetry/worker.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** A moment of a fault: which device told what, when. */
export interface Told {
  readonly device: number;
  readonly kind:
    | 'device.offline'
    | 'device.online'
    | 'component.fault'
    | 'component.ok'
    | 'device.event'
    | 'device.changed';
  readonly atMs: number;
  readonly component?: string;
  readonly reason?: string;
  readonly code?: string;
}

export async function tellOutbox(pool: Pool, told: readonly Told[]): Promise<void> {
  await writeOutbox(
    pool,
    told.map(({ device, kind, atMs, ...payload }) => ({
      kind,
      deviceKey: device,
      payload: { ...payload, at: new Date(atMs).toISOString() },
    })),
  );
}

/** Telemetry's side of faults, driven by hand. */
export class Hand {
  readonly #pool: Pool;
  readonly clock: { now: number };
  readonly worker: FaultWorker;
  #place = 0;

  constructor(pool: Pool, nowMs: number) {
    this.#pool = pool;
    this.clock = { now: nowMs };
    this.worker = new FaultWorker({ pool, clock: () => this.clock.now, log: pino({ level: 'silent' }) });
  }

  /** Everything told so far is taken in; with `kill` the process dies before the commit. */
  async take({ kill = false } = {}): Promise<void> {
    const { rows } = await this.#pool.query<OutboxEvent>(
      'select id, at, kind, device_key, region_path, payload from outbox where id > $1 order by id',
      [this.#place],
    );
    await inTransaction(this.#pool, async (client) => {
      await takeEvents(client, rows, DEFAULT_POLICY, this.clock.now);
      if (kill) throw new Error('killed');
    }).catch((error: Error) => {
      if (error.message !== 'killed') throw error;
    });
    if (!kill) this.#place = rows.at(-1)?.id ?? this.#place;
  }

  /** Decides about all that is due. */
  async settle(): Promise<void> {
    while ((await this.worker.settle()).looked > 0);
  }

  /** The platform listens up to now; tells, takes in and decides. */
  async at(nowMs: number, told: readonly Told[] = []): Promise<void> {
    this.clock.now = nowMs;
    await tellOutbox(this.#pool, told);
    await this.take();
    await this.settle();
  }
}

export interface BigCounty {
  readonly countyId: number;
  readonly stations: readonly number[];
  readonly devices: readonly number[];
}

/** A county with so many stations in service, a site and a device each, and the baseline. */
export async function bigCounty(pool: Pool, stations: number, sinceMs: number): Promise<BigCounty> {
  const since = new Date(sinceMs);
  await pool.query(
    `insert into contract (code, name, is_baseline, term_from) values ('baseline', 'baseline', true, '2026-01-01')`,
  );
  const { rows } = await pool.query<{ id: number }>(
    `insert into region (kind, code, name) values ('county', '469001', '澄迈县') returning id`,
  );
  const countyId = rows[0]?.id ?? 0;
  await pool.query(
    `insert into site (region_id, code, name) select $1, 'S' || n, '卫生室' || n from generate_series(1, $2::int) n`,
    [countyId, stations],
  );
  await pool.query(
    `insert into station (site_id, code, name, commissioned_at) select id, code || '-1', '1号', $1 from site order by id`,
    [since],
  );
  await pool.query(
    `insert into device (device_id, serial, lifecycle, region_id) select 'dev-' || n, 'SN' || n, 'in_service', $1
     from generate_series(1, $2::int) n`,
    [countyId, stations],
  );
  await pool.query(
    `insert into device_live (device_key, online, last_rcv_at) select device_key, true, $1 from device`,
    [since],
  );
  await pool.query(
    `insert into installation (device_key, station_id, from_at)
     select d.device_key, s.id, $1 from (select device_key, row_number() over (order by device_key) as n from device) d
     join (select id, row_number() over (order by id) as n from station) s using (n)`,
    [since],
  );
  const ids = async (sql: string) => (await pool.query<{ id: number }>(sql)).rows.map(({ id }) => id);
  return {
    countyId,
    stations: await ids('select station_id as id from installation order by device_key'),
    devices: await ids('select device_key as id from installation order by device_key'),
  };
}

/** The platform listened from one instant to another. */
export async function listened(pool: Pool, fromMs: number, toMs: number): Promise<void> {
  await pool.query(
    `insert into platform_liveness (component, instance, from_at, to_at) values ('ingest', 'test', $1, $2)`,
    [new Date(fromMs), new Date(toMs)],
  );
}
