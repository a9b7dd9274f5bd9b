import type { Pool } from '@uptally/fleet-api/db';
import { fillRegistry } from './big-registry.ts';

/** Beat interval of the fleet, ms. */
export const BEAT_MS = 60_000;

/** Stations and devices that have beaten every minute since `fromMs` until `toMs`, as ingest keeps it; the platform was up all the time. */
export async function fillLedger(
  pool: Pool,
  devices: number,
  fromMs: number,
  toMs: number,
): Promise<readonly number[]> {
  await fillRegistry(pool, devices);
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const beats = Math.floor((toMs - fromMs) / BEAT_MS) + 1;
  await pool.query(
    `update device_live set seqs = int8multirange(int8range(0, $3::int8)), beat_ms = $4, run_from = $1, run_to = $2, run_from_seq = 0,
       run_to_seq = $3::int8 - 1, run_live_ms = $4::int * 5 / 2, last_live_at = $2, last_ts = $2, boot = 1, session = 1`,
    [from, to, beats, BEAT_MS],
  );
  await pool.query(
    `insert into platform_liveness (component, instance, from_at, to_at)
     values ('ingest', 'bench', $1::timestamptz - interval '90 days', now() + interval '1 day')`,
    [from],
  );
  await pool.query('vacuum analyze device_live').catch(() => pool.query('analyze device_live'));
  const { rows } = await pool.query<{ device_key: number }>('select device_key from device order by device_key');
  return rows.map((row) => row.device_key);
}

/** Figures of `days` days of every station of the baseline, as they come out of the ledger: some down, some unknown. */
export async function fillAccruals(pool: Pool, firstDay: string, days: number): Promise<number> {
  let rows = 0;
  for (let day = 0; day < days; day += 1) {
    const { rowCount } = await pool.query(
      `insert into accrual
       select c.id, t.id, $1::date + $2::int, 86400000,
         86400000 - n.down - n.unknown, n.down, n.unknown, 0, 0, 86400000 - n.unknown, 0, n.unknown, 0, 0,
         ($1::date + $2::int + 1) at time zone 'Asia/Shanghai'
       from contract c cross join station t
       cross join lateral (select (t.id * 7919 + $2 * 104729) % 5000000 as down, (t.id * 31 + $2 * 17) % 90000 as unknown) n
       where c.is_baseline on conflict do nothing`,
      [firstDay, day],
    );
    rows += rowCount ?? 0;
  }
  await pool.query('analyze accrual');
  return rows;
}

/** A month of beats of one device, one in a hundred missing, some in runs; and what else a device says. Stored as records. */
export async function fillMonth(pool: Pool, deviceKey: number, fromMs: number, beats: number): Promise<void> {
  const from = new Date(fromMs).toISOString();
  for (let first = 0; first < beats; first += 10_000) {
    await pool.query(
      `insert into rec_beat (ts, rcv_at, seq, device_key, flags)
       select $2::timestamptz + i * interval '1 minute', $2::timestamptz + i * interval '1 minute', i, $1, case when i % 50 = 0 then 0 else 1 end
       from generate_series($3::int8, least($3 + 10000, $4::int8) - 1) i where i % 600 > 5`,
      [deviceKey, from, first, beats],
    );
  }
  await pool.query(
    `insert into rec_health (ts, rcv_at, seq, device_key, flags, is_full, components)
     select $2::timestamptz + i * interval '1 day', $2::timestamptz, 1000000 + i, $1, 1, true,
       '{"printer": {"s": "ok"}, "cpu": {"s": "ok"}, "cardreader": {"s": "warn"}}'
     from generate_series(0, $3::int8 / 1440) i`,
    [deviceKey, from, beats],
  );
}
