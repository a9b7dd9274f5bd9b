import { afterAll, expect, test } from 'vitest';
import { openPool } from '../../fleet-api/src/db/index.ts';
import { enrolDevices, LoadDevice } from '../support/load.ts';
import { TestPlatform } from '../support/platform.ts';

const KILLS = 10;
const DEVICES = 20;

const platform = new TestPlatform();
afterAll(() => platform.remove());

/** Small, seeded: the moments differ from round to round and not from run to run. */
function moments(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

test('whatever is killed, every acknowledged record is in the database exactly once', async () => {
  const runtime = await platform.start();
  const devices = await enrolDevices(await platform.admin(), DEVICES);
  let port = runtime.mqtt?.tcp ?? 0;
  const load = devices.map((credentials) => new LoadDevice(credentials, () => port));
  const acknowledged = () => load.reduce((sum, device) => sum + device.acknowledged.length, 0);
  const random = moments(20_261_121);

  for (let round = 0; round < KILLS; round++) {
    const before = acknowledged();
    await expect.poll(acknowledged, { timeout: 120_000 }).toBeGreaterThan(before + 100);
    await new Promise((resolve) => setTimeout(resolve, random() * 800));
    if (round % 2 === 0) {
      process.kill(platform.runtime().databasePid ?? 0, 'SIGKILL');
    } else {
      await platform.kill();
      port = (await platform.start()).mqtt?.tcp ?? 0;
    }
  }
  const before = acknowledged();
  await expect.poll(acknowledged, { timeout: 120_000 }).toBeGreaterThan(before + 100);
  await Promise.all(load.map((device) => device.stop()));

  const pool = openPool({ url: platform.runtime().databaseUrl, max: 1 });
  const { rows } = await pool.query<{ device_id: string; seqs: number[] }>(
    `select d.device_id, array_agg(b.seq::int order by b.seq) as seqs
     from rec_beat b join device d using (device_key) group by 1`,
  );
  await pool.end();
  const stored = new Map(rows.map((row) => [row.device_id, row.seqs]));
  devices.forEach(({ device_id }, i) => {
    const seqs = stored.get(device_id) ?? [];
    expect(new Set(seqs).size).toBe(seqs.length);
    const there = new Set(seqs);
    expect(load[i]?.acknowledged.filter((seq) => !there.has(seq))).toEqual([]);
  });
  expect(acknowledged()).toBeGreaterThan(KILLS * 100);
});
