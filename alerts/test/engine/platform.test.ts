import { describe, expect, test } from 'vitest';
import { deferUntil, platformGapEnd } from '../../src/engine/platform.ts';

const span = (from: number, to: number) => ({ from, to });

describe('platformGapEnd', () => {
  test('an empty journal and one without a pause prove no outage', () => {
    expect(platformGapEnd([], 0, 1000, 45)).toBeNull();
    expect(platformGapEnd([span(0, 990)], 100, 1000, 45)).toBeNull();
  });

  test('finds the end of a pause, however entries overlap', () => {
    const journal = [span(0, 300), span(100, 350), span(600, 990)];
    expect(platformGapEnd(journal, 100, 1000, 45)).toBe(600);
    expect(platformGapEnd(journal, 700, 1000, 45)).toBeNull();
  });

  test('a second instance that listened bridges the pause of the first', () => {
    expect(platformGapEnd([span(0, 300), span(200, 700), span(600, 990)], 100, 1000, 45)).toBeNull();
  });

  test('a pause that still lasts ends now', () => {
    expect(platformGapEnd([span(0, 300)], 100, 1000, 45)).toBe(1000);
  });
});

describe('deferUntil', () => {
  const rules = { slackMs: 45_000, graceMs: 180_000 };
  const liveness = 150_000;

  test('silence that began while the platform could not hear waits for the device to come back', () => {
    const journal = [span(0, 1_000_000), span(1_300_000, 1_400_000)];
    expect(deferUntil(journal, 1_150_000, 1_310_000, liveness, rules)).toBe(1_300_000 + liveness + 180_000);
  });

  test('silence while the platform heard others does not', () => {
    expect(deferUntil([span(0, 1_400_000)], 1_350_000, 1_360_000, liveness, rules)).toBeNull();
  });

  test('an outage long over excuses nothing', () => {
    const journal = [span(0, 1_000_000), span(1_300_000, 3_000_000)];
    expect(deferUntil(journal, 1_150_000, 2_990_000, liveness, rules)).toBeNull();
  });
});
