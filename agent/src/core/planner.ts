import type { Intervals } from './config.ts';

/** When each duty is due next, on the monotonic clock, ms. */
export interface Schedule {
  readonly beatAt: number;
  readonly probeAt: number;
  readonly fullAt: number;
  readonly metricsAt: number;
  readonly netAt: number;
  readonly simAt: number;
  readonly pingAt: number;
}

/** `report`: what goes out together in one publish. `probe`: read all parts. */
export type Step =
  | { readonly do: 'probe' }
  | {
      readonly do: 'report';
      readonly full: boolean;
      readonly metrics: boolean;
      readonly net: boolean;
      readonly sim: boolean;
      /** Measure a round trip in the same segment. */
      readonly ping: boolean;
    };

export interface Plan {
  readonly steps: readonly Step[];
  readonly schedule: Schedule;
  /** When to plan again. */
  readonly wakeAt: number;
}

/** The schedule of a device that starts now: probe at once, report as soon as the picture may be there. */
export function firstSchedule(nowMs: number, intervals: Intervals, pingsPerNet: number): Schedule {
  return {
    beatAt: nowMs,
    probeAt: nowMs,
    fullAt: nowMs + intervals.fullMs,
    metricsAt: nowMs + intervals.metricsMs,
    netAt: nowMs + Math.min(intervals.netMs, 2 * intervals.beatMs),
    simAt: nowMs + Math.min(intervals.simMs, 2 * intervals.beatMs),
    pingAt: nowMs + pingEvery(intervals, pingsPerNet) / 2,
  };
}

/**
 * What to do at `nowMs`. Everything but probing rides on a beat, so that it costs no publish of its own: a duty is due at
 * the beat nearest to its time. Beats that were slept through are not made up for: a beat is a proof of its moment.
 */
export function plan(schedule: Schedule, intervals: Intervals, pingsPerNet: number, nowMs: number): Plan {
  const steps: Step[] = [];
  let { beatAt, probeAt, fullAt, metricsAt, netAt, simAt, pingAt } = schedule;
  if (probeAt <= nowMs) {
    steps.push({ do: 'probe' });
    probeAt = after(probeAt, intervals.healthMs, nowMs);
  }
  if (beatAt <= nowMs) {
    const horizon = nowMs + intervals.beatMs / 2;
    const full = fullAt <= horizon;
    const metrics = metricsAt <= horizon;
    const net = netAt <= horizon;
    const sim = simAt <= horizon;
    const ping = pingAt <= horizon;
    steps.push({ do: 'report', full, metrics: metrics && !full, net, sim, ping });
    if (full) fullAt = after(fullAt, intervals.fullMs, horizon);
    if (metrics) metricsAt = after(metricsAt, intervals.metricsMs, horizon);
    if (net) netAt = after(netAt, intervals.netMs, horizon);
    if (sim) simAt = after(simAt, intervals.simMs, horizon);
    if (ping) pingAt = after(pingAt, pingEvery(intervals, pingsPerNet), horizon);
    beatAt = after(beatAt, intervals.beatMs, nowMs);
  }
  const next = { beatAt, probeAt, fullAt, metricsAt, netAt, simAt, pingAt };
  return { steps, schedule: next, wakeAt: Math.min(beatAt, probeAt) };
}

/** The schedule after a change of intervals: nothing waits longer than its new interval. */
export function reschedule(schedule: Schedule, intervals: Intervals, pingsPerNet: number, nowMs: number): Schedule {
  return {
    beatAt: Math.min(schedule.beatAt, nowMs + intervals.beatMs),
    probeAt: Math.min(schedule.probeAt, nowMs + intervals.healthMs),
    fullAt: Math.min(schedule.fullAt, nowMs + intervals.fullMs),
    metricsAt: Math.min(schedule.metricsAt, nowMs + intervals.metricsMs),
    netAt: Math.min(schedule.netAt, nowMs + intervals.netMs),
    simAt: Math.min(schedule.simAt, nowMs + intervals.simMs),
    pingAt: Math.min(schedule.pingAt, nowMs + pingEvery(intervals, pingsPerNet)),
  };
}

function pingEvery(intervals: Intervals, pingsPerNet: number): number {
  return Math.max(intervals.beatMs, intervals.netMs / Math.max(1, pingsPerNet));
}

/** The first point of the grid `at + k * every` that lies after `nowMs`. */
function after(at: number, everyMs: number, nowMs: number): number {
  return at + (Math.floor((nowMs - at) / everyMs) + 1) * everyMs;
}
