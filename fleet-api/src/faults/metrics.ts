import { Counter, type Registry } from 'prom-client';
import type { Settled } from './telemetry/settle.ts';

/** Counts of what telemetry's faults came to. */
export function faultMetrics(registry: Registry) {
  const counter = new Counter({
    name: 'uptally_faults_total',
    help: 'Decisions about causes of faults that telemetry told of, by what came out',
    labelNames: ['outcome'] as const,
    registers: [registry],
  });
  const outcomes = ['opened', 'late', 'recovered', 'reopened', 'suppressed', 'short'] as const;
  for (const outcome of outcomes) counter.inc({ outcome }, 0);
  return {
    count(settled: Settled): void {
      for (const outcome of outcomes) if (settled[outcome] > 0) counter.inc({ outcome }, settled[outcome]);
    },
  };
}
