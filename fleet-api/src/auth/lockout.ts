/** Failed attempts that lock an account. */
export const ATTEMPTS = 5;
const FIRST_LOCK_MS = 15 * 60_000;
const LONGEST_LOCK_MS = 24 * 3_600_000;

/** How long to lock after the `failures`th failed attempt in a row, ms; 0: not yet. Every fifth locks, each time twice as long. */
export function lockMs(failures: number): number {
  if (failures === 0 || failures % ATTEMPTS !== 0) return 0;
  return Math.min(FIRST_LOCK_MS * 2 ** (failures / ATTEMPTS - 1), LONGEST_LOCK_MS);
}

/**
 * Counts attempts on logins that don't exist, so that locking does not tell which do. In memory and bounded: the oldest
 * is forgotten.
 */
export class PhantomLocks {
  readonly #byLogin = new Map<string, { failures: number; lockedUntil: number }>();
  readonly #capacity: number;

  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  /** End of the lock, Unix ms; 0: not locked. */
  lockedUntil(login: string, now: number): number {
    const until = this.#byLogin.get(login)?.lockedUntil ?? 0;
    return until > now ? until : 0;
  }

  fail(login: string, now: number): void {
    const failures = (this.#byLogin.get(login)?.failures ?? 0) + 1;
    const lock = lockMs(failures);
    this.#byLogin.delete(login);
    this.#byLogin.set(login, { failures, lockedUntil: lock === 0 ? 0 : now + lock });
    const oldest = this.#byLogin.keys().next();
    if (this.#byLogin.size > this.#capacity && !oldest.done) this.#byLogin.delete(oldest.value);
  }
}
