import { type ConfigMessage, DEFAULT_BEAT_MS, decodePayload } from '@uptally/protocol';

/** Intervals in force, ms. */
export interface Intervals {
  readonly beatMs: number;
  /** Between probings of all parts; a change of a component is reported right after the probing that sees it. */
  readonly healthMs: number;
  /** Between full pictures. */
  readonly fullMs: number;
  /** Between readings for the charts, sent along with a beat. */
  readonly metricsMs: number;
  readonly netMs: number;
  readonly simMs: number;
}

export const DEFAULT_INTERVALS: Intervals = {
  beatMs: DEFAULT_BEAT_MS,
  healthMs: 30_000,
  fullMs: 86_400_000,
  metricsMs: 900_000,
  netMs: 900_000,
  simMs: 21_600_000,
};

export interface DeviceConfig {
  readonly deviceId: string;
  /** Changes with every boot of the device, and only then (Linux: /proc/sys/kernel/random/boot_id). */
  readonly bootId: string;
  /**
   * When this identity was enrolled, Unix ms. Counters start from it, so that a device whose disk was wiped and that is
   * enrolled again under its old id repeats no boot, session or sequence number.
   */
  readonly enrolledMs: number;
  readonly agentVersion: string;
  readonly firmware?: string;
  readonly intervals?: Partial<Intervals>;
  /** Round trips measured per net interval. Each costs about 80 bytes on the wire. */
  readonly pingsPerNet?: number;
  readonly uplink?: Partial<UplinkTuning>;
}

export interface UplinkTuning {
  /** Longest wait for an answer (CONNACK, PUBACK, PINGRESP) before the link counts as dead, ms. */
  readonly answerMs: number;
  /** First and largest back-off; each wait is drawn uniformly from [0, backoff) (full jitter). */
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** Unacknowledged batches on the wire. */
  readonly window: number;
  /** Rest between two batches of the backlog, ms. */
  readonly paceMs: number;
  readonly backlogRecords: number;
}

export const DEFAULT_TUNING: UplinkTuning = {
  answerMs: 30_000,
  backoffMinMs: 2_000,
  backoffMaxMs: 120_000,
  window: 4,
  paceMs: 1_000,
  backlogRecords: 250,
};

/** Fields of a `cfg` message, the interval each sets, and its bounds in ms. */
const CFG_FIELDS = [
  ['beat_ms', 'beatMs', 5_000, 3_600_000],
  ['health_ms', 'healthMs', 5_000, 86_400_000],
  ['full_ms', 'fullMs', 60_000, 7 * 86_400_000],
  ['net_ms', 'netMs', 60_000, 86_400_000],
  ['sim_ms', 'simMs', 60_000, 86_400_000],
] as const;

export type CfgVerdict =
  | { readonly ok: true; readonly message: ConfigMessage }
  | { readonly ok: false; readonly rev: number | null; readonly reason: string };

/** Decodes and judges a `cfg` payload without a schema library: the agent's memory is counted. */
export function readCfg(payload: Uint8Array): CfgVerdict {
  let value: unknown;
  try {
    value = decodePayload(payload);
  } catch (error) {
    return { ok: false, rev: null, reason: error instanceof Error ? error.message : 'undecodable' };
  }
  return judgeCfg(value);
}

/** The same for a decoded value, e.g. one kept on disk. */
export function judgeCfg(value: unknown): CfgVerdict {
  if (typeof value !== 'object' || value === null) return { ok: false, rev: null, reason: '/: not an object' };
  const fields = value as Record<string, unknown>;
  const rev = isWithin(fields.rev, 0, 2 ** 31 - 1) ? (fields.rev as number) : null;
  if (fields.v !== 1) return { ok: false, rev, reason: '/v: must be 1' };
  if (rev === null) return { ok: false, rev, reason: '/rev: must be an integer' };
  const message: Record<string, unknown> = { v: 1, rev };
  for (const [field, , min, max] of CFG_FIELDS) {
    const setting = fields[field];
    if (setting === undefined) continue;
    if (!isWithin(setting, min, max)) return { ok: false, rev, reason: `/${field}: must be ${min}..${max} ms` };
    message[field] = setting;
  }
  return { ok: true, message: message as ConfigMessage };
}

/** Intervals with a `cfg` laid over the device's own. What the message leaves out falls back to `own`. */
export function intervalsWith(own: Intervals, cfg: ConfigMessage | null): Intervals {
  const merged: { -readonly [K in keyof Intervals]: number } = { ...own };
  for (const [field, name] of CFG_FIELDS) {
    const setting = cfg?.[field];
    if (setting !== undefined) merged[name] = setting;
  }
  return merged;
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}
