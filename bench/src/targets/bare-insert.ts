import type { Pool } from '@uptally/fleet-api/db';

/** Records of a statement, as many as a flush of ingest carries. */
const ROWS = 5_000;
const PER_DEVICE = 5;

/** How the yardstick keeps a record from being stored twice. */
export type Identity = 'ledger' | 'unique';

const STATEMENTS: Record<Identity, string> = {
  ledger: `with up as (
      update device_live l set seqs = l.seqs + int8multirange(int8range($2, $3)), last_rcv_at = $5
      from (select unnest($4::int4[]) as device_key) d where l.device_key = d.device_key)
    insert into rec_beat (ts, rcv_at, seq, device_key, flags)
    select $5, $5, seq, device_key, 1 from unnest($1::int8[], $6::int4[]) as given(seq, device_key)`,
  unique: `with up as (
      update device_live l set last_rcv_at = $5
      from (select unnest($4::int4[]) as device_key) d where l.device_key = d.device_key and $2::int8 < $3::int8)
    insert into bench_beat (ts, rcv_at, seq, device_key, flags)
    select $5, $5, seq, device_key, 1 from unnest($1::int8[], $6::int4[]) as given(seq, device_key)
    on conflict do nothing`,
};

/** The same hypertable as beats go to, with the unique index by which duplicates are usually dropped. */
export async function prepareUnique(pool: Pool): Promise<void> {
  await pool.query(`create table if not exists bench_beat (like rec_beat)`);
  await pool.query(`select create_hypertable('bench_beat', by_range('ts', interval '1 day'), if_not_exists => true)`);
  await pool.query('create unique index if not exists bench_beat_identity on bench_beat (device_key, seq, ts)');
}

/**
 * The yardsticks: rows a second that the database takes when it is handed nothing but ready batches, one after the other, with
 * identity kept by the ledger of sequence numbers or by a unique index. Two connections with devices of their own.
 */
export async function bareInsert(
  pool: Pool,
  identity: Identity,
  connections: number,
  durationMs: number,
): Promise<number> {
  const { rows } = await pool.query<{ device_key: number }>('select device_key from device order by device_key');
  const keys = rows.map((row) => row.device_key);
  const share = Math.floor(keys.length / connections);
  const startedMs = performance.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, i) =>
      insertFor(pool, identity, keys.slice(i * share, (i + 1) * share), startedMs + durationMs),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - startedMs) / 1000);
}

async function insertFor(pool: Pool, identity: Identity, keys: readonly number[], untilMs: number): Promise<number> {
  const devices = keys.slice(0, ROWS / PER_DEVICE);
  const deviceOf = devices.flatMap((key) => Array.from({ length: PER_DEVICE }, () => key));
  let seq = 2 ** 40;
  let inserted = 0;
  while (performance.now() < untilMs) {
    const at = new Date().toISOString();
    const first = seq;
    seq += PER_DEVICE;
    await pool.query({
      name: `bench_bare_${identity}`,
      text: STATEMENTS[identity],
      values: [deviceOf.map((_, i) => first + (i % PER_DEVICE)), first, seq, devices, at, deviceOf],
    });
    inserted += deviceOf.length;
  }
  return inserted;
}
