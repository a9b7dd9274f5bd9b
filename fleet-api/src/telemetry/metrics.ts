/** What a chart of a device can show. */

export interface Metric {
  readonly unit: '%' | '°C' | '' | 'ms' | 'ratio' | 'dBm' | 'bytes' | 'beats';
  /** Contractual or technical limit that the chart draws; null: none. */
  readonly threshold: { readonly value: number; readonly side: 'max' | 'min'; readonly source: string } | null;
  /** Where detail comes from: a hypertable, its value and its worst value in a bucket. */
  readonly raw: Source;
  /** The continuous aggregate for long spans; null: the hypertable serves any span. */
  readonly hourly: Source | null;
}

export interface Source {
  readonly table: 'rec_health' | 'rec_net' | 'rec_sim' | 'rec_beat' | 'health_hourly' | 'net_hourly' | 'sim_daily';
  readonly time: 'ts' | 'bucket';
  /** SQL aggregates over the rows of a bucket. */
  readonly value: string;
  readonly peak: string;
}

function sampled(table: 'rec_health' | 'rec_net', column: string, worst: 'max' | 'min' = 'max'): Source {
  return { table, time: 'ts', value: `avg(${column})`, peak: `${worst}(${column})` };
}

/** An hourly mean counts by its samples, so that a day of hours equals the day's mean. */
function hourly(table: 'health_hourly' | 'net_hourly', column: string, peak = `max(${column})`): Source {
  return {
    table,
    time: 'bucket',
    value: `sum(${column} * samples) / nullif(sum(samples) filter (where ${column} is not null), 0)`,
    peak,
  };
}

const RATIO = {
  value: 'sum(lost)::float8 / nullif(sum(sent), 0)',
  peak: 'max(lost::float8 / nullif(sent, 0))',
} as const;
const ERRORS = {
  value: 'sum(pkt_err)::float8 / nullif(sum(pkt), 0)',
  peak: 'max(pkt_err::float8 / nullif(pkt, 0))',
} as const;
const limit = (value: number) => ({ value, side: 'max', source: 'R-HN-7' }) as const;

/** Units and limits; network limits are those of R-HN-7. */
export const METRICS = {
  cpu_pct: {
    unit: '%',
    threshold: null,
    raw: sampled('rec_health', 'cpu_pct'),
    hourly: hourly('health_hourly', 'cpu_pct', 'max(cpu_pct_max)'),
  },
  mem_used_pct: {
    unit: '%',
    threshold: null,
    raw: sampled('rec_health', 'mem_used_pct'),
    hourly: hourly('health_hourly', 'mem_used_pct'),
  },
  disk_used_pct: {
    unit: '%',
    threshold: null,
    raw: sampled('rec_health', 'disk_used_pct'),
    hourly: hourly('health_hourly', 'disk_used_pct'),
  },
  temp_c: {
    unit: '°C',
    threshold: null,
    raw: sampled('rec_health', 'temp_c'),
    hourly: hourly('health_hourly', 'temp_c', 'max(temp_c_max)'),
  },
  load1: { unit: '', threshold: null, raw: sampled('rec_health', 'load1'), hourly: null },
  rtt_ms: {
    unit: 'ms',
    threshold: limit(400),
    raw: sampled('rec_net', 'rtt_ms'),
    hourly: hourly('net_hourly', 'rtt_ms', 'max(rtt_ms_max)'),
  },
  jitter_ms: {
    unit: 'ms',
    threshold: limit(50),
    raw: sampled('rec_net', 'jitter_ms'),
    hourly: hourly('net_hourly', 'jitter_ms'),
  },
  loss: {
    unit: 'ratio',
    threshold: limit(0.001),
    raw: { table: 'rec_net', time: 'ts', ...RATIO },
    hourly: { table: 'net_hourly', time: 'bucket', ...RATIO },
  },
  packet_errors: {
    unit: 'ratio',
    threshold: limit(0.0001),
    raw: { table: 'rec_net', time: 'ts', ...ERRORS },
    hourly: { table: 'net_hourly', time: 'bucket', ...ERRORS },
  },
  signal_dbm: {
    unit: 'dBm',
    threshold: null,
    raw: sampled('rec_net', 'signal_dbm', 'min'),
    hourly: hourly('net_hourly', 'signal_dbm', 'min(signal_dbm)'),
  },
  sim_bytes: {
    unit: 'bytes',
    threshold: null,
    raw: { table: 'rec_sim', time: 'ts', value: 'sum(rx_bytes + tx_bytes)::float8', peak: 'null::float8' },
    hourly: null,
  },
  beats: {
    unit: 'beats',
    threshold: null,
    raw: {
      table: 'rec_beat',
      time: 'ts',
      value: 'count(*) filter (where flags & 1 = 1)::float8',
      peak: 'count(*)::float8',
    },
    hourly: null,
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];
