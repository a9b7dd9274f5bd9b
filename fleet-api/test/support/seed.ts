import type { Pool } from '../../src/db/index.ts';

export interface SeedOptions {
  /** Devices in all; 95 % stand at stations, the others are spares, in repair or retired. */
  readonly devices: number;
  readonly counties?: number;
  readonly townshipsPerCounty?: number;
  /** Newest moment that the seeded fleet knows of, Unix ms. */
  readonly nowMs: number;
}

/**
 * A fleet of any size in a few statements: a province, its regions, sites with one or two stations, devices with live state of
 * the usual mix (94 % online, 4 % offline, 1 % faulty, 2 % never heard of), SIM cards. Repeatable: nothing in it is random.
 */
export async function seedFleet(pool: Pool, options: SeedOptions): Promise<void> {
  const { devices, counties = 21, townshipsPerCounty = 20, nowMs } = options;
  const installed = Math.floor(devices * 0.95);
  await seedRegions(pool, counties, townshipsPerCounty);
  await seedPlaces(pool, installed);
  await pool.query(
    `insert into device_model (code, name, vendor, required_components) values
       ('pos-1', 'POS 一型', '示例厂商', '{program,printer}'), ('pos-2', 'POS 二型', '示例厂商', '{program,printer,card_reader}')`,
  );
  await seedDevices(pool, devices, installed, new Date(nowMs));
  await seedLive(pool, new Date(nowMs));
  await pool.query('vacuum analyze device, device_list, device_search, device_live');
  await pool.query('analyze');
}

async function seedRegions(pool: Pool, counties: number, townships: number): Promise<void> {
  await pool.query(`insert into region (kind, code, name) values ('province', '46', '海南省')`);
  await pool.query(
    `insert into region (parent_id, kind, code, name, sort)
     select (select id from region where code = '46'), 'county', '46' || lpad(i::text, 2, '0'), '第' || i || '县', i
     from generate_series(1, $1::int) i`,
    [counties],
  );
  await pool.query(
    `insert into region (parent_id, kind, code, name, sort)
     select c.id, 'township', c.code || lpad(i::text, 2, '0'), c.name || '第' || i || '镇', i
     from region c, generate_series(1, $1::int) i where c.kind = 'county' order by c.id, i`,
    [townships],
  );
}

/** Sites in all townships in turn; the first fifth of them has a second station. */
async function seedPlaces(pool: Pool, stations: number): Promise<void> {
  const sites = Math.ceil((stations * 5) / 6);
  await pool.query(
    `with t as (select id, name, row_number() over (order by code) - 1 as n, count(*) over () as total
                from region where kind = 'township')
     insert into site (region_id, code, name, kind)
     select t.id, 'S' || lpad(i::text, 6, '0'), t.name || '第' || i || '卫生室', 'village_clinic'
     from generate_series(1, $1::int) i join t on t.n = i % t.total order by i`,
    [sites],
  );
  await pool.query(
    `insert into station (site_id, code, name)
     select id, code || '-' || k, k || '号窗口' from site cross join generate_series(1, 2) k
     where k = 1 or id <= $1 order by k, id`,
    [stations - sites],
  );
}

async function seedDevices(pool: Pool, devices: number, installed: number, now: Date): Promise<void> {
  await pool.query(
    `with county as (select id, row_number() over (order by id) - 1 as n, count(*) over () as total
                     from region where kind = 'county'),
     station_at as (select st.id, si.region_id, row_number() over (order by st.id) as n
                    from station st join site si on si.id = st.site_id),
     made as (
       insert into device (device_id, serial, model_id, lifecycle, region_id, enrolled_at, inventory)
       select 'pos-' || lpad(i::text, 6, '0'), 'SN' || upper(substr(md5(i::text), 1, 10)), 1 + i % 2,
         case when s.id is not null then 'in_service' when i % 20 < 16 then 'in_stock' when i % 20 < 19 then 'in_repair'
           else 'retired' end,
         coalesce(s.region_id, c.id), $3::timestamptz - interval '100 days',
         '{"os":"Debian 12","kernel":"6.1","cpu":"ARM Cortex-A53","mem_mb":2048}'
       from generate_series(1, $1::int) i join county c on c.n = i % c.total
       left join station_at s on s.n = i and i <= $2::int order by i
       returning device_key, device_id)
     insert into device_live (device_key) select device_key from made`,
    [devices, installed, now],
  );
  await pool.query(
    `insert into installation (device_key, station_id, from_at, reason)
     select d.device_key, s.id, $1::timestamptz - interval '90 days', 'first installation'
     from (select device_key, row_number() over (order by device_key) as n from device where lifecycle = 'in_service') d
     join (select id, row_number() over (order by id) as n from station) s using (n)`,
    [now],
  );
  await pool.query(
    `insert into sim_card (iccid, imsi, operator, device_key)
     select '898600' || lpad((device_key * 7919::bigint)::text, 14, '0'), '46000' || lpad(device_key::text, 10, '0'),
       'CMCC', device_key
     from device where lifecycle <> 'retired'`,
  );
}

async function seedLive(pool: Pool, now: Date): Promise<void> {
  await pool.query(
    `with mix as (select device_key, (device_key * 7919::bigint) % 1000 as m from device_live)
     update device_live v set
       seqs = int8multirange(int8range(0, 100000 + mix.device_key)), boot = 3, session = 12, connected = m < 940,
       online = m < 940, changed_at = $1::timestamptz - (mix.device_key * 104729::bigint % 1728000) * interval '1 second',
       last_live_at = $1::timestamptz - case when m < 940 then interval '20 seconds' else (m - 939) * interval '2 hours' end,
       last_rcv_at = $1::timestamptz - case when m < 940 then interval '20 seconds' else (m - 939) * interval '2 hours' end,
       last_ts = $1, agent = '0.1.0', fw = 'Debian 12', cfg_rev = 1, faulty = m < 10,
       components = jsonb_build_object('program', jsonb_build_object('s', 'ok'), 'card_reader', jsonb_build_object('s', 'ok'),
         'cpu', jsonb_build_object('s', 'ok'), 'memory', jsonb_build_object('s', 'ok'),
         'storage', jsonb_build_object('s', 'ok'), 'printer', case when m < 10
           then jsonb_build_object('s', 'fault', 'r', 'paper_out', 'since', $1::timestamptz - interval '3 hours')
           else jsonb_build_object('s', 'ok') end),
       health = jsonb_build_object('cpu_pct', m % 50, 'load1', 0.4, 'mem_used_pct', 40 + m % 40, 'disk_used_pct', m % 70,
         'temp_c', 35 + m % 30), health_at = $1,
       net = jsonb_build_object('rtt_ms', 50 + mix.device_key * 31 % 300, 'jitter_ms', m % 30,
         'signal_dbm', -60 - mix.device_key * 17 % 50, 'operator', 'CMCC', 'rat', '4g'), net_at = $1,
       sim_month = date_trunc('month', $1::timestamptz at time zone 'Asia/Shanghai')::date,
       sim_bytes = mix.device_key * 104729::bigint % 450000000
     from mix where mix.device_key = v.device_key and m < 980`,
    [now],
  );
}
