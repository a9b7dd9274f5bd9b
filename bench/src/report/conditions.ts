import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** Under what the figures were taken; a figure without these means nothing. */
export function conditions(): string {
  const model = cpus()[0]?.model ?? 'unknown CPU';
  const memory = (totalmem() / 1024 ** 3).toFixed(0);
  const load = loadavg()[0]?.toFixed(1);
  return `${model}, ${availableParallelism()} cores, ${memory} GB, Node ${process.version}, ${process.platform}; load average at start ${load}`;
}
