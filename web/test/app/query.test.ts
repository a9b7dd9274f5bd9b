import { describe, expect, it } from 'vitest';
import { ApiProblem, retryAfterMs } from '../../src/api/problem.ts';
import { retryDelayMs, shouldRetry } from '../../src/app/query.ts';

const NOW_MS = Date.UTC(2026, 10, 22);
const busy = (seconds: string | null) =>
  new ApiProblem(503, { code: 'overloaded' }, { retryAfterMs: retryAfterMs(seconds, NOW_MS) });

describe('asking again', () => {
  it('happens twice where it may help, and never after a refusal', () => {
    expect([0, 1, 2].map((failures) => shouldRetry(failures, busy('1')))).toEqual([true, true, false]);
    expect(shouldRetry(0, new ApiProblem(0, null))).toBe(true);
    expect(shouldRetry(0, new TypeError('lost'))).toBe(true);
    for (const status of [400, 403, 404, 409, 429, 500])
      expect(shouldRetry(0, new ApiProblem(status, null))).toBe(false);
  });

  it('waits as long as the server says, else longer each time, and never all at once', () => {
    expect(retryDelayMs(0, busy('3'), 0)).toBe(3000);
    expect(retryDelayMs(1, busy('3'), 1)).toBe(4500);
    expect([0, 1].map((failures) => retryDelayMs(failures, busy(null), 0))).toEqual([1000, 2000]);
    expect(retryDelayMs(0, new TypeError('lost'), 0)).toBe(1000);
  });

  it('reads both forms of Retry-After, and waits for no fool', () => {
    expect(retryAfterMs('0', NOW_MS)).toBe(0);
    expect(retryAfterMs(new Date(NOW_MS + 4000).toUTCString(), NOW_MS)).toBe(4000);
    expect(retryAfterMs(new Date(NOW_MS - 4000).toUTCString(), NOW_MS)).toBe(0);
    expect(retryAfterMs('86400', NOW_MS)).toBe(10_000);
    expect([null, '', 'soon'].map((text) => retryAfterMs(text, NOW_MS))).toEqual([null, null, null]);
  });
});
