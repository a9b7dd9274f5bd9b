import { performance } from 'node:perf_hooks';
import { openPool, type Pool } from '@uptally/fleet-api/db';
import { dayOf, periodOf } from '@uptally/sla';
import pino from 'pino';
import { rulesOf } from '../../../fleet-api/src/availability/contracts/rules.ts';
import { figuresOf } from '../../../fleet-api/src/availability/figures/figure.ts';
import { sumsByStation } from '../../../fleet-api/src/availability/figures/sums-sql.ts';
import { refreshStations, settleMarks, sweep } from '../../../fleet-api/src/availability/ledger/index.ts';
import { readContract } from '../../../fleet-api/src/evidence/case/contract.ts';
import { readStationCase } from '../../../fleet-api/src/evidence/case/read.ts';
import { judgeStation } from '../../../fleet-api/src/evidence/verify/judge.ts';
import type { Benchmark } from '../benchmark.ts';
import { type BenchDatabase, databaseKinds, openDatabase } from '../database.ts';
import { backlog } from '../load/backlog.ts';
import { count, ms, table } from '../report/table.ts';
import { BEAT_MS, fillAccruals, fillLedger, fillMonth } from '../targets/ledger-fleet.ts';

const STATIONS = 2_754;
const DEVICES = 3_000;
const SIZES = [300, 3_000, 30_000];
const HOUR_MS = 3_600_000;
const MONTH_MS = 31 * 24 * HOUR_MS;
const BACKLOG_MS = 8 * HOUR_MS;
const ZONE = 'Asia/Shanghai';
const REPEATS = 5;

export const availability: Benchmark = {
  name: 'availability',
  about: `rates of ${STATIONS} stations for a month; one station-month from raw records; 8 h of backlog of ${DEVICES} devices while all beat; cost of a station as the fleet grows`,
  async run() {
    const rows: string[][] = [];
    for (const kind of databaseKinds()) {
      for (const part of [figures, late, growth]) {
        const measured = await onFresh(kind, part);
        const named = measured.map(([what = '', ...cells]) => [`${kind}: ${what}`, ...cells]);
        for (const row of named) process.stderr.write(`${row.join('  ')}\n`);
        rows.push(...named);
      }
    }
    return table(['what', 'figure', 'of', 'target'], rows);
  },
};

async function onFresh(
  kind: BenchDatabase['kind'],
  part: (pool: Pool, kind: BenchDatabase['kind']) => Promise<string[][]>,
) {
  const database = await openDatabase(kind);
  const pool = openPool({ url: database.url, max: 6 });
  try {
    return await part(pool, kind);
  } finally {
    await pool.end();
    await database.close();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly tookMs: number }> {
  const began = performance.now();
  const value = await work();
  return { value, tookMs: performance.now() - began };
}

/** The median of a few runs, ms. */
async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i += 1) times.push((await timed(work)).tookMs);
  return times.sort((a, b) => a - b)[REPEATS >> 1] ?? 0;
}

async function baseline(pool: Pool, firstDay: string): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    'update contract set term_from = $1 where is_baseline returning id',
    [firstDay],
  );
  return rows[0]?.id ?? 0;
}

/** Rates from accruals, and one station-month from nothing but records. */
async function figures(pool: Pool): Promise<string[][]> {
  const period = periodOf('2026-10', ZONE);
  const [deviceKey = 0] = await fillLedger(pool, STATIONS, period.to, period.to + HOUR_MS);
  const contractId = await baseline(pool, period.fromDay);
  await pool.query('delete from evidence_mark');
  const made = await fillAccruals(pool, period.fromDay, 31);
  const rules = rulesOf({});
  const slices = [{ fromDay: period.fromDay, toDay: period.toDay, closedId: null }];
  const rates = await median(async () => {
    const sums = await sumsByStation(pool, { contractId, rules, stationIds: null }, slices);
    const stations = [...sums.values()].map((each) => figuresOf([each], rules));
    if (stations.length !== STATIONS || stations.some(({ network }) => network === null))
      throw new Error('not all rates');
    figuresOf([...sums.values()], rules);
  });
  await fillMonth(pool, deviceKey, period.from, MONTH_MS / BEAT_MS);
  const { rows } = await pool.query<{ station_id: number }>(
    'select station_id from installation where device_key = $1',
    [deviceKey],
  );
  const stationId = rows[0]?.station_id ?? 0;
  const named = { name: '2026-10', ...period };
  const contract = await readContract(pool, contractId, period, Date.now());
  let judged = 0;
  const raw = await median(async () => {
    const { station, devices } = await readStationCase(pool, contractId, stationId, named);
    judged = devices.reduce((sum, each) => sum + each.beats.length, 0);
    if (judgeStation(contract, named, station, devices).length !== 31) throw new Error('not all days');
  });
  return [
    [`month, rates of ${STATIONS} stations and of all`, `${ms(rates)} ms`, `${count(made)} station-days`, '1,000 ms'],
    ['month of one station from raw records', `${ms(raw)} ms`, `${count(judged)} beats`, '200 ms'],
  ];
}

/** Every device comes back with eight hours of records while all go on beating. */
async function late(pool: Pool, kind: BenchDatabase['kind']): Promise<string[][]> {
  const nowMs = Date.now();
  const beganMs = nowMs - BACKLOG_MS - 6 * HOUR_MS;
  const keys = await fillLedger(pool, DEVICES, beganMs, nowMs - BACKLOG_MS);
  await baseline(pool, dayOf(ZONE, beganMs));
  await sweep(pool, nowMs, 0);
  await settleMarks(pool, nowMs);
  const result = await backlog(pool, {
    keys,
    bootedMs: beganMs,
    backlogMs: BACKLOG_MS,
    maxInflight: kind === 'server' ? 2 : 1,
    log: pino({ level: 'warn' }),
  });
  return [
    [
      '8 h backlog: all records durable after',
      `${ms(result.storedMs / 1000)} s`,
      `${count(result.records)} records`,
      '',
    ],
    [
      '8 h backlog: every figure true after',
      `${ms(result.truthMs / 1000)} s`,
      `${count(result.days)} station-days made`,
      '',
    ],
    ['of that after the last record', `${ms((result.truthMs - result.storedMs) / 1000)} s`, '', '60 s'],
    ['live beats meanwhile: acknowledged, p95', `${ms(result.liveP95Ms)} ms`, `${count(result.live)} beats`, ''],
  ];
}

/** The present of every station counted again, as happens every five minutes. */
async function growth(pool: Pool): Promise<string[][]> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    const nowMs = Date.now();
    const { rows: have } = await pool.query<{ n: number }>('select count(*)::int as n from station');
    if ((have[0]?.n ?? 0) > 0) await empty(pool);
    await fillLedger(pool, size, nowMs - 6 * HOUR_MS, nowMs);
    await baseline(pool, dayOf(ZONE, nowMs));
    await sweep(pool, nowMs, 0);
    await settleMarks(pool, nowMs);
    const { value, tookMs } = await timed(async () => {
      await sweep(pool, nowMs + 60_000, 0);
      return settleMarks(pool, nowMs + 60_000);
    });
    const { rows: some } = await pool.query<{ id: number }>('select id from station order by id limit 200');
    const one = await timed(async () => {
      for (const { id } of some.slice(0, 20))
        await refreshStations(pool, nowMs, [id], { from: nowMs - HOUR_MS, to: nowMs });
    });
    rows.push([
      `sweep of ${count(size)} stations`,
      `${ms(tookMs / 1000)} s`,
      `${(tookMs / value.stations).toFixed(2)} ms a station`,
      size === DEVICES ? '3 s' : '',
    ]);
    rows.push([`one station at ${count(size)}`, `${ms(one.tookMs / 20)} ms`, '', '']);
  }
  return rows;
}

async function empty(pool: Pool): Promise<void> {
  await pool.query(
    `truncate installation, accrual, accrual_due, accrual_sweep, evidence_mark, beat_run, platform_liveness, station, site, device, device_live,
       device_model, region restart identity cascade`,
  );
  await pool.query(
    `insert into contract (code, name, is_baseline, term_from) values ('baseline', 'baseline', true, current_date) on conflict do nothing`,
  );
}
