import { readText } from './files.ts';
import { ABSENT, type Probe, report } from './probe.ts';

const WARN_PCT = 95;

/** Total and available memory of /proc/meminfo in kB; kernels before 3.14 have no MemAvailable. */
export function parseMeminfo(text: string): { totalKb: number; availableKb: number } | null {
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  const totalKb = field('MemTotal');
  if (!(totalKb > 0)) return null;
  const available = field('MemAvailable');
  const spare = ['MemFree', 'Buffers', 'Cached'].map(field).reduce((sum, kb) => sum + (kb || 0), 0);
  return { totalKb, availableKb: Number.isNaN(available) ? spare : available };
}

export function memoryProbe(root: string): Probe {
  return async () => {
    const info = parseMeminfo((await readText(`${root}/proc/meminfo`)) ?? '');
    if (!info) return { c: { memory: ABSENT } };
    const mem_used_pct = Math.round((1 - info.availableKb / info.totalKb) * 1000) / 10;
    const m = {
      mem_used_pct,
      mem_total_mb: Math.round(info.totalKb / 1024),
      agent_rss_mb: Math.round(process.memoryUsage.rss() / 1_048_576),
    };
    const memory = mem_used_pct >= WARN_PCT ? report('warn', 'overloaded', `${mem_used_pct} % used`) : report('ok');
    return { c: { memory }, m };
  };
}
