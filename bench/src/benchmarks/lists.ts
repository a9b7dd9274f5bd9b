import { openPool } from '@uptally/fleet-api/db';
import type { Benchmark } from '../benchmark.ts';
import { type DatabaseKind, databaseKinds, openDatabase } from '../database.ts';
import { count, ms, table } from '../report/table.ts';
import { apiKey } from '../targets/administrator.ts';
import { fillRegistry } from '../targets/big-registry.ts';
import { BenchServer } from '../targets/server.ts';

const DEVICES = 100_000;
const REQUESTS = 100;
const WARM = 10;

/** Lists and the overview with a large registry: what a person waits for. */
export const lists: Benchmark = {
  name: 'lists',
  about: `requests of the console with ${DEVICES} devices in the registry, one after the other, ${REQUESTS} of each`,
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
    const key = await apiKey(pool);
    const { rows } = await pool.query<{ id: number }>(`select id from region where code = 'B-7'`);
    await pool.end();
    const measured: string[][] = [];
    for (const path of paths(rows[0]?.id ?? 0)) {
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

function paths(countyId: number): readonly string[] {
  return [
    '/devices?limit=100',
    '/devices?limit=100&sort=-changed_at',
    '/devices?limit=100&sort=place&state=offline',
    '/devices?limit=100&state=faulty',
    `/devices?limit=100&region=${countyId}`,
    '/devices?limit=100&q=b4711',
    '/devices/count',
    '/sites?limit=100',
    '/overview',
  ];
}

export async function measure(url: string, key: string): Promise<string[]> {
  const timesMs: number[] = [];
  let bytes = 0;
  for (let i = 0; i < WARM + REQUESTS; i += 1) {
    const startedMs = performance.now();
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
    const body = await response.arrayBuffer();
    if (!response.ok) throw new Error(`${url}: ${response.status} ${Buffer.from(body).toString().slice(0, 300)}`);
    if (i >= WARM) timesMs.push(performance.now() - startedMs);
    bytes = body.byteLength;
  }
  timesMs.sort((a, b) => a - b);
  const at = (share: number) => timesMs[Math.floor(timesMs.length * share)] ?? 0;
  return [ms(at(0.5)), ms(at(0.95)), count(bytes)];
}
