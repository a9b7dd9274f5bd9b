import { describe, expect, it } from 'vitest';
import { CAUSES, concerns, isWished, SITE_CAUSES } from '../../src/faults/causes.ts';
import { DEFAULT_POLICY } from '../../src/faults/policy.ts';
import { belongingOf, type Onset } from '../../src/faults/telemetry/group.ts';
import { ENDLESS, type Episode, flaps, judge, type Surroundings } from '../../src/faults/telemetry/judge.ts';
import { signalOf } from '../../src/faults/telemetry/signals.ts';
import { causeWord } from '../../src/faults/words.ts';
import { qrOf } from '../../src/http/qr.ts';

const M = 60_000;
const T = 1_800_000_000_000;
const episode = (cause: string, sinceMs: number, untilMs: number | null = null): Episode => ({
  id: 1,
  stationId: 1,
  deviceKey: 1,
  cause,
  component: cause === 'offline' ? null : cause,
  reason: null,
  sinceMs,
  untilMs,
});
const always = [{ from: 0, to: ENDLESS }];
const around = (changes: Partial<Surroundings> = {}): Surroundings => ({
  installed: always,
  owed: always,
  excused: [],
  journal: [],
  ...changes,
});

describe('an episode', () => {
  const judged = (e: Episode, nowMs: number, changes: Partial<Surroundings> = {}, flapping = false) =>
    judge(e, around(changes), DEFAULT_POLICY, nowMs, flapping);

  it('is a fault from its beginning once it has lasted for the debounce of its cause, to the ms', () => {
    expect(judged(episode('printer', T), T + 2 * M - 1)).toEqual({ kind: 'wait', dueMs: T + 2 * M });
    expect(judged(episode('printer', T), T + 2 * M)).toEqual({ kind: 'fault', fromMs: T, toMs: null });
    expect(judged(episode('offline', T), T + 15 * M - 1)).toEqual({ kind: 'wait', dueMs: T + 15 * M });
    expect(judged(episode('offline', T), T + 15 * M)).toEqual({ kind: 'fault', fromMs: T, toMs: null });
    expect(judged(episode('door', T), T)).toEqual({ kind: 'fault', fromMs: T, toMs: null });
  });

  it('that is over is judged by how long it lasted, however late it is heard of', () => {
    expect(judged(episode('printer', T, T + 2 * M - 1), T + 9e8)).toEqual({ kind: 'short' });
    expect(judged(episode('printer', T, T + 2 * M), T + 9e8)).toEqual({ kind: 'fault', fromMs: T, toMs: T + 2 * M });
    expect(judged(episode('printer', T, T + 1), T + M, {}, true)).toEqual({ kind: 'fault', fromMs: T, toMs: T + 1 });
  });

  it('of a replayed past has to have lasted for hours', () => {
    const policy = { ...DEFAULT_POLICY, replayedToMs: T + 999 * M };
    const judgedOf = (minutes: number | null) =>
      judge(episode('printer', T, minutes === null ? null : T + minutes * M), around(), policy, T + 9e8);
    expect([judgedOf(119), judgedOf(120), judgedOf(1000), judgedOf(null)].map(({ kind }) => kind)).toEqual([
      'short',
      'fault',
      'fault',
      'fault',
    ]);
  });

  it('counts only while the device stands there, the station owes service and nothing excuses it', () => {
    const swapped = { installed: [{ from: 0, to: T + 60 * M }] };
    expect(judged(episode('printer', T), T + 90 * M, swapped)).toEqual({ kind: 'fault', fromMs: T, toMs: T + 60 * M });
    expect(judged(episode('printer', T, T + 9 * M), T + 10 * M, { installed: [] })).toMatchObject({
      why: 'not_installed',
    });
    expect(judged(episode('printer', T, T + 9 * M), T + 10 * M, { owed: [] })).toMatchObject({ why: 'not_in_service' });
    const maintained = { excused: [{ from: T - M, to: T + 60 * M }] };
    expect(judged(episode('printer', T, T + 9 * M), T + 10 * M, maintained)).toMatchObject({ why: 'excused' });
    expect(judged(episode('printer', T), T + 30 * M, maintained)).toMatchObject({ kind: 'wait' });
    expect(judged(episode('printer', T), T + 62 * M, maintained)).toEqual({
      kind: 'fault',
      fromMs: T + 60 * M,
      toMs: null,
    });
  });

  it('waits while the platform is deaf, and for what devices tell once it is not', () => {
    const down = [{ from: 0, to: T }];
    expect(judged(episode('printer', T), T + 30 * M, { journal: down })).toMatchObject({ kind: 'wait' });
    const back = [...down, { from: T + 30 * M, to: T + 99 * M }];
    expect(judged(episode('printer', T), T + 31 * M, { journal: back })).toEqual({ kind: 'wait', dueMs: T + 35 * M });
    expect(judged(episode('printer', T), T + 35 * M, { journal: back })).toMatchObject({ kind: 'fault', fromMs: T });
    expect(judged(episode('offline', T), T + 44 * M, { journal: back })).toMatchObject({ kind: 'wait' });
    expect(judged(episode('offline', T), T + 45 * M, { journal: back })).toMatchObject({
      kind: 'fault',
      fromMs: T + 30 * M,
    });
    // A short pause of the journal is none.
    const pause = [down[0] as { from: number; to: number }, { from: T + 10_000, to: T + 99 * M }];
    expect(judged(episode('printer', T - M), T + 2 * M, { journal: pause })).toMatchObject({
      kind: 'fault',
      fromMs: T - M,
    });
  });
});

describe('flapping', () => {
  const every = (minutes: number, n: number) => Array.from({ length: n }, (_, i) => T - i * minutes * M);
  it('begins when a third of the last two hours changed, and ends when a fifth did', () => {
    expect(flaps(every(6, 20), T, false, DEFAULT_POLICY)).toBe(true);
    expect(flaps(every(30, 4), T, false, DEFAULT_POLICY)).toBe(false);
    expect(flaps([], T, true, DEFAULT_POLICY)).toBe(false);
    const five = every(8, 5);
    expect([false, true].map((before) => flaps(five, T + 30 * M, before, DEFAULT_POLICY))).toEqual([false, true]);
  });
});

describe('grouping', () => {
  const onset = (stationId: number, minutes: number, more: Partial<Onset> = {}): Onset => ({
    stationId,
    countyId: 7,
    cause: 'offline',
    sinceMs: T + minutes * M,
    ...more,
  });
  const peers = [1, 2, 3, 4, 5].map((id) => onset(id, id));
  it('makes one incident of five stations of a county within ten minutes', () => {
    expect(belongingOf(onset(1, 1), peers, [], DEFAULT_POLICY)).toEqual({ newIncident: '7:offline' });
    expect(belongingOf(onset(1, 1), peers.slice(0, 4), [], DEFAULT_POLICY)).toBe('own');
    expect(belongingOf(onset(9, 30), peers, [], DEFAULT_POLICY)).toBe('own');
    expect(belongingOf(onset(1, 1, { cause: 'printer' }), peers, [], DEFAULT_POLICY)).toBe('own');
    expect(belongingOf(onset(1, 1, { countyId: null }), peers, [], DEFAULT_POLICY)).toBe('own');
  });
  it('lets later ones join while it is young or large', () => {
    const incident = { id: 3, countyId: 7, cause: 'offline', openedAtMs: T, stations: 1 };
    expect(belongingOf(onset(9, 9), [], [incident], DEFAULT_POLICY)).toEqual({ incidentId: 3 });
    expect(belongingOf(onset(9, 90), [], [incident], DEFAULT_POLICY)).toBe('own');
    expect(belongingOf(onset(9, 90), [], [{ ...incident, stations: 5 }], DEFAULT_POLICY)).toEqual({ incidentId: 3 });
  });
});

describe('what is told', () => {
  const event = (kind: string, payload: object) =>
    signalOf({
      id: 1,
      at: new Date(T),
      kind,
      device_key: 4,
      region_path: null,
      payload: { at: new Date(T).toISOString(), ...payload },
    });
  it('is read with its instant; an orderly end and unknown things are none', () => {
    expect(event('component.fault', { component: 'printer', reason: 'paper_out' })).toEqual({
      kind: 'bad', deviceKey: 4, cause: 'printer', component: 'printer', reason: 'paper_out', atMs: T,
    }); // biome-ignore format: short
    expect(event('device.offline', { reason: 'silent' })).toMatchObject({ kind: 'bad', cause: 'offline' });
    expect(event('device.offline', { reason: 'clean' })).toBeNull();
    expect(event('device.event', { code: 'door_open' })).toMatchObject({ kind: 'bad', cause: 'door' });
    expect(event('device.event', { code: 'boot' })).toBeNull();
    expect(event('component.fault', { component: 7 })).toBeNull();
  });
  it('concerns required parts, some parts always, and not what was asked for', () => {
    expect(concerns(['printer'], 'printer')).toBe(true);
    expect(concerns(['printer'], 'scanner')).toBe(false);
    expect(concerns(['printer'], 'temperature')).toBe(true);
    expect(concerns([], 'scanner')).toBe(true);
    expect(isWished('program', 'paused')).toBe(true);
  });
  it('has a word in both languages', () => {
    for (const cause of CAUSES)
      for (const language of ['zh', 'en'] as const) expect(causeWord(cause, language)).not.toBe(cause);
    expect(CAUSES).toEqual(expect.arrayContaining([...SITE_CAUSES]));
  });
});

describe('a label', () => {
  it('is a QR code with its three finder patterns', () => {
    const { size, path } = qrOf('https://uptally.example.cn/r/abcdefghijkl');
    expect((size - 17) % 4).toBe(0);
    expect(path).toMatch(/^M0 0h7v1h-7z/);
    expect(path).toContain(`M${size - 7} 0h7v1h-7z`);
    expect(path).toContain(`M0 ${size - 1}h7v1h-7z`);
  });
});
