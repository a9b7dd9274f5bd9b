import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  loadEvidence,
  loadOutages,
  loadStations,
  settleMarks,
  sweep,
} from '../../../fleet-api/src/availability/ledger/index.ts';
import type { Pool } from '../../../fleet-api/src/db/index.ts';
import { verify } from '../../../fleet-api/src/evidence/verify/run.ts';
import { replay } from '../../../fleet-api/src/replay/index.ts';
import type { TrueInterval } from '../../../sim/src/truth/truth.ts';
import { type Segment, stationTimeline } from '../../../sla/src/index.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { explain, type Grounds, L_MS, type Piece, RULES, type RuleName } from './explain.ts';
import { enterRegistry } from './registry.ts';
import { DEVICES, JUMP_MS, trueWorld, WINDOW } from './world.ts';

/** A month of the world of {@link trueWorld}, replayed, counted as it came, and held against what was true. */

/** It takes a minute and a half on two quiet cores. */
const LIMIT_MS = 600_000;
const world = trueWorld();
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test('a month of 200 devices: figures follow the records as they come, and every difference from the truth has its rule', {
  timeout: LIMIT_MS,
}, async () => {
  const { pool } = db;
  await enterRegistry(pool, world);
  await pool.query(`delete from setting where key = 'demo'`);
  await pool.query(`insert into setting (key, value) values ('demo', '{"since": "2026-10-01T00:00:00Z"}')`);
  await pool.query(`update contract set term_from = '2026-10-01' where is_baseline`);
  await live(pool);
  said('lived through, replayed and counted day by day');
  const settled = await settleMarks(pool, WINDOW.untilMs);
  expect(settled.days).toBeGreaterThanOrEqual(DEVICES * 31);
  expect(settled.changed, 'figures that changed when all was counted again').toBe(0);
  said(`counted again: ${settled.days} station-days, ${settled.changed} changed`);
  await expectVerified(pool);
  said('counted from the raw records by the other way: no difference');
  const unexplained = await compareWithTruth(pool);
  expect(unexplained).toEqual([]);
  expect(world.faults).toEqual([]);
});

let lastMs = performance.now();
function said(what: string): void {
  process.stdout.write(`  ${((performance.now() - lastMs) / 1000).toFixed(1).padStart(6)} s  ${what}\n`);
  lastMs = performance.now();
}

/** Lives, replays and counts, day by day. */
async function live(pool: Pool): Promise<void> {
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  let nowMs = WINDOW.fromMs;
  let strides = 0;
  const replayed = replay({
    pool,
    log: pino({ level: 'warn' }),
    input: stream,
    clock: () => nowMs,
    onMark: async (atMs) => {
      nowMs = atMs;
      strides += 1;
      if (strides % 8 !== 0 && atMs < WINDOW.untilMs) return;
      await sweep(pool, atMs, 0);
      await settleMarks(pool, atMs);
    },
  });
  const lived = world.past.live(async (frames) => {
    if (!stream.write(frames)) await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), replayed]);
  });
  await Promise.race([lived, replayed]);
  stream.end();
  const { stored, repeated } = await replayed;
  process.stdout.write(`  ${stored} records stored, ${repeated} came twice\n`);
}

/** Nothing differs from what the raw records say by the other way of counting. */
async function expectVerified(pool: Pool): Promise<void> {
  const request = { period: '2026-10', contract: 'baseline', region: null, station: null };
  const options = { pool, clock: () => WINDOW.untilMs, settle: () => settleMarks(pool, WINDOW.untilMs) };
  let stations = 0;
  for await (const { differences, station } of verify(request, options)) {
    expect(differences, station.code).toEqual([]);
    stations += 1;
  }
  expect(stations).toBe(DEVICES);
}

/** Prints what differs by rule, and returns what no rule accounts for. */
async function compareWithTruth(pool: Pool): Promise<readonly unknown[]> {
  const window = { from: WINDOW.fromMs, to: WINDOW.untilMs };
  const truth = world.truth();
  const { rows: devices } = await pool.query<{ device_key: number; device_id: string }>(
    'select device_key, device_id from device',
  );
  const idOf = new Map(devices.map((row) => [row.device_key, row.device_id]));
  const evidence = await loadEvidence(pool, [...idOf.keys()], window);
  const outages = await loadOutages(pool, window, WINDOW.untilMs);
  const grounds = await loadGrounds(
    pool,
    world.platform.outages.map(({ fromMs, untilMs }) => ({ from: fromMs, to: untilMs })),
  );
  const { rows: ids } = await pool.query<{ id: number }>('select id from station');
  const table = new Map<RuleName, { pieces: number; totalMs: number; longestMs: number }>();
  const unexplained: unknown[] = [];
  for (const { id, installations } of await loadStations(
    pool,
    ids.map((row) => row.id),
  )) {
    for (const dimension of ['network', 'equipment'] as const) {
      const evidenceOf = (key: number) => {
        const known = evidence.get(key);
        if (known === undefined) throw new Error(`no evidence of ${key}`);
        return known;
      };
      const timeline = stationTimeline(dimension, installations, evidenceOf, outages, window);
      for (const { deviceKey, from, to } of installations) {
        const deviceId = idOf.get(deviceKey) ?? '';
        const true_ = (truth.get(deviceId) ?? []).filter((each) => each.dimension === dimension);
        for (const piece of piecesOf(dimension, timeline, true_, { from, to })) {
          const rule = explain(piece, grounds(deviceKey));
          if (rule === null) unexplained.push({ station: id, deviceId, ...told(piece) });
          else count(table, rule, piece.to - piece.from);
        }
      }
    }
  }
  print(table);
  return unexplained.slice(0, 20);
}

function piecesOf(
  dimension: Piece['dimension'],
  timeline: readonly Segment[],
  truth: readonly TrueInterval[],
  served: { readonly from: number; readonly to: number },
): Piece[] {
  return timeline.flatMap((ours) =>
    truth.flatMap((each): Piece[] => {
      const from = Math.max(ours.from, each.fromMs, served.from, WINDOW.fromMs);
      const to = Math.min(ours.to, each.toMs, served.to, WINDOW.untilMs);
      const differs = ours.state === 'unknown' || (ours.state === 'up') !== each.up;
      // What begins as one rule's may end as another's: cut where liveness ends.
      const cut = Math.min(to, Math.max(from, each.fromMs + L_MS));
      const parts = [
        { from, to: cut },
        { from: cut, to },
      ];
      return differs
        ? parts.filter((part) => part.from < part.to).map((part) => ({ dimension, ours, truth: each, ...part }))
        : [];
    }),
  );
}

async function loadGrounds(pool: Pool, outages: Grounds['outages']): Promise<(deviceKey: number) => Grounds> {
  interface Row {
    readonly device_key: number;
    readonly heard: number;
    readonly dropped: [number, number][] | null;
    readonly estimated: [number, number][] | null;
  }
  const { rows } = await pool.query<Row>(
    `select l.device_key, (extract(epoch from l.last_ts) * 1000)::int8 as heard,
       (select json_agg(json_build_array((extract(epoch from coalesce(before.ts, e.ts)) * 1000)::int8, (extract(epoch from e.ts) * 1000)::int8))
        from rec_event e left join lateral (
          select max(b.ts) as ts from rec_beat b where b.device_key = e.device_key and b.seq < (
            select lower(r) from unnest(l.seqs) r where r @> e.seq)) before on true
        where e.device_key = l.device_key and e.code = 'spool_dropped') as dropped,
       (select json_agg(json_build_array((extract(epoch from ts - $1::interval) * 1000)::int8, (extract(epoch from ts + $1::interval) * 1000)::int8))
        from rec_beat b where b.device_key = l.device_key and b.flags & 2 <> 0) as estimated
     from device_live l`,
    [`${JUMP_MS} ms`],
  );
  const spans = (list: readonly [number, number][] | null) => (list ?? []).map(([from, to]) => ({ from, to }));
  const known = new Map(
    rows.map((row) => [
      row.device_key,
      { outages, heardMs: row.heard, dropped: spans(row.dropped), estimated: spans(row.estimated) },
    ]),
  );
  return (deviceKey) => known.get(deviceKey) ?? { outages, heardMs: 0, dropped: [], estimated: [] };
}

function count(
  table: Map<RuleName, { pieces: number; totalMs: number; longestMs: number }>,
  rule: RuleName,
  ms: number,
): void {
  const row = table.get(rule) ?? { pieces: 0, totalMs: 0, longestMs: 0 };
  row.pieces += 1;
  row.totalMs += ms;
  row.longestMs = Math.max(row.longestMs, ms);
  table.set(rule, row);
}

function told({ dimension, from, to, ours, truth }: Piece) {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    dimension,
    from: iso(from),
    minutes: (to - from) / 60_000,
    ours: `${ours.state}/${ours.cause} ${iso(ours.from)}..${iso(ours.to)}`,
    truth: `${truth.up ? 'up' : `down/${truth.why}`} ${iso(truth.fromMs)}..${iso(truth.toMs)}`,
  };
}

function print(table: ReadonlyMap<RuleName, { pieces: number; totalMs: number; longestMs: number }>): void {
  const line = (...cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(12))).join('')}\n`;
  process.stdout.write(line('rule', 'pieces', 'hours', 'longest min'));
  for (const rule of Object.keys(RULES) as RuleName[]) {
    const { pieces, totalMs, longestMs } = table.get(rule) ?? { pieces: 0, totalMs: 0, longestMs: 0 };
    process.stdout.write(line(rule, String(pieces), (totalMs / 3_600_000).toFixed(1), (longestMs / 60_000).toFixed(1)));
  }
}
