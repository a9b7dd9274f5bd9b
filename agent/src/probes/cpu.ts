import { availableParallelism } from 'node:os';
import { readText } from './files.ts';
import { ABSENT, type Probe, report } from './probe.ts';

/** Above this share the processor is called overloaded, percent over one probing interval. */
const OVERLOADED_PCT = 97;

/** Busy and total ticks of /proc/stat; `null` if it has no `cpu` line. Iowait counts as idle. */
export function parseStat(text: string): { busy: number; total: number } | null {
  const line = /^cpu\s+(.+)$/m.exec(text)?.[1];
  if (!line) return null;
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .map(Number);
  const busy = user + nice + system + irq + softirq + steal;
  return { busy, total: busy + idle + iowait };
}

/** Processor load between two probings, load average and uptime. */
export function cpuProbe(root: string): Probe {
  let before: { busy: number; total: number } | null = null;
  return async () => {
    const now = parseStat((await readText(`${root}/proc/stat`)) ?? '');
    if (!now) return { c: { cpu: ABSENT } };
    const base = before ?? { busy: 0, total: 0 };
    before = now;
    const ticks = now.total - base.total;
    const cpu_pct = ticks > 0 ? Math.round(((now.busy - base.busy) / ticks) * 1000) / 10 : 0;
    const load1 = Number((await readText(`${root}/proc/loadavg`))?.split(' ')[0] ?? 0);
    const uptime = Number((await readText(`${root}/proc/uptime`))?.split(' ')[0] ?? 0);
    const overloaded = cpu_pct >= OVERLOADED_PCT && load1 > 4 * availableParallelism();
    const m = { cpu_pct, load1, uptime_s: Math.floor(uptime) };
    return { c: { cpu: overloaded ? report('warn', 'overloaded', `load ${load1}`) : report('ok') }, m };
  };
}
