import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bootClock,
  DRIFT_MS,
  estimate,
  isLive,
  MAX_ANCHORS,
  observe,
  placeMono,
  STEP_MS,
} from '../../src/ingest/placement.ts';

const BEAT_MS = 60_000;
const START = 1_795_000_000_000;

/** A device that beats for a while: its clock drifts, its messages take time, its wall clock says anything. */
const history = fc.record({
  bootedMs: fc.integer({ min: START, max: START + 86_400_000 }),
  driftPpm: fc.integer({ min: -100, max: 100 }),
  contacts: fc.array(
    fc.record({
      gapMs: fc.integer({ min: 1_000, max: 2 * BEAT_MS }),
      latencyMs: fc.integer({ min: 0, max: 400 }),
      wallMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    }),
    { minLength: 5, maxLength: 400 },
  ),
});

interface Beat {
  readonly trueMs: number;
  readonly monoMs: number;
  readonly receivedMs: number;
  readonly wallMs: number;
}

function beatsOf({ bootedMs, driftPpm, contacts }: typeof history extends fc.Arbitrary<infer H> ? H : never): Beat[] {
  let elapsed = 0;
  return contacts.map(({ gapMs, latencyMs, wallMs }) => {
    elapsed += gapMs;
    const trueMs = bootedMs + elapsed;
    return { trueMs, monoMs: Math.round(elapsed * (1 + driftPpm / 1e6)), receivedMs: trueMs + latencyMs, wallMs };
  });
}

const play = (beats: readonly Beat[]): { placed: number[]; rows: number } => {
  const clock = bootClock();
  let rows = 0;
  const placed = beats.map(({ monoMs, receivedMs, wallMs }) => {
    if (observe(clock, { receivedMs, monoMs, sentMs: wallMs }) !== null) rows += 1;
    return Math.min(placeMono(clock, monoMs) ?? Number.NaN, receivedMs);
  });
  return { placed, rows };
};

test('samples of a live boot lie within latency and the tolerated drift of the truth, and never after reception', () => {
  fc.assert(
    fc.property(history, (h) => {
      const beats = beatsOf(h);
      const { placed } = play(beats);
      placed.forEach((ms, i) => {
        const beat = beats[i];
        if (beat === undefined) throw new Error('one place a beat');
        expect(ms).toBeLessThanOrEqual(beat.receivedMs);
        // Drift between two looks: at most 100 ppm of a window of ten minutes and the gap that ends it.
        expect(Math.abs(ms - beat.trueMs)).toBeLessThanOrEqual(400 + DRIFT_MS + STEP_MS + 200);
      });
    }),
  );
});

test('the wall clock of the device moves nothing', () => {
  fc.assert(
    fc.property(
      history,
      fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 400, maxLength: 400 }),
      (h, walls) => {
        const beats = beatsOf(h);
        const other = beats.map((beat, i) => ({ ...beat, wallMs: walls[i] ?? 0 }));
        expect(play(other).placed).toEqual(play(beats).placed);
      },
    ),
  );
});

test('what is placed once is placed there for ever', () => {
  fc.assert(
    fc.property(history, (h) => {
      const beats = beatsOf(h);
      const clock = bootClock();
      const seen = new Map<number, number | null>();
      for (const { monoMs, receivedMs, wallMs } of beats) {
        observe(clock, { receivedMs, monoMs, sentMs: wallMs });
        const earlier = monoMs - 30_000;
        seen.set(earlier, placeMono(clock, earlier));
        for (const [mono, ms] of seen) expect(placeMono(clock, mono)).toBe(ms);
      }
    }),
    { numRuns: 30 },
  );
});

test('jitter costs no rows; a hostile clock costs a bounded number', () => {
  const jitter = Array.from({ length: 2_000 }, (_, i) => ({
    trueMs: 0,
    monoMs: i * BEAT_MS,
    receivedMs: START + i * BEAT_MS + ((i * 7) % 40),
    wallMs: START + i * BEAT_MS,
  }));
  expect(play(jitter).rows).toBe(1);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()), { minLength: 500, maxLength: 1_000 }),
      (clocks) => {
        const beats = clocks.map(([monoMs, wallMs], i) => ({
          trueMs: 0,
          monoMs,
          wallMs,
          receivedMs: START + i * BEAT_MS,
        }));
        const { placed, rows } = play(beats);
        expect(rows).toBeLessThanOrEqual(MAX_ANCHORS);
        for (const [i, ms] of placed.entries()) expect(ms).toBeLessThanOrEqual(beats[i]?.receivedMs ?? 0);
      },
    ),
    { numRuns: 20 },
  );
});

test('a clock that runs slow is followed once drift is certain, a short jam of the network is not', () => {
  const clock = bootClock();
  const contact = (receivedMs: number, monoMs: number) =>
    observe(clock, { receivedMs: START + receivedMs, monoMs, sentMs: null });
  expect(contact(0, 0)).toEqual({ fromMonoMs: 0, offsetMs: START, wallOffsetMs: null });
  for (let i = 1; i <= 5; i += 1) expect(contact(i * BEAT_MS + 30_000, i * BEAT_MS)).toBeNull();
  for (let i = 6; i <= 30; i += 1) expect(contact(i * BEAT_MS, i * BEAT_MS)).toBeNull();
  const drifted = Array.from({ length: 40 }, (_, i) => contact((31 + i) * BEAT_MS + 2_000, (31 + i) * BEAT_MS)).filter(
    (a) => a !== null,
  );
  expect(drifted).toHaveLength(1);
  expect(drifted[0]?.offsetMs).toBe(START + 2_000);
});

test('a boot that was never anchored is placed by its wall clock as last known, not after the boot that followed', () => {
  expect(estimate({ monoMs: 5, sentMs: START }, 7_000, START + 60_000)).toBe(START + 7_000);
  expect(estimate({ monoMs: 5, sentMs: START }, null, START + 60_000)).toBe(START);
  expect(estimate({ monoMs: 5, sentMs: START + 90_000 }, null, START + 60_000)).toBe(START + 60_000);
});

test('live means within a beat and 30 s of the sample', () => {
  expect(isLive(START, START + BEAT_MS + 30_000, BEAT_MS)).toBe(true);
  expect(isLive(START, START + BEAT_MS + 30_001, BEAT_MS)).toBe(false);
});
