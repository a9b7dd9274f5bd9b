/** Numbers that never go back, kept on disk. */
export interface Identity {
  readonly boot: number;
  readonly bootId: string;
  /** Number of the newest connection. */
  readonly session: number;
}

const EPOCH_MS = Date.UTC(2026, 0, 1);

/**
 * The identity after a start. A new `bootId` counts the boot up. Without a kept identity the counters begin at a number made of the time
 * of enrolment (hours for boots, minutes for sessions), which lies above all that the same device can have used before.
 */
export function nextIdentity(kept: unknown, bootId: string, enrolledMs: number): Identity {
  const last = kept as Partial<Identity> | null;
  if (!Number.isInteger(last?.boot) || !Number.isInteger(last?.session)) {
    const sinceMs = Math.max(0, enrolledMs - EPOCH_MS);
    return { boot: 1 + Math.floor(sinceMs / 3_600_000), bootId, session: Math.floor(sinceMs / 60_000) };
  }
  const { boot, session } = last as Identity;
  return last?.bootId === bootId ? { boot, bootId, session } : { boot: boot + 1, bootId, session };
}

/** Where `seq` begins for a new identity: the second of its enrolment, more than it can have used at one record a second. */
export function firstSeq(enrolledMs: number): number {
  return Math.max(0, Math.floor(enrolledMs / 1000));
}
