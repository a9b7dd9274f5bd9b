import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { signedIn, type TestApi, type TestPerson, testApi } from '../support/api.ts';
import { testCounty } from '../support/county.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('telemetry', () => {
  let database: TestDatabase;
  let api: TestApi;
  let admin: TestPerson;
  let device: string;
  const now = Date.parse('2026-03-10T04:00:00Z'); // noon in the platform's zone

  beforeAll(async () => {
    database = await testDatabase();
    api = await testApi(database.pool);
    const county = await testCounty(database.pool, 'AA', new Date(now - 30 * DAY));
    device = county.devices[0] as string;
    await insertRecords();
    api.clock.now = now;
    admin = await signedIn(api);
  });
  afterAll(async () => {
    await api?.close();
    await database?.close();
  });

  async function insertRecords(): Promise<void> {
    const { pool } = database;
    const at = (ms: number): Date => new Date(now + ms);
    // Round trips of 100 and 300 ms in the hour before last, none in the last, and a probe lost of twenty.
    await pool.query(
      `insert into rec_net (ts, rcv_at, seq, device_key, flags, rtt_ms, jitter_ms, sent, lost, signal_dbm) values
         ($1, $1, 1, 1, 1, 100, 5, 10, 0, -70), ($2, $2, 2, 1, 1, 300, 9, 10, 1, -90), ($3, $3, 3, 1, 1, 500, 9, 10, 0, -90)`,
      [at(-110 * MINUTE), at(-109 * MINUTE), at(-5 * DAY)],
    );
    await pool.query(
      `insert into rec_sim (ts, rcv_at, seq, device_key, flags, rx_bytes, tx_bytes) values ($1, $1, 4, 1, 1, 1000, 24), ($2, $2, 5, 1, 1, 1, 1)`,
      [at(-13 * HOUR), at(-1 * HOUR)], // yesterday and today, as the platform's zone counts
    );
    // Beats every minute from -60 to -50 and from -40 to -38; those from -30 to -28 came late and prove nothing live.
    await pool.query(
      `insert into rec_beat (ts, rcv_at, seq, device_key, flags)
       select $1::timestamptz - m * interval '1 minute', $1, 100 + m, 1, case when m between 28 and 30 then 0 else 1 end
       from unnest(array[60,59,58,57,56,55,54,53,52,51,50, 40,39,38, 30,29,28, 10]) m`,
      [at(0)],
    );
    await pool.query(
      `insert into device_session (device_key, session, boot, began_at, ended_at, end_kind) values
         (1, 1, 1, $1, $2, 'will'), (1, 2, 1, $3, $4, 'clean')`,
      [at(-61 * MINUTE), at(-48 * MINUTE), at(-11 * MINUTE), at(-9 * MINUTE)],
    );
    await pool.query(
      `insert into rec_event (ts, rcv_at, seq, device_key, flags, code, sev, d) values
         ($1, $1, 201, 1, 1, 'door_open', 'warn', '{"by":"sensor"}'), ($2, $2, 202, 1, 2, 'boot', 'info', null), ($1, $1, 9, 2, 1, 'boot', 'info', null)`,
      [at(-20 * MINUTE), at(-70 * MINUTE)],
    );
    await pool.query(
      `insert into rec_log (ts, rcv_at, seq, device_key, flags, lvl, src, msg) values ($1, $1, 203, 1, 1, 'error', 'probe', 'no answer')`,
      [at(-15 * MINUTE)],
    );
    await pool.query(
      `insert into rec_result (ts, rcv_at, seq, device_key, flags, cmd, state) values ($1, $1, 204, 1, 1, 'c-1', 'succeeded')`,
      [at(-15 * MINUTE)],
    );
  }

  const get = async (path: string) => {
    const response = await api.app.inject({
      url: `/api/v1/devices/${device}${path}`,
      headers: { cookie: admin.cookie },
    });
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  };
  const iso = (ms: number): string => new Date(now + ms).toISOString();
  interface Point {
    readonly at: string;
    readonly value: number | null;
    readonly peak: number | null;
  }

  it('draws a short span from the records: aligned buckets, gaps as nulls, the limit of R-HN-7', async () => {
    const series = await get(`/series?metric=rtt_ms&from=${iso(-2 * HOUR - 7 * MINUTE)}&points=20`);
    expect(series).toMatchObject({
      unit: 'ms',
      source: 'raw',
      bucket_ms: 10 * MINUTE,
      threshold: { value: 400, side: 'max' },
    });
    const points: Point[] = series.points;
    expect(points.every((point) => Date.parse(point.at) % (10 * MINUTE) === 0)).toBe(true);
    expect(points).toHaveLength(13);
    expect(points.filter((point) => point.value !== null)).toEqual([
      { at: iso(-2 * HOUR + 10 * MINUTE), value: 200, peak: 300 },
    ]);
  });

  it('gives loss as the share of all probes', async () => {
    const { points, unit } = await get(`/series?metric=loss&from=${iso(-2 * HOUR)}&points=10`);
    expect(unit).toBe('ratio');
    expect((points as Point[]).find((point) => point.value !== null)).toMatchObject({ value: 0.05, peak: 0.1 });
  });

  it('draws a long span from the hourly aggregate', async () => {
    const series = await get(`/series?metric=rtt_ms&from=${iso(-7 * DAY)}`);
    expect(series).toMatchObject({ source: 'hourly', bucket_ms: HOUR });
    expect(
      (series.points as Point[]).filter((point) => point.value !== null).map(({ value, peak }) => [value, peak]),
    ).toEqual([
      [500, 500],
      [200, 300],
    ]);
  });

  it('counts SIM bytes by the days of the zone', async () => {
    const series = await get(`/series?metric=sim_bytes&from=${iso(-3 * DAY)}&points=10`);
    expect(series.bucket_ms).toBe(12 * HOUR);
    const days = await get(`/series?metric=sim_bytes&from=${iso(-9 * DAY)}&points=12&tz=Asia/Shanghai`);
    expect(days.bucket_ms).toBe(DAY);
    expect((days.points as Point[]).slice(-2)).toMatchObject([
      { at: '2026-03-08T16:00:00.000Z', value: 1024 },
      { at: '2026-03-09T16:00:00.000Z', value: 2 },
    ]);
  });

  it('never gives more points than asked for', async () => {
    for (const points of [10, 77, 1500]) {
      for (const span of [HOUR, DAY, 3 * DAY, 90 * DAY]) {
        const series = await get(`/series?metric=rtt_ms&from=${iso(-span)}&points=${points}`);
        if (series.bucket_ms < DAY) expect(series.points.length).toBeLessThanOrEqual(points);
      }
    }
  });

  it('joins live beats to bands of presence, ends them cleanly, and takes no late beat for presence', async () => {
    const presence = await get(`/presence?from=${iso(-HOUR - 30 * MINUTE)}`);
    expect(presence.liveness_ms).toBe(150_000);
    expect(presence.online).toEqual([
      { from: iso(-60 * MINUTE), to: iso(-47.5 * MINUTE) },
      { from: iso(-40 * MINUTE), to: iso(-35.5 * MINUTE) },
      { from: iso(-10 * MINUTE), to: iso(-9 * MINUTE) },
    ]);
  });

  it('merges events, log and results, newest first, page by page', async () => {
    const all = await get('/events');
    expect(all.items.map((e: { seq: number; kind: string }) => [e.seq, e.kind])).toEqual([
      [204, 'result'],
      [203, 'log'],
      [201, 'event'],
      [202, 'event'],
    ]);
    expect(all.items[3]).toMatchObject({ code: 'boot', estimated: true, live: false });
    const seqs: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: { seq: number }[]; next_cursor: string | null } = await get(
        `/events?limit=1${cursor && `&cursor=${cursor}`}`,
      );
      seqs.push(...page.items.map((e) => e.seq));
      cursor = page.next_cursor;
    }
    expect(seqs).toEqual([204, 203, 201, 202]);
    expect((await get('/events?kind=log')).items).toMatchObject([{ message: 'no answer' }]);
    expect((await get('/events?severity=warn')).items.map((e: { seq: number }) => e.seq)).toEqual([203, 201]);
  });

  it('lists sessions, newest first', async () => {
    const first = await get('/sessions?limit=1');
    expect(first.items).toMatchObject([{ session: 2, end_kind: 'clean' }]);
    expect((await get(`/sessions?cursor=${first.next_cursor}`)).items).toMatchObject([
      { session: 1, end_kind: 'will' },
    ]);
  });

  it('refuses what makes no chart', async () => {
    const status = async (query: string) =>
      (await api.app.inject({ url: `/api/v1/devices/${device}/series?${query}`, headers: { cookie: admin.cookie } }))
        .statusCode;
    expect(await status(`metric=rtt_ms&from=${iso(0)}&to=${iso(-1)}`)).toBe(400);
    expect(await status(`metric=rtt_ms&from=${iso(-401 * DAY)}`)).toBe(400);
    expect(await status(`metric=nonsense&from=${iso(-DAY)}`)).toBe(400);
    expect(await status(`metric=rtt_ms&from=${iso(-DAY)}&tz=Mars/Olympus`)).toBe(400);
    expect(await status(`metric=rtt_ms&from=${iso(-DAY)}&points=1501`)).toBe(400);
  });

  it('tells about the platform and its own outages', async () => {
    await database.pool.query(
      `insert into platform_liveness (component, instance, from_at, to_at) values ('ingest', 'a', $1, $2), ('ingest', 'b', $3, $4)`,
      [iso(-3 * HOUR), iso(-2 * HOUR), iso(-HOUR), iso(0)],
    );
    const response = await api.app.inject({ url: '/api/v1/platform', headers: { cookie: admin.cookie } });
    expect(response.statusCode, response.body).toBe(200);
    const [ingest] = response.json().liveness;
    expect(ingest).toMatchObject({ component: 'ingest', outages: [{}] });
    expect(Date.parse(ingest.outages[0].from)).toBe(now - 2 * HOUR);
    expect(Date.parse(ingest.outages[0].to)).toBe(now - HOUR);
    expect(response.json().tables.map((t: { name: string }) => t.name)).toContain('rec_beat');
  });
});
