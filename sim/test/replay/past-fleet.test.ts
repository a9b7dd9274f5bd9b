import { type MessageFrame, ReplayFrames } from '@uptally/protocol/replay';
import { decodeBatch, decodeStatus } from '@uptally/protocol/validate';
import { expect, test } from 'vitest';
import { profileOf } from '../../src/device/profile.ts';
import { DAY_MS, HOUR_MS } from '../../src/device/rhythm.ts';
import { hainanFleet } from '../../src/fleet/hainan.ts';
import { PastFleet } from '../../src/replay/past-fleet.ts';
import { PlatformTimes } from '../../src/replay/platform-times.ts';
import type { Occurrence } from '../../src/scenario/plan.ts';
import { type TrueInterval, TruthIntervals } from '../../src/truth/truth.ts';

const fleet = hainanFleet(1);
const device = fleet.devices[0] ?? expect.fail('no device');
const required = fleet.models.find((model) => model.code === device.modelCode)?.requiredComponents ?? [];
const FROM_MS = Date.UTC(2026, 9, 1);
const BEAT_MS = HOUR_MS / 4;

/** One device through two days, and what the platform heard. */
async function live(occurrences: readonly Omit<Occurrence, 'device' | 'id'>[], platform = new PlatformTimes([])) {
  const window = { fromMs: FROM_MS, untilMs: FROM_MS + 2 * DAY_MS };
  const truth: TrueInterval[] = [];
  const intervals = new TruthIntervals((interval) => truth.push(interval));
  const faults: unknown[] = [];
  const past = new PastFleet({
    window,
    platform,
    members: [
      {
        device,
        deviceId: 'd',
        profile: profileOf(device, required, 1),
        clock: { driftPpm: 5, wallErrorMs: 3_000 },
        occurrences: occurrences.map((each, i) => ({ ...each, id: String(i), device: 0 })),
        startMs: FROM_MS - 60_000,
        upSinceMs: DAY_MS,
        removedMs: null,
        first: { seq: 1_000, boot: 5, session: 20 },
        intervals: { beatMs: BEAT_MS, healthMs: HOUR_MS },
        spoolRecords: 10_000,
        seed: 1,
        onTruth: (atMs, state) => intervals.note('d', atMs, state),
        onFault: (...fault) => faults.push(fault),
      },
    ],
  });
  const reader = new ReplayFrames();
  const heard: MessageFrame[] = [];
  await past.live(async (frames) => {
    for (const frame of reader.take(frames)) if ('payload' in frame) heard.push(frame);
  });
  const [legacy] = past.end();
  intervals.close(window.untilMs);
  expect(faults).toEqual([]);
  const batches = heard
    .filter(({ kind }) => kind === 'rec')
    .map(({ atMs, payload }) => ({ atMs, ...decodeBatch(payload) }));
  const statuses = heard
    .filter(({ kind }) => kind === 'status')
    .map(({ atMs, payload }) => ({ atMs, ...decodeStatus(payload) }));
  const seqs = batches.flatMap(({ records }) => records.map(({ seq }) => seq));
  return { batches, statuses, seqs, legacy, truth: truth.filter(({ up }) => !up) };
}

const hours = (n: number): number => FROM_MS + n * HOUR_MS;

test('a calm life: one session, a beat each interval, no number missing, and it goes on where it ended', async () => {
  const { batches, statuses, seqs, legacy, truth } = await live([]);
  expect(statuses.map(({ s, session, beat_ms }) => ({ s, session, beat_ms }))).toEqual([
    { s: 'on', session: 21, beat_ms: BEAT_MS },
  ]);
  const beats = batches.flatMap(({ records }) => records.filter(({ rec }) => rec.k === 'beat'));
  expect(beats).toHaveLength(193);
  expect(seqs).toEqual(seqs.map((_, i) => 1_000 + i));
  expect(legacy?.spool).toMatchObject({ nextSeq: 1_000 + seqs.length, entries: [] });
  expect(JSON.parse(legacy?.store.identity ?? '{}')).toMatchObject({ boot: 5, session: 21 });
  expect(truth).toEqual([]);
});

test('cut off for five hours: the will, silence, a new session, the backlog after what is new', async () => {
  const { batches, statuses, truth } = await live([
    { effect: { kind: 'link_down' }, atMs: hours(10), untilMs: hours(15) },
  ]);
  expect(statuses.map(({ s, session }) => `${s} ${session}`)).toEqual([
    'on 21',
    'off 21',
    expect.stringMatching(/^on \d+$/),
  ]);
  expect(batches.filter(({ atMs }) => atMs > hours(10) + 1_000 && atMs < hours(15))).toEqual([]);
  const late = batches.filter(({ atMs }) => atMs >= hours(15));
  const ages = late.flatMap(({ records }) => records.map(({ rec }) => rec.d_mono));
  expect(Math.max(...ages)).toBeGreaterThan(4.7 * HOUR_MS);
  expect(truth).toEqual([
    { deviceId: 'd', dimension: 'network', up: false, why: 'no_link', fromMs: hours(10), toMs: hours(15) },
  ]);
});

test('power off and on: the next boot begins with a young clock, nothing is told of the dark', async () => {
  const { batches, truth } = await live([{ effect: { kind: 'power_off' }, atMs: hours(10), untilMs: hours(12) }]);
  expect([...new Set(batches.map(({ boot }) => boot))]).toEqual([5, 6]);
  const [first] = batches.filter(({ boot }) => boot === 6);
  expect(first?.monoMs).toBeLessThan(120_000);
  expect(first?.atMs).toBeGreaterThan(hours(12));
  expect(truth.map(({ dimension, why }) => `${dimension} ${why}`)).toEqual([
    'network off', 'equipment off', 'network starting', 'equipment starting',
  ]); // biome-ignore format: a list
});

test('a platform that is out hears nothing and nobody', async () => {
  const outage = { fromMs: hours(20), untilMs: hours(21) };
  const { batches, statuses, seqs } = await live([], new PlatformTimes([outage]));
  const during = [...batches, ...statuses].filter(({ atMs }) => atMs >= outage.fromMs && atMs < outage.untilMs);
  expect(during).toEqual([]);
  expect(statuses.map(({ s }) => s)).toEqual(['on', 'on']);
  expect(new Set(seqs).size).toBe(Math.max(...seqs) - 1_000 + 1);
});

test('a restart in good order ends the session; a broken printer is told within a second', async () => {
  const fault = { kind: 'fault', component: 'printer', state: 'fault', reason: 'no_answer' } as const;
  const { batches, statuses, truth } = await live([
    { effect: { kind: 'reboot' }, atMs: hours(5), untilMs: null },
    { effect: fault, atMs: hours(30), untilMs: hours(33) },
  ]);
  expect(statuses.map(({ s, clean }) => `${s} ${clean ?? ''}`)).toEqual(['on ', 'off true', 'on ']);
  const told = batches.find(({ atMs, records }) => atMs >= hours(30) && records.some(({ rec }) => 'c' in rec));
  expect((told?.atMs ?? 0) - hours(30)).toBeLessThan(1_000);
  expect(truth.find(({ why }) => why === 'printer')).toMatchObject({
    dimension: 'equipment',
    fromMs: hours(30),
    toMs: hours(33),
  });
});
