/** Hard limits of wire protocol v1. A payload beyond one of them is refused or quarantined and counted, never processed in part. */
export const LIMITS = {
  /** Largest MQTT packet a broker accepts, bytes. */
  packetBytes: 256 * 1024,
  /** Largest size of a gzip payload once inflated, bytes. */
  inflatedBytes: 1024 * 1024,
  /** Records in one batch. */
  batchRecords: 500,
  /** Deepest nesting of a record's body. */
  depth: 6,
  /** Longest string in a record, UTF-16 units. */
  stringLength: 4096,
  /** Fields in one record object, at any level. */
  fields: 128,
  /** Unacknowledged QoS 1 publishes of one device. */
  inflight: 64,
  /** Levels of a topic. */
  topicLevels: 4,
} as const;

/** Default time between beats, ms. A server may set another by the `cfg` channel. */
export const DEFAULT_BEAT_MS = 60_000;
/** Liveness: how many beat intervals a live beat keeps a station's network up, as a fraction (5/2 = 2.5). */
export const LIVENESS_BEATS = { num: 5, den: 2 } as const;
/** A record is live if it arrived within one beat interval plus this, ms, of its sample. */
export const LIVE_GRACE_MS = 30_000;

/** Liveness L in ms for a beat interval in ms. */
export function livenessMs(beatMs: number): number {
  return Math.floor((beatMs * LIVENESS_BEATS.num) / LIVENESS_BEATS.den);
}
