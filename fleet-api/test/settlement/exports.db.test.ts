import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { settleMarks } from '../../src/availability/ledger/index.ts';
import { BundleMaker } from '../../src/evidence/bundle/maker.ts';
import { checkBundle } from '../../src/evidence/verify/offline.ts';
import { paperOf } from '../../src/settlement/exports/paper.ts';
import { readForPaper } from '../../src/settlement/exports/read.ts';
import { sheetsOf } from '../../src/settlement/exports/sheets.ts';
import { RestatementWatch } from '../../src/settlement/index.ts';
import type { CheckedStatement } from '../../src/settlement/verify/check.ts';
import { type Fleet, type Hand, handOf, NOW_MS, testFleet } from '../availability/support.ts';
import { beat, Clock, openIngest, Speaker } from '../ingest/support.ts';
import { type TestApi, testApi } from '../support/api.ts';
import { agree, monthly } from './support.ts';

const FROM = '2026-10-01T00:00:00+08:00';
let database: TestDatabase;
let api: TestApi;
let fleet: Fleet;
let contractor: Hand;
let statementId: number;
let dir: string;

/**
 * Two days of records of one device, cut off for three hours; the other stations are not in service. The term is these two days, and the
 * contract pays by the equipment alone.
 */
beforeAll(async () => {
  database = await testDatabase();
  await database.reset();
  dir = mkdtempSync(join(tmpdir(), 'uptally-statement-'));
  api = await testApi(database.pool, { bundleDir: dir, keyDir: dir });
  api.clock.now = NOW_MS;
  fleet = await testFleet(database.pool);
  contractor = await handOf(api, { role: 'manager', orgId: fleet.contractor });
  const agency = await handOf(api, { role: 'auditor', orgId: fleet.agency });
  await records(database);
  const schedule = monthly().schedule.map((each) => (each.id === 'final' ? { ...each, cycle: 'term' as const } : each));
  const clauses = monthly().clauses.map((each) => (each.form === 'tiers' ? { ...each, metrics: ['equipment'] } : each));
  await agree(
    fleet,
    contractor,
    agency,
    monthly({ term: { from: '2026-10-01', to: '2026-10-03' }, schedule, clauses }),
  );
  await settleMarks(database.pool, NOW_MS);
  const wish = { instalment: 'final', from_day: '2026-10-01', to_day: '2026-10-03' };
  const draft = await contractor.send('POST', `/contracts/${fleet.contractId}/statements`, wish);
  statementId = draft.json<{ id: number }>().id;
  const closed = await contractor.send('POST', `/statements/${statementId}/close`, {});
  if (closed.statusCode !== 200) throw new Error(closed.body);
});
afterAll(async () => {
  await api?.close();
  await database?.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Minutes of the two days in which nothing arrived, `[from, to)`; the number of a beat is its minute, and one. */
const CUT = [600, 780] as const;
/** What is not known of the equipment for it: the beat before proves 150 s. */
const UNKNOWN_MS = (CUT[1] - CUT[0] + 1) * 60_000 - 150_000;

async function records({ pool }: TestDatabase): Promise<void> {
  await pool.query('update station set commissioned_at = null where id <> $1', [fleet.stations.a1]);
  await pool.query(
    `with d as (insert into device (device_id, serial) values ('pos-1', 'SN-1') returning device_key),
     l as (insert into device_live (device_key, seqs) select device_key, '{[1,601),[781,2882)}' from d)
     insert into installation (device_key, station_id, from_at) select device_key, $1, $2::timestamptz from d`,
    [fleet.stations.a1, FROM],
  );
  await pool.query(
    `insert into platform_liveness (component, instance, from_at, to_at) values ('ingest', 'a', '2026-09-01', $1)`,
    [new Date(NOW_MS + 30 * 86_400_000)],
  );
  await beats(database, 0, CUT[0]);
  await beats(database, CUT[1], 2881);
}

/** Stores the beats of some minutes, and the run that they make. */
async function beats({ pool }: TestDatabase, from: number, to: number): Promise<void> {
  await pool.query(
    `insert into rec_beat (ts, rcv_at, seq, device_key, flags, live_ms)
     select t, t, i + 1, d.device_key, 1, 150000
     from device d, generate_series($2::int, $3::int - 1) i, lateral (select $1::timestamptz + i * interval '1 minute' as t) x`,
    [FROM, from, to],
  );
  await pool.query(
    `insert into beat_run (device_key, live, from_at, to_at, from_seq, to_seq, live_ms)
     select device_key, true, $1::timestamptz + $2 * interval '1 minute', $1::timestamptz + ($3 - 1) * interval '1 minute', $2 + 1, $3, 150000
     from device`,
    [FROM, from, to],
  );
}

/** What the device kept in its spool while it was cut off, sent by the same boot weeks later. */
async function deliverBacklog(nowMs: number): Promise<void> {
  const { rows } = await database.pool.query<{ device_key: number }>('select device_key from device');
  const clock = new Clock(nowMs);
  const ingest = await openIngest(database.pool, clock);
  const device = new Speaker(rows[0]?.device_key ?? 0, clock);
  const minutes = Array.from({ length: CUT[1] - CUT[0] }, (_, i) => CUT[0] + i);
  const recs = minutes.map((minute) => beat(nowMs - (Date.parse(FROM) + minute * 60_000)));
  await device.rec(ingest, { seq0: CUT[0] + 1, recs, monoMs: 60 * 86_400_000 });
  await ingest.stop();
}

async function bundle(): Promise<{ stations: number; differences: number; checked: CheckedStatement | null }> {
  const ordered = await contractor.send('POST', `/statements/${statementId}/bundle`, {});
  const { bundle_id } = ordered.json<{ bundle_id: string }>();
  const log = pino({ level: 'silent' });
  const maker = new BundleMaker({ pool: database.pool, log, clock: () => NOW_MS, dir, keyDir: dir });
  expect(await maker.makeNext()).toBe(true);
  const told: { stations: number; differences: number; checked: CheckedStatement | null } = {
    stations: 0,
    differences: 0,
    checked: null,
  };
  const path = join(dir, `uptally-evidence-${bundle_id}.zip`);
  const stations = checkBundle(path, null, undefined, (found) => {
    told.checked = found;
  });
  for await (const { differences } of stations) {
    told.stations += 1;
    told.differences += differences.length;
  }
  return told;
}

describe('a closed statement handed over', () => {
  it('is computed again to the fen from its bundle alone', async () => {
    const { stations, differences, checked } = await bundle();
    expect({ stations, differences, found: checked?.differences }).toEqual({ stations: 1, differences: 0, found: [] });
    expect(checked?.recomputed?.total_fen).toBe(checked?.content.statement.total_fen);
    expect(checked?.content.statement.total_fen).toBe(50_000_000);
  });

  it('is paper with every station and what they come to', async () => {
    const data = await readForPaper(database.pool, statementId, NOW_MS);
    const paper = paperOf(data, NOW_MS);
    expect(paper).toMatchObject({
      title: '结算单',
      number: 'S-000001',
      meta: expect.arrayContaining([['采购人', 'agency']]),
    });
    const text = JSON.stringify(paper);
    for (const word of ['人民币伍拾万元整', '500,000.00', '商务要求 4.2', '附件一 点位比率（1 个点位）', 'a1'])
      expect(text).toContain(word);
    expect(sheetsOf(data).map(({ name }) => name)).toEqual(['结算单', '指标', '点位', '排除时段', '故障']);
    const asked = await contractor.send('POST', `/statements/${statementId}/paper`, { format: 'pdf' });
    expect(asked.statusCode, asked.body).toBe(202);
    const exported = await contractor.send('GET', `/statements/${statementId}/export.json`);
    expect(exported.json().statement.total_fen).toBe(50_000_000);
  });

  it('gives a changed amount away', async () => {
    const swap = (from: number, to: number) =>
      database.pool.query('update statement_freeze set content = replace(content, $1, $2)', [
        `"total_fen":${from}`,
        `"total_fen":${to}`,
      ]);
    await swap(50_000_000, 50_000_001);
    const { checked } = await bundle();
    expect(checked?.differences.map(({ what }) => what)).toContain('total');
    await swap(50_000_001, 50_000_000);
  });

  it('stays as it is when the device delivers its backlog days later; ms and fen are told beside it', async () => {
    const before = await contractor.get(`/statements/${statementId}`);
    const laterMs = NOW_MS + 3_600_000;
    await deliverBacklog(laterMs);
    await settleMarks(database.pool, laterMs);
    const watch = new RestatementWatch({ pool: database.pool, clock: () => laterMs, log: pino({ level: 'silent' }) });
    expect(await watch.check()).toBe(1);
    const after = await contractor.get(`/statements/${statementId}`);
    expect(after.statement).toEqual(before.statement);
    expect(after.freeze).toEqual(before.freeze);
    expect(after.restatements).toMatchObject([
      {
        difference_fen: 10_000_000,
        stations_changed: 1,
        content: { ms: { equipment: { up: UNKNOWN_MS, unknown: -UNKNOWN_MS }, network: { up: 0, down: 0 } } },
      },
    ]);
    const { differences, checked } = await bundle();
    expect(differences).toBeGreaterThan(0);
    expect(checked?.differences.map(({ what }) => what)).toContain('line final_payment');
  });
});
