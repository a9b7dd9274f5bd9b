/**
 * What to do after a provider's answer: a table, so that each class can be read and tested. Codes are Twilio's.
 * https://www.twilio.com/docs/api/errors
 */
export type Verdict =
  /** Try again later; `maxAttempts` counts all sends. */
  | { readonly kind: 'retry'; readonly maxAttempts: number; readonly delayMs: number }
  /** Never again for this message; `flag`: nor for the number, until a person clears it. */
  | { readonly kind: 'give_up'; readonly flag: string | null }
  /** Nothing can be sent until an administrator acts: keep the queue, ask rarely. */
  | { readonly kind: 'stop'; readonly reason: string }
  /** It may have been sent: look it up before another attempt. */
  | { readonly kind: 'unknown' };

export interface Failure {
  /** HTTP status of the answer; null if there was none (time-out, connection lost). */
  readonly status: number | null;
  /** Provider's error code, of the answer or of a delivery report. */
  readonly code: number | null;
  /** True if it is certain that nothing reached the provider, e.g. no connection came about. */
  readonly unsent?: boolean;
}

const MINUTE_MS = 60_000;

const BY_CODE: Readonly<Record<number, Verdict>> = {
  20003: { kind: 'stop', reason: 'credentials_refused' },
  20429: { kind: 'retry', maxAttempts: 10, delayMs: 2_000 },
  21211: { kind: 'give_up', flag: 'invalid_number' },
  21610: { kind: 'give_up', flag: 'unsubscribed' },
  21614: { kind: 'give_up', flag: 'not_mobile' },
  30002: { kind: 'stop', reason: 'account_suspended' },
  30003: { kind: 'retry', maxAttempts: 3, delayMs: 5 * MINUTE_MS },
  30006: { kind: 'give_up', flag: 'landline_or_unreachable' },
  30007: { kind: 'give_up', flag: null },
  30008: { kind: 'retry', maxAttempts: 2, delayMs: MINUTE_MS },
};

/** Judges a failed send or an undelivered message. A code decides; without a known one the HTTP status does. */
export function judge(failure: Failure): Verdict {
  const known = failure.code === null ? undefined : BY_CODE[failure.code];
  if (known !== undefined) return known;
  if (failure.unsent === true) return { kind: 'retry', maxAttempts: 100, delayMs: 2_000 };
  if (failure.status === null || failure.status >= 500) return { kind: 'unknown' };
  if (failure.status === 429) return { kind: 'retry', maxAttempts: 10, delayMs: 2_000 };
  if (failure.status === 401 || failure.status === 403) return { kind: 'stop', reason: 'credentials_refused' };
  return { kind: 'give_up', flag: null };
}

/** Judges a delivery report (`undelivered` or `failed` after acceptance): there is no doubt that it was sent. */
export function judgeReport(code: number | null): Verdict {
  return (code === null ? undefined : BY_CODE[code]) ?? { kind: 'give_up', flag: null };
}

/** Delay before attempt `attempts + 1`, doubling from `delayMs` up to ten minutes. */
export function backoffMs(delayMs: number, attempts: number): number {
  return Math.min(delayMs * 2 ** Math.max(0, attempts - 1), 10 * MINUTE_MS);
}
