import type { ColumnType } from './columns.ts';

/** Row sets that a flush sends, with their columns in order. The statement and what fills it are both made from this. */

const EACH = [
  ['device_key', 'int4'],
  ['seq', 'int8'],
  ['ts', 'timestamptz'],
  ['rcv_at', 'timestamptz'],
  ['flags', 'int2'],
] as const;

export const SHAPES = {
  /** One row a device: what its newest records say of it, and its newest span of live beats. */
  dev: [
    ['device_key', 'int4'],
    ['boot', 'int4'],
    ['rcv_at', 'timestamptz'],
    ['last_ts', 'timestamptz'],
    ['live_ts', 'timestamptz'],
    ['live_seq', 'int8'],
    ['liveness_ms', 'int4'],
    ['head_from', 'timestamptz'],
    ['head_to', 'timestamptz'],
    ['head_from_seq', 'int8'],
    ['head_to_seq', 'int8'],
  ],
  /** Sequence numbers that arrived, as half-open runs. */
  run: [
    ['device_key', 'int4'],
    ['lo', 'int8'],
    ['hi', 'int8'],
  ],
  beat: EACH,
  /** Further spans of beats of one kind (`live` 1 or 0), no two neighbours further apart than the device's `liveness_ms`. */
  span: [
    ['device_key', 'int4'],
    ['live', 'int2'],
    ['from_at', 'timestamptz'],
    ['to_at', 'timestamptz'],
    ['from_seq', 'int8'],
    ['to_seq', 'int8'],
  ],
  health: [
    ...EACH,
    ['is_full', 'int2'],
    ['components', 'jsonb'],
    ['metrics', 'jsonb'],
    ['cpu_pct', 'float4'],
    ['mem_used_pct', 'float4'],
    ['disk_used_pct', 'float4'],
    ['temp_c', 'float4'],
    ['load1', 'float4'],
  ],
  net: [
    ...EACH,
    ['rtt_ms', 'float4'],
    ['jitter_ms', 'float4'],
    ['sent', 'int4'],
    ['lost', 'int4'],
    ['pkt', 'int8'],
    ['pkt_err', 'int8'],
    ['signal_dbm', 'float4'],
    ['rsrp_dbm', 'float4'],
    ['rsrq_db', 'float4'],
    ['sinr_db', 'float4'],
    ['operator', 'text'],
    ['rat', 'text'],
    ['cell', 'text'],
  ],
  sim: [
    ...EACH,
    ['rx_bytes', 'int8'],
    ['tx_bytes', 'int8'],
    ['src', 'text'],
    ['iccid', 'text'],
    ['imsi', 'text'],
    ['imei', 'text'],
    ['month', 'date'],
  ],
  /** Newest readings of a device, merged over the flush. */
  picture: [
    ['device_key', 'int4'],
    ['health_ts', 'timestamptz'],
    ['health', 'jsonb'],
    ['net_ts', 'timestamptz'],
    ['net', 'jsonb'],
  ],
  /** Newest word on a component, with the beginning of its state as far as the flush knows. */
  part: [
    ['device_key', 'int4'],
    ['component', 'text'],
    ['state', 'text'],
    ['reason', 'text'],
    ['detail', 'text'],
    ['ts', 'timestamptz'],
    ['since', 'timestamptz'],
  ],
  /** Full pictures: components that they do not name (comma-separated) are absent from then on. */
  whole: [
    ['device_key', 'int4'],
    ['ts', 'timestamptz'],
    ['names', 'text'],
  ],
  /** What records say of components, one by one, as far as it decides anything: ok, warn, fault. */
  report: [
    ['device_key', 'int4'],
    ['seq', 'int8'],
    ['ts', 'timestamptz'],
    ['component', 'text'],
    ['state', 'text'],
  ],
  event: [...EACH, ['code', 'text'], ['sev', 'text'], ['d', 'jsonb'], ['dropped', 'int8']],
  /** `command_id` is `cmd` if it has the form of a UUID. */
  result: [...EACH, ['cmd', 'text'], ['command_id', 'text'], ['state', 'text'], ['code', 'text'], ['d', 'jsonb']],
  log: [...EACH, ['lvl', 'text'], ['src', 'text'], ['msg', 'text']],
  other: [...EACH, ['kind', 'text'], ['body', 'jsonb']],
  anchor: [
    ['device_key', 'int4'],
    ['boot', 'int4'],
    ['from_mono_ms', 'int8'],
    ['offset_ms', 'int8'],
    ['wall_offset_ms', 'int8'],
  ],
  /** Records that can't be used; their sequence number counts as received. */
  reject: [
    ['device_key', 'int4'],
    ['seq', 'int8'],
    ['rcv_at', 'timestamptz'],
    ['code', 'text'],
    ['reason', 'text'],
    ['payload', 'bytea'],
  ],
} as const satisfies Record<string, readonly (readonly [string, ColumnType])[]>;

export type ShapeName = keyof typeof SHAPES;

/** Row sets of a statement by part: a flush of nothing but beats, which is most, runs a short statement. */
export const PARTS = {
  core: ['dev', 'run', 'beat'],
  spans: ['span'],
  readings: ['health', 'net', 'sim', 'picture', 'part', 'whole', 'report'],
  happenings: ['event', 'result', 'log', 'other', 'anchor', 'reject'],
} as const satisfies Record<string, readonly ShapeName[]>;
