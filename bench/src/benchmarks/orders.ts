import { openPool, type Pool } from '@uptally/fleet-api/db';
import type { Benchmark } from '../benchmark.ts';
import { type DatabaseKind, databaseKinds, openDatabase } from '../database.ts';
import { table } from '../report/table.ts';
import { apiKey } from '../targets/administrator.ts';
import { fillRegistry, settled } from '../targets/big-registry.ts';
import { BenchServer } from '../targets/server.ts';
import { measure } from './lists.ts';

const DEVICES = 3_000;
const ORDERS = 100_000;
/** Orders of one statement: the embedded database serves nobody else meanwhile. */
const CHUNK = 10_000;

/** Lists, counts and the board with years of work orders. */
export const orders: Benchmark = {
  name: 'orders',
  about: `requests with ${ORDERS} work orders, 2 % of them open, one after the other, 100 of each; the aim is 150 ms (p95)`,
  async run() {
    const rows: string[][] = [];
    for (const kind of databaseKinds()) rows.push(...(await onDatabase(kind)));
    return table(['request', 'p50 ms', 'p95 ms', 'body bytes'], rows);
  },
};

async function onDatabase(kind: DatabaseKind): Promise<string[][]> {
  const database = kind === 'server' ? await openDatabase('server') : null;
  const server = await BenchServer.start(database === null ? {} : { DATABASE_URL: database.url });
  try {
    const { databaseUrl, http } = server.runtime;
    const pool = openPool({ url: databaseUrl, max: 1 });
    await fillRegistry(pool, DEVICES);
    await fillOrders(pool);
    await settled(pool);
    const key = await apiKey(pool);
    const { rows } = await pool.query<{ county: number; station: number }>(
      `select county_id as county, station_id as station from work_order order by id limit 1`,
    );
    await pool.end();
    const measured: string[][] = [];
    for (const path of paths(rows[0]?.county ?? 0, rows[0]?.station ?? 0)) {
      measured.push([`${kind}: ${path}`, ...(await measure(`http://127.0.0.1:${http}/api/v1${path}`, key))]);
    }
    return measured;
  } catch (cause) {
    throw new Error(`the server said: ${server.output}`, { cause });
  } finally {
    await server.stop();
    await database?.close();
  }
}

function paths(county: number, station: number): readonly string[] {
  return [
    '/orders?limit=100',
    '/orders?limit=100&state=open&sort=next_due_at',
    '/orders?limit=100&late=true',
    `/orders?limit=100&region=${county}`,
    `/orders?limit=100&station=${station}`,
    '/orders?limit=100&q=W-004711',
    '/orders?limit=100&q=Site%2071',
    '/orders/count',
    '/orders/count?state=open',
    '/orders/board',
    '/orders/decisions',
    '/orders/1',
  ];
}

/** Orders of the last two years, a fault each; the newest 2 % are open. */
async function fillOrders(pool: Pool): Promise<void> {
  await pool.query(
    `insert into contract (code, name, is_baseline, term_from) values ('bench', 'bench', true, '2020-01-01') on conflict do nothing`,
  );
  await pool.query(
    `insert into repair_terms (contract_id, targets)
     select id, '{"calendars": {"always": {"kind": "always"}}, "severities": {"ordinary": {"repair": {"calendar": "always", "limitMs": 172800000}}}}'
     from contract where is_baseline`,
  );
  for (let from = 0; from < ORDERS; from += CHUNK) {
    await pool.query(
      `with s as (
         select st.id as station, si.id as site, r.path, r.path[2] as county, row_number() over (order by st.id) - 1 as n
         from station st join site si on si.id = st.site_id join region r on r.id = si.region_id where st.code like 'B%'),
       w as (
         insert into work_order (kind, contract_id, county_id, region_path, site_id, station_id, cause, severity, state, opened_at,
           ended_at, closed_at, faults_total, faults_open, next_stage, next_due_at, is_late)
         select 'station', (select id from contract where is_baseline), s.county, s.path, s.site, s.station,
           (array['offline', 'printer', 'scanner', 'storage'])[1 + i % 4], 'ordinary',
           case when open then (array['new', 'acknowledged', 'assigned', 'on_the_way', 'on_site', 'restored'])[1 + i % 6] else 'closed' end,
           at, case when not open then at + interval '5 hours' end, case when not open then at + interval '6 hours' end, 1,
           open::int, case when open then 'repair' end, case when open then at + interval '48 hours' end, i % 13 = 0
         from (select i, i >= $3::int * 0.98 as open, now() - make_interval(secs => ($3::int - i) * 630.0) as at
               from generate_series($1::int, $1::int + $2::int - 1) i) g
         join s on s.n = g.i % (select count(*) from s)
         returning id, contract_id, county_id, region_path, site_id, station_id, cause, severity, opened_at, ended_at, next_due_at, is_late),
       f as (
         insert into fault (contract_id, work_order_id, county_id, region_path, site_id, station_id, source, cause, severity, opened_at,
           status, ended_at, verdict, next_due_at, is_late)
         select contract_id, id, county_id, region_path, site_id, station_id, 'telemetry', cause, severity, opened_at,
           case when ended_at is null then 'open' else 'repaired' end, ended_at,
           case when is_late then 'late' when ended_at is null then 'pending' else 'on_time' end, next_due_at, is_late from w
         returning id, opened_at)
       insert into case_event (fault_id, seq, at, kind, data, recorded_at)
       select id, 1, opened_at, 'opened',
         jsonb_build_object('contract', (select max(id)::text from repair_terms), 'severity', 'ordinary'), opened_at from f`,
      [from, CHUNK, ORDERS],
    );
  }
  await pool.query('analyze');
}
