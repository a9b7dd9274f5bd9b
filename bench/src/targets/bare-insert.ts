import type { Pool } from '@uptally/fleet-api/db';

/** Records of a statement, as many as a flush of ingest carries. */
const ROWS = 5_000;
const PER_DEVICE = 5;

/**
 * The yardstick: rows a second that the database takes when it is handed nothing but ready batches, one after the other, with the
 * device's sequence numbers kept in the same statement. Two connections with devices of their own.
 */
export async function bareInsert(pool: Pool, connections: number, durationMs: number): Promise<number> {
  const { rows } = await pool.query<{ device_key: number }>('select device_key from device order by device_key');
  const keys = rows.map((row) => row.device_key);
  const share = Math.floor(keys.length / connections);
  const startedMs = performance.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, i) =>
      insertFor(pool, keys.slice(i * share, (i + 1) * share), startedMs + durationMs),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - startedMs) / 1000);
}

async function insertFor(pool: Pool, keys: readonly number[], untilMs: number): Promise<number> {
  const devices = keys.slice(0, ROWS / PER_DEVICE);
  const deviceOf = devices.flatMap((key) => Array.from({ length: PER_DEVICE }, () => key));
  let seq = 2 ** 40;
  let inserted = 0;
  while (performance.now() < untilMs) {
    const at = new Date().toISOString();
    const first = seq;
    seq += PER_DEVICE;
    await pool.query({
      name: 'bench_bare_insert',
      text: `with up as (
          update device_live l set seqs = l.seqs + int8multirange(int8range($2, $3)), last_rcv_at = $5
          from (select unnest($4::int4[]) as device_key) d where l.device_key = d.device_key)
        insert into rec_beat (ts, rcv_at, seq, device_key, flags)
        select $5, $5, seq, device_key, 1 from unnest($1::int8[], $6::int4[]) as given(seq, device_key)`,
      values: [deviceOf.map((_, i) => first + (i % PER_DEVICE)), first, seq, devices, at, deviceOf],
    });
    inserted += deviceOf.length;
  }
  return inserted;
}
