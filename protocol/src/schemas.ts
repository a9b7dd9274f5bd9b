import { type Static, type TSchema, Type } from 'typebox';
import { LIMITS } from './limits.ts';
import { DEVICE_ID_PATTERN } from './topics.ts';
import {
  COMMAND_OPS,
  COMMAND_OUTCOMES,
  COMMAND_PROGRESS,
  COMPONENT_STATES,
  type RECORD_KINDS,
  SEVERITIES,
} from './vocabulary.ts';

/**
 * TypeBox schemas of everything on the wire. Unknown fields are allowed everywhere (and ignored or stored), so that an older
 * platform understands a newer device. The AsyncAPI document is generated from these.
 */

const SAFE = Number.MAX_SAFE_INTEGER;
const int = (max: number, description: string, min = 0) => Type.Integer({ minimum: min, maximum: max, description });
const num = (min: number, max: number, description: string) => Type.Number({ minimum: min, maximum: max, description });
const text = (maxLength: number, description: string) => Type.String({ maxLength, description });
const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Unsafe<T[number]>(
    Type.Union(
      values.map((v) => Type.Literal(v)),
      { description },
    ),
  );

export const DeviceIdSchema = Type.String({ pattern: DEVICE_ID_PATTERN, description: 'Public device id' });

/** Age of a sample: envelope `mono_ms` minus the sample's own monotonic time, ms. */
const dMono = int(SAFE, 'Age of the sample in ms: envelope mono_ms minus the monotonic time of the sample');
const bytes = (what: string) => int(SAFE, `${what}, bytes since the previous sim record`);

export const ComponentReport = Type.Object({
  s: oneOf(COMPONENT_STATES, 'State of the component'),
  r: Type.Optional(text(64, 'Reason, from the vocabulary where it fits: paper_out, no_answer...')),
  d: Type.Optional(text(256, 'Detail for a person, e.g. the device path that did not answer')),
});

export const BeatRecord = Type.Object({ k: Type.Literal('beat'), d_mono: dMono });

export const HealthRecord = Type.Object({
  k: Type.Literal('health'),
  d_mono: dMono,
  full: Type.Optional(
    Type.Boolean({ description: 'True if the record names every component and reading, not just changes' }),
  ),
  c: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z0-9_]{1,32}$' }), ComponentReport)),
  m: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z0-9_]{1,32}$' }), Type.Number())),
});

export const SimRecord = Type.Object({
  k: Type.Literal('sim'),
  d_mono: dMono,
  rx_bytes: bytes('Received'),
  tx_bytes: bytes('Sent'),
  src: Type.Optional(oneOf(['modem', 'iface'], 'Where the counters were read')),
  iccid: Type.Optional(Type.String({ pattern: '^[0-9]{18,20}[0-9A-Fa-f]?$' })),
  imsi: Type.Optional(Type.String({ pattern: '^[0-9]{14,15}$' })),
  imei: Type.Optional(Type.String({ pattern: '^[0-9]{14,17}$' })),
});

export const NetRecord = Type.Object({
  k: Type.Literal('net'),
  d_mono: dMono,
  rtt_ms: Type.Optional(num(0, 3_600_000, 'Mean round trip to the broker over the live connection, ms')),
  jitter_ms: Type.Optional(num(0, 3_600_000, 'Mean absolute difference of successive round trips, ms')),
  sent: Type.Optional(int(2 ** 31 - 1, 'Probes sent since the previous net record')),
  lost: Type.Optional(int(2 ** 31 - 1, 'Probes that got no answer in time')),
  pkt: Type.Optional(int(SAFE, 'Packets through the uplink interface since the previous net record')),
  pkt_err: Type.Optional(int(SAFE, 'Packets with errors since the previous net record')),
  signal_dbm: Type.Optional(num(-200, 50, 'Received signal strength, dBm')),
  rsrp_dbm: Type.Optional(num(-200, 50, 'LTE reference signal received power, dBm')),
  rsrq_db: Type.Optional(num(-60, 30, 'LTE reference signal received quality, dB')),
  sinr_db: Type.Optional(num(-60, 60, 'Signal to interference and noise, dB')),
  operator: Type.Optional(text(64, 'Operator as the modem names it')),
  rat: Type.Optional(text(16, 'Radio access: 2g, 3g, 4g, 5g, ethernet, wifi')),
  cell: Type.Optional(text(64, 'Serving cell, as tac-ci in hex')),
});

export const EventRecord = Type.Object({
  k: Type.Literal('event'),
  d_mono: dMono,
  code: Type.String({ pattern: '^[a-z0-9_]{1,64}$' }),
  sev: Type.Optional(oneOf(SEVERITIES, 'Severity; info if missing')),
  d: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown())),
});

export const ResultRecord = Type.Object({
  k: Type.Literal('result'),
  d_mono: dMono,
  cmd: Type.String({ maxLength: 64, minLength: 1, description: 'Id of the command' }),
  state: oneOf(COMMAND_OUTCOMES, 'How it ended'),
  code: Type.Optional(text(64, 'Stable reason of a failure, e.g. not_configured')),
  d: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown())),
});

export const LogRecord = Type.Object({
  k: Type.Literal('log'),
  d_mono: dMono,
  lvl: oneOf(SEVERITIES, 'Level'),
  src: Type.Optional(text(64, 'Which part of the device speaks')),
  msg: text(LIMITS.stringLength, 'One line'),
});

/** A record of a kind this version does not know: stored whole. */
export const OtherRecord = Type.Object({ k: Type.String({ pattern: '^[a-z0-9_]{1,32}$' }), d_mono: dMono });

export const RECORD_SCHEMAS = {
  beat: BeatRecord,
  health: HealthRecord,
  sim: SimRecord,
  net: NetRecord,
  event: EventRecord,
  result: ResultRecord,
  log: LogRecord,
} as const satisfies Record<(typeof RECORD_KINDS)[number], TSchema>;

/**
 * A batch of records of one boot. Record `i` has sequence number `seq0 + i`; a batch never spans a gap.
 *
 * Live boot: `mono_ms` and `sent_ms` are the device's monotonic and wall clocks at the moment of sending. Earlier boot (then
 * `cur` names the boot that sends): both are the clocks at the newest sample of the batch, as they were kept on disk.
 */
export const EnvelopeHead = Type.Object({
  v: Type.Literal(1),
  boot: int(2 ** 31 - 1, 'Boot during which the samples were taken, counted by the device'),
  cur: Type.Optional(int(2 ** 31 - 1, 'Boot that sends the batch, if it is not the boot of the samples')),
  seq0: int(SAFE - LIMITS.batchRecords, 'Sequence number of the first record'),
  sent_ms: int(SAFE, 'Device wall clock, Unix ms'),
  mono_ms: int(SAFE, 'Device monotonic clock, ms since its boot'),
  recs: Type.Array(Type.Unknown(), { minItems: 1, maxItems: LIMITS.batchRecords }),
});

/** Birth and will, retained on `status`. `session` counts connections of a device and never goes back. */
export const StatusMessage = Type.Object({
  v: Type.Literal(1),
  s: oneOf(['on', 'off'], 'on: birth; off: will or clean end'),
  session: int(2 ** 31 - 1, 'Number of the connection'),
  boot: Type.Optional(int(2 ** 31 - 1, 'Boot number')),
  clean: Type.Optional(Type.Boolean({ description: 'True if the device ended the session itself' })),
  agent: Type.Optional(text(64, 'Agent version')),
  fw: Type.Optional(text(64, 'Firmware or OS version')),
  beat_ms: Type.Optional(int(3_600_000, 'Beat interval in force, ms', 1000)),
  cfg_rev: Type.Optional(int(2 ** 31 - 1, 'Revision of the configuration in force')),
  mono_ms: Type.Optional(int(SAFE, 'Monotonic clock at birth, ms')),
});

/** Progress of a command, on `ack`. */
export const AckMessage = Type.Object({
  v: Type.Literal(1),
  cmd: Type.String({ minLength: 1, maxLength: 64 }),
  state: oneOf(COMMAND_PROGRESS, 'accepted: stored on the device; running: begun'),
});

/** A command, on `cmd`. The id makes execution exactly-once whatever is delivered again. */
export const CommandMessage = Type.Object({
  v: Type.Literal(1),
  id: Type.String({ minLength: 1, maxLength: 64 }),
  op: oneOf(COMMAND_OPS, 'What to do'),
  ttl_ms: int(30 * 86_400_000, 'Time left to begin, ms, counted from reception on the monotonic clock', 1),
  args: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown())),
});

/** Configuration, retained on `cfg`. A device ignores a revision older than the one it has. */
export const ConfigMessage = Type.Object({
  v: Type.Literal(1),
  rev: int(2 ** 31 - 1, 'Revision'),
  beat_ms: Type.Optional(int(3_600_000, 'Beat interval, ms', 5000)),
  health_ms: Type.Optional(int(86_400_000, 'Interval of probing, ms', 5000)),
  full_ms: Type.Optional(int(7 * 86_400_000, 'Interval of full health pictures, ms', 60_000)),
  net_ms: Type.Optional(int(86_400_000, 'Interval of net records, ms', 60_000)),
  sim_ms: Type.Optional(int(86_400_000, 'Interval of sim records, ms', 60_000)),
});

export type ComponentReport = Static<typeof ComponentReport>;
export type BeatRecord = Static<typeof BeatRecord>;
export type HealthRecord = Static<typeof HealthRecord>;
export type SimRecord = Static<typeof SimRecord>;
export type NetRecord = Static<typeof NetRecord>;
export type EventRecord = Static<typeof EventRecord>;
export type ResultRecord = Static<typeof ResultRecord>;
export type LogRecord = Static<typeof LogRecord>;
export type OtherRecord = Static<typeof OtherRecord> & { readonly [field: string]: unknown };
export type KnownRecord = BeatRecord | HealthRecord | SimRecord | NetRecord | EventRecord | ResultRecord | LogRecord;
export type DeviceRecord = KnownRecord | OtherRecord;
export type EnvelopeHead = Static<typeof EnvelopeHead>;
/** An envelope as a device writes it. */
export type Envelope = Omit<EnvelopeHead, 'recs'> & { readonly recs: readonly DeviceRecord[] };
export type StatusMessage = Static<typeof StatusMessage>;
export type AckMessage = Static<typeof AckMessage>;
export type CommandMessage = Static<typeof CommandMessage>;
export type ConfigMessage = Static<typeof ConfigMessage>;
