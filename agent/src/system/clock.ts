import { readFileSync } from 'node:fs';
import type { Clock } from '../core/ports.ts';

/**
 * The machine's clocks. The monotonic one counts since boot and includes suspended time: hrtime (which stops in suspend) plus the
 * difference to /proc/uptime, renewed when that has grown.
 */
export function systemClock(): Clock {
  let offsetMs = suspendedMs();
  let checkedMs = 0;
  return {
    monoMs: () => {
      const runningMs = hrtimeMs();
      if (runningMs - checkedMs > 10_000) {
        checkedMs = runningMs;
        const nowMs = suspendedMs();
        if (nowMs > offsetMs + 1_000) offsetMs = nowMs;
      }
      return runningMs + offsetMs;
    },
    wallMs: () => Date.now(),
    setTimer: (delayMs, run) => {
      const timer = setTimeout(run, Math.min(delayMs, 2 ** 31 - 1));
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

function hrtimeMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

/** Time since boot that hrtime does not count, ms; differences below a second are reading noise. */
function suspendedMs(): number {
  try {
    const uptimeMs = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
    const differenceMs = uptimeMs - hrtimeMs();
    return differenceMs > 1_000 ? differenceMs : 0;
  } catch {
    return 0;
  }
}
