import { expect, test } from 'vitest';
import { backoffMs, judge, judgeReport } from '../../src/notify/retry.ts';

test.each([
  [{ status: 429, code: 20429 }, { kind: 'retry' }],
  [{ status: 429, code: null }, { kind: 'retry' }],
  [
    { status: 400, code: 21211 },
    { kind: 'give_up', flag: 'invalid_number' },
  ],
  [
    { status: 400, code: 21614 },
    { kind: 'give_up', flag: 'not_mobile' },
  ],
  [
    { status: 400, code: 21610 },
    { kind: 'give_up', flag: 'unsubscribed' },
  ],
  [
    { status: 401, code: 20003 },
    { kind: 'stop', reason: 'credentials_refused' },
  ],
  [
    { status: 403, code: null },
    { kind: 'stop', reason: 'credentials_refused' },
  ],
  [
    { status: 400, code: 30002 },
    { kind: 'stop', reason: 'account_suspended' },
  ],
  [
    { status: 400, code: 21408 },
    { kind: 'give_up', flag: null },
  ],
  [{ status: 500, code: 20500 }, { kind: 'unknown' }],
  [{ status: 503, code: null }, { kind: 'unknown' }],
  [{ status: null, code: null }, { kind: 'unknown' }],
  [{ status: null, code: null, unsent: true }, { kind: 'retry' }],
])('answer %o: %o', (failure, verdict) => {
  expect(judge(failure)).toMatchObject(verdict);
});

test.each([
  [30003, { kind: 'retry', maxAttempts: 3 }],
  [30008, { kind: 'retry', maxAttempts: 2 }],
  [30006, { kind: 'give_up', flag: 'landline_or_unreachable' }],
  [30007, { kind: 'give_up', flag: null }],
  [30005, { kind: 'give_up', flag: null }],
  [null, { kind: 'give_up', flag: null }],
])('report %s: %o', (code, verdict) => {
  expect(judgeReport(code)).toMatchObject(verdict);
});

test('the delay doubles up to ten minutes', () => {
  expect([1, 2, 3, 20].map((attempts) => backoffMs(2_000, attempts))).toEqual([2_000, 4_000, 8_000, 600_000]);
});
