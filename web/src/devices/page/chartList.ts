import type { QueryOf } from '../../api/client.ts';

export type Metric = QueryOf<'/api/v1/devices/{id}/series'>['metric'];

export interface ChartSpec {
  /** Key under `device.chart.`. */
  readonly key: string;
  readonly metrics: readonly Metric[];
  readonly min?: number;
  readonly max?: number;
  /** Between two marks of the axis; without it the chart finds its own. */
  readonly interval?: number;
}

/** Charts of a device: load, heat, then what its network is worth (R-HN-2, R-HN-7) and what its SIM card spends (R-HN-6). */
export const CHARTS: readonly ChartSpec[] = [
  { key: 'usage', metrics: ['cpu_pct', 'mem_used_pct', 'disk_used_pct'], min: 0, max: 100, interval: 25 },
  { key: 'temperature', metrics: ['temp_c'] },
  { key: 'rtt', metrics: ['rtt_ms'], min: 0 },
  { key: 'jitter', metrics: ['jitter_ms'], min: 0 },
  { key: 'loss', metrics: ['loss'], min: 0 },
  { key: 'errors', metrics: ['packet_errors'], min: 0 },
  { key: 'signal', metrics: ['signal_dbm'] },
  { key: 'sim', metrics: ['sim_bytes'], min: 0 },
];
