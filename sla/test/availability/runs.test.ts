import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Beat, runsOfBeats } from '../../src/index.ts';
import * as arbitrary from '../support/arbitraries.ts';
import { clock } from '../support/clock.ts';
import { beatsAt } from '../support/evidence.ts';

test('beats of one kind form a run while none comes later than the liveness', () => {
  const beats = beatsAt('0:10 0:12:30 0:15:01 0:16');
  expect(runsOfBeats(beats).map(({ from, to, fromSeq, toSeq }) => [from, to, fromSeq, toSeq])).toEqual([
    [clock('0:10'), clock('0:12:30'), 1, 2],
    [clock('0:15:01'), clock('0:16'), 3, 4],
  ]);
});

test('live and late beats, and beats of another liveness, form runs of their own', () => {
  const [a, b, c] = beatsAt('0:10 0:11 0:12') as [Beat, Beat, Beat];
  expect(runsOfBeats([a, { ...b, live: false }, c])).toHaveLength(2);
  expect(runsOfBeats([a, { ...b, livenessMs: 75_000 }, c])).toHaveLength(2);
});

test('a run ends at a clean end: a beat at or after it begins the next', () => {
  const runs = runsOfBeats(beatsAt('0:10 0:11 0:12 0:13'), [clock('0:11'), clock('0:12:30')]);
  expect(runs.map(({ from, to }) => [from, to].map((at) => at / 60_000))).toEqual([
    [10, 10],
    [11, 12],
    [13, 13],
  ]);
});

test('every beat lies in a run of its kind; runs of a kind are apart or parted by a clean end; order is nothing', () =>
  fc.assert(
    fc.property(arbitrary.device(), ({ beats, cleanEnds }) => {
      const runs = runsOfBeats(beats, cleanEnds);
      expect(runsOfBeats([...beats, ...beats].reverse(), cleanEnds)).toEqual(runs);
      for (const { at, live, livenessMs } of beats) {
        const same = runs.filter((run) => run.live === live && run.livenessMs === livenessMs);
        expect(same.filter(({ from, to }) => from <= at && at <= to)).toHaveLength(1);
        same.slice(1).forEach(({ from }, i) => {
          const to = same[i]?.to ?? Number.NaN;
          expect(from - to > livenessMs || cleanEnds.some((end) => to < end && end <= from)).toBe(true);
        });
      }
    }),
  ));
