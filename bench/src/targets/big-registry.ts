import type { Pool } from '@uptally/fleet-api/db';

const COUNTIES = 20;
const TOWNSHIPS_EACH = 20;

/**
 * A registry of `devices` installed devices, one a site, in 20 counties of 20 townships; 90 % online, 1 % faulty, 2 % never
 * seen. Nobody beats here: the newest beat lies a day ahead, so that those online stay so while a benchmark runs.
 */
export async function fillRegistry(pool: Pool, devices: number): Promise<void> {
  for (const [text, values] of statements(devices)) await pool.query(text, values);
  await pool.query('analyze');
}

function statements(devices: number): [text: string, values: unknown[]][] {
  return [
    [`insert into region (kind, code, name) values ('province', 'B', 'Province')`, []],
    [
      `insert into region (parent_id, kind, code, name)
       select p.id, 'county', 'B-' || c, 'County ' || c from region p, generate_series(1, $1::int) c where p.code = 'B'`,
      [COUNTIES],
    ],
    [
      `insert into region (parent_id, kind, code, name)
       select c.id, 'township', c.code || '-' || t, 'Township ' || t
       from region c, generate_series(1, $1::int) t where c.kind = 'county' and c.code like 'B-%'`,
      [TOWNSHIPS_EACH],
    ],
    [
      `insert into device_model (code, name, vendor) values ('B-1', 'Terminal 1', 'Bench'), ('B-2', 'Terminal 2', 'Bench')`,
      [],
    ],
    [
      `with t as (select id, row_number() over (order by id) - 1 as n from region where kind = 'township' and code like 'B-%')
       insert into site (region_id, code, name)
       select t.id, 'B' || i, 'Site ' || i from generate_series(0, $1::int - 1) i join t on t.n = i % $2`,
      [devices, COUNTIES * TOWNSHIPS_EACH],
    ],
    [
      `insert into station (site_id, code, name, commissioned_at)
       select id, code || '-1', 'Station 1', now() - interval '1 year' from site where code like 'B%'`,
      [],
    ],
    [
      `insert into device (device_id, serial, model_id, region_id, lifecycle, secret_hash, enrolled_at)
       select 'big-' || lpad(s.code, 8, '0'), 'SN' || s.code, m.id, s.region_id, 'in_service', sha256(s.code::bytea), now()
       from (select lower(code) as code, region_id, id from site where code like 'B%') s
       join device_model m on m.code = 'B-' || (1 + s.id % 2)`,
      [],
    ],
    [
      `insert into device_live (device_key, boot, session, online, connected, changed_at, last_live_at, last_ts, last_rcv_at, faulty,
         components, health, net)
       select device_key, 1, 1, device_key % 10 <> 0, device_key % 10 <> 0, now() - interval '1 second' * (device_key % 86400),
         now() + interval '1 day', now(), now(), device_key % 100 = 1,
         case when device_key % 100 = 1 then '{"printer": {"s": "fault", "r": "paper_out"}}'::jsonb else '{"printer": {"s": "ok"}}' end,
         '{"cpu_pct": 9}', jsonb_build_object('rtt_ms', 40 + device_key % 60, 'signal_dbm', -70 - device_key % 30)
       from device where device_id like 'big-%' and device_key % 50 <> 3`,
      [],
    ],
    [
      `insert into device_live (device_key) select device_key from device d
       where device_id like 'big-%' and not exists (select from device_live l where l.device_key = d.device_key)`,
      [],
    ],
    [
      `insert into installation (device_key, station_id, from_at)
       select d.device_key, t.id, now() - interval '300 days'
       from device d join station t on lower(t.code) = substr(d.serial, 3) || '-1' where d.device_id like 'big-%'`,
      [],
    ],
  ];
}

const SETTLE_MS = 300_000;

/** Waits until the server has counted what a new registry gives it to count: a fleet is not set up anew while people look at it. */
export async function settled(pool: Pool): Promise<void> {
  const deadlineMs = performance.now() + SETTLE_MS;
  const waiting = 'select exists (select from evidence_mark) or exists (select from accrual_due) as waiting';
  for (;;) {
    const { rows } = await pool.query<{ waiting: boolean }>(waiting);
    if (rows[0]?.waiting !== true) return;
    if (performance.now() > deadlineMs) throw new Error('the server still counts its new registry');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
