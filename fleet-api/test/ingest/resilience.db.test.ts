import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { DeviceRecord } from '@uptally/protocol';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { openPool, type Pool } from '../../src/db/index.ts';
import type { Ingest } from '../../src/ingest/index.ts';
import { addDevices, beat, Clock, openIngest, Speaker } from './support.ts';

/** A way to the database that can be cut. */
class Cable {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => {
    if (this.#cut) return void near.destroy();
    const far = connect(Number(this.#target.port), this.#target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  #cut = false;

  constructor(url: string) {
    this.#target = new URL(url);
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.#target);
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return url.toString();
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let db: TestDatabase;
let clock: Clock;
let cable: Cable;
let far: Pool;
let ingest: Ingest;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.reset();
  clock = new Clock();
  cable = new Cable(db.url);
  far = openPool({ url: await cable.open(), max: 3 });
  ingest = await openIngest(far, clock);
});
afterEach(async () => {
  await ingest.stop();
  await far.end();
  await cable.close();
});

async function stored(): Promise<{ n: number; distinct: number }> {
  const { rows } = await db.pool.query<{ n: number; distinct: number }>(
    'select count(*)::int as n, count(distinct (device_key, seq))::int as distinct from rec_beat',
  );
  return rows[0] ?? { n: -1, distinct: -1 };
}

test('while the database is away nothing is acknowledged; when it is back everything is stored once', async () => {
  const keys = await addDevices(db.pool, 20);
  const devices = keys.map((key) => new Speaker(key, clock));
  await Promise.all(devices.map((d) => d.rec(ingest, { seq0: 1, recs: [beat()] })));
  let acknowledged = 0;
  const send = (seq0: number) =>
    devices.map((d) =>
      d.rec(ingest, { seq0, recs: [beat(), beat()] }).then(() => {
        acknowledged += 1;
      }),
    );
  const first = send(2);
  cable.cut();
  const second = send(4);
  await expect.poll(() => ingest.stats().retries, { timeout: 10_000 }).toBeGreaterThan(1);
  expect(acknowledged).toBeLessThanOrEqual(20);
  cable.mend();
  await Promise.all([...first, ...second]);
  expect(await stored()).toEqual({ n: 100, distinct: 100 });
});

test('a full queue holds messages back, then refuses them, and takes up again', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  await device.rec(ingest, { seq0: 1, recs: [beat()] });
  cable.cut();
  const recs = Array.from({ length: 500 }, () => beat());
  const sent = Array.from({ length: 150 }, (_, i) => device.rec(ingest, { seq0: 2 + i * 500, recs }));
  const gone = ingest.sink.accept({
    device: { deviceKey: key, deviceId: 'dev-1' },
    channel: 'rec',
    payload: Buffer.from(
      JSON.stringify({ v: 1, boot: 1, seq0: 900_000, sent_ms: clock.ms, mono_ms: 1, recs: [beat()] }),
    ),
    receivedAtMs: clock.ms,
    isGone: () => true,
  });
  gone.catch(() => undefined);
  expect(ingest.stats()).toMatchObject({ held: 51 });
  expect(ingest.stats().queued).toBeLessThanOrEqual(50_000);
  const junk = new Uint8Array(250_000);
  const refused = Array.from({ length: 300 }, () =>
    device.raw(ingest, 'rec', junk).then(
      () => false,
      () => true,
    ),
  );
  expect(ingest.stats().heldBytes).toBeLessThanOrEqual(64 * 1024 * 1024);
  cable.mend();
  await Promise.all(sent);
  await expect(gone).rejects.toThrow('its connection ended');
  expect((await Promise.all(refused)).filter(Boolean).length).toBeGreaterThan(20);
  expect(await stored()).toEqual({ n: 75_001, distinct: 75_001 });
});

test('one value that the database refuses is set apart; everything around it is stored', async () => {
  const keys = await addDevices(db.pool, 10);
  await db.pool.query(`alter table rec_event add constraint refused check (code <> 'poison')`);
  try {
    const event = (code: string): DeviceRecord => ({ k: 'event', d_mono: 0, code });
    await Promise.all(
      keys.map((key, i) =>
        new Speaker(key, clock).rec(ingest, { seq0: 1, recs: [beat(), event(i === 4 ? 'poison' : 'fine'), beat()] }),
      ),
    );
    expect(await stored()).toEqual({ n: 20, distinct: 20 });
    const { rows } = await db.pool.query(
      'select device_id, code, seqs::text from quarantine q join device_live l using (device_key)',
    );
    expect(rows).toEqual([{ device_id: `dev-${keys[4]}`, code: 'bad_record', seqs: '{[1,4)}' }]);
    expect((await db.pool.query('select count(*)::int as n from rec_event')).rows).toEqual([{ n: 9 }]);
  } finally {
    await db.pool.query('alter table rec_event drop constraint refused');
  }
});

test('stopping makes durable what was taken and refuses the rest', async () => {
  const [key = 0] = await addDevices(db.pool, 1);
  const device = new Speaker(key, clock);
  const sent = Array.from({ length: 50 }, (_, i) => device.rec(ingest, { seq0: i, recs: [beat()] }));
  await ingest.stop();
  await Promise.all(sent);
  expect(await stored()).toEqual({ n: 50, distinct: 50 });
  await expect(device.rec(ingest, { seq0: 50, recs: [beat()] })).rejects.toThrow('stopping');
});

/** What a few devices said, cut into batches that overlap, each sent once or more, in any order, to either process. */
const deliveries = fc.array(
  fc.record({
    device: fc.integer({ min: 0, max: 3 }),
    seq0: fc.integer({ min: 0, max: 120 }),
    length: fc.integer({ min: 1, max: 40 }),
    to: fc.integer({ min: 0, max: 1 }),
    times: fc.integer({ min: 1, max: 2 }),
  }),
  { minLength: 1, maxLength: 60 },
);

test('however histories are cut, repeated, shuffled and split over two processes, each record is there once', async () => {
  const other = await openIngest(db.pool, clock);
  await fc.assert(
    fc.asyncProperty(deliveries, async (batches) => {
      await db.reset();
      for (const key of [1, 2, 3, 4]) for (const i of [ingest, other]) i.forget(key);
      const keys = await addDevices(db.pool, 4);
      const expected = new Set<string>();
      const kinds: readonly DeviceRecord[] = [beat(), { k: 'sim', d_mono: 0, rx_bytes: 1, tx_bytes: 0 }];
      await Promise.all(
        batches.flatMap(({ device, seq0, length, to, times }) => {
          const key = keys[device] ?? 0;
          const recs = Array.from({ length }, (_, i) => kinds[(seq0 + i) % 2] ?? beat());
          for (let i = 0; i < length; i += 1) expected.add(`${key}/${seq0 + i}`);
          const target = to === 0 ? ingest : other;
          return Array.from({ length: times }, () => new Speaker(key, clock).rec(target, { seq0, recs }));
        }),
      );
      const { rows } = await db.pool.query<{ id: string }>(
        `select device_key || '/' || seq as id from rec_beat union all select device_key || '/' || seq from rec_sim`,
      );
      expect(rows.map((row) => row.id).sort()).toEqual([...expected].sort());
      const sums = await db.pool.query<{ used: number; sims: number; seqs: number }>(
        `select sum(sim_bytes)::int as used, (select count(*)::int from rec_sim) as sims,
           (select count(*)::int from device_live, unnest(seqs) r, generate_series(lower(r), upper(r) - 1)) as seqs from device_live`,
      );
      expect(sums.rows[0]).toEqual({ used: sums.rows[0]?.sims, sims: sums.rows[0]?.sims, seqs: expected.size });
    }),
    { numRuns: 15 },
  );
  await other.stop();
});
