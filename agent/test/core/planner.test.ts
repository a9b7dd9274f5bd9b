import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_INTERVALS, type Intervals } from '../../src/core/config.ts';
import { firstSchedule, plan, reschedule, type Step } from '../../src/core/planner.ts';

/** Runs the planner as the device does: wakes when told, perhaps late. */
function run(intervals: Intervals, untilMs: number, lateMs: () => number) {
  const done: { atMs: number; step: Step }[] = [];
  let schedule = firstSchedule(0, intervals, 2);
  for (let nowMs = 0; nowMs < untilMs; ) {
    const next = plan(schedule, intervals, 2, nowMs);
    schedule = next.schedule;
    done.push(...next.steps.map((step) => ({ atMs: nowMs, step })));
    nowMs = next.wakeAt + lateMs();
  }
  return done;
}

test('a day of duties', () => {
  const done = run(DEFAULT_INTERVALS, 86_400_000, () => 0);
  const reports = done.flatMap(({ step }) => (step.do === 'report' ? [step] : []));
  expect(reports).toHaveLength(1440);
  expect(done.length - reports.length).toBe(2880);
  const count = (duty: 'full' | 'metrics' | 'net' | 'sim' | 'ping') => reports.filter((step) => step[duty]).length;
  expect([count('full'), count('metrics'), count('net'), count('sim'), count('ping')]).toEqual([0, 95, 96, 4, 192]);
});

test('however late it is woken, beats stay on their grid and duties are neither lost nor doubled', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20_000), { minLength: 1, maxLength: 20 }), (delays) => {
      let i = 0;
      const done = run(DEFAULT_INTERVALS, 7_200_000, () => delays[i++ % delays.length] ?? 0);
      const beats = done.filter(({ step }) => step.do === 'report');
      expect(beats.length).toBe(120);
      for (const [n, { atMs }] of beats.entries()) {
        expect(atMs).toBeGreaterThanOrEqual(n * 60_000);
        expect(atMs).toBeLessThanOrEqual(n * 60_000 + 20_000);
      }
      expect(beats.filter(({ step }) => step.do === 'report' && step.net)).toHaveLength(8);
    }),
  );
});

test('time that was slept through is not made up for', () => {
  const schedule = plan(firstSchedule(0, DEFAULT_INTERVALS, 1), DEFAULT_INTERVALS, 1, 0).schedule;
  const woken = plan(schedule, DEFAULT_INTERVALS, 1, 10 * 3_600_000 + 7_000);
  expect(woken.steps.map((step) => step.do)).toEqual(['probe', 'report']);
  expect(woken.schedule.beatAt).toBe(10 * 3_600_000 + 60_000);
});

test('a shorter interval is obeyed at once', () => {
  const schedule = plan(firstSchedule(0, DEFAULT_INTERVALS, 1), DEFAULT_INTERVALS, 1, 0).schedule;
  const faster = { ...DEFAULT_INTERVALS, beatMs: 5_000 };
  expect(reschedule(schedule, faster, 1, 1_000).beatAt).toBe(6_000);
});
