import type { Benchmark } from '../benchmark.ts';
import type { SwarmResult, SwarmSpec } from '../load/swarm.ts';
import { Part } from '../process.ts';
import { count, ms, table } from '../report/table.ts';

const CLIENTS = 1_000;

/** The broker's own ceiling: QoS 1 publishes answered per second when durability costs nothing. */
export const broker: Benchmark = {
  name: 'broker',
  about:
    'QoS 1 publishes answered per second by the broker alone (sink that is durable at once); Mosquitto beside it if present',
  async run() {
    const rows: string[][] = [];
    for (const window of [10, 1]) {
      const { result, cpu } = await measure(window);
      rows.push([`uptally broker, window ${window}`, ...cells(result), cpu]);
    }
    return table(['target', 'messages/s', 'p50 ms', 'p95 ms', 'p99 ms', 'broker CPU'], rows);
  },
};

async function measure(window: number): Promise<{ result: SwarmResult; cpu: string }> {
  const target = await Part.start('null-broker');
  const load = await Part.start('load');
  try {
    const port = await target.ask<number>('start');
    const spec: SwarmSpec = {
      host: '127.0.0.1', port, clients: CLIENTS, opening: 100, window, warmMs: 2_000, measureMs: 8_000, firstSeq: 0,
    }; // biome-ignore format: one line reads better
    await load.ask('connect', spec);
    const cpuBefore = target.cpuMs();
    const startedMs = performance.now();
    const result = await load.ask<SwarmResult>('run');
    const cpu = (target.cpuMs() - cpuBefore) / (performance.now() - startedMs);
    return { result, cpu: `${(cpu * 100).toFixed(0)} %` };
  } finally {
    await load.stop();
    await target.stop();
  }
}

export function cells({ perSecond, latencyMs }: SwarmResult): string[] {
  return [count(perSecond), ms(latencyMs.p50), ms(latencyMs.p95), ms(latencyMs.p99)];
}
