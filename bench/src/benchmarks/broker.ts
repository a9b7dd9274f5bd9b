import type { Benchmark } from '../benchmark.ts';
import type { SwarmResult, SwarmSpec } from '../load/swarm.ts';
import { cpuMs, Part } from '../process.ts';
import { count, ms, table } from '../report/table.ts';
import { startMosquitto } from '../targets/mosquitto.ts';

const CLIENTS = 1_000;
const WINDOWS = [10, 1] as const;

/** The broker's own ceiling: QoS 1 publishes answered per second when durability costs nothing. */
export const broker: Benchmark = {
  name: 'broker',
  about: `QoS 1 publishes answered per second, ${CLIENTS} clients; ours alone (a sink that is durable at once), Mosquitto with no subscriber`,
  async run() {
    const rows: string[][] = [];
    for (const window of WINDOWS) rows.push([`uptally broker, window ${window}`, ...(await ours(window))]);
    for (const window of WINDOWS) {
      const row = await mosquitto(window);
      if (row !== null) rows.push(row);
    }
    return table(['target', 'messages/s', 'p50 ms', 'p95 ms', 'p99 ms', 'broker CPU'], rows);
  },
};

async function ours(window: number): Promise<string[]> {
  const target = await Part.start('null-broker');
  try {
    return await measure(await target.ask<number>('start'), target.pid, window);
  } finally {
    await target.stop();
  }
}

async function mosquitto(window: number): Promise<string[] | null> {
  const target = await startMosquitto();
  if (target === null) return null;
  try {
    return [`Mosquitto ${target.version}, window ${window}`, ...(await measure(target.port, target.pid, window))];
  } finally {
    await target.stop();
  }
}

async function measure(port: number, pid: number, window: number): Promise<string[]> {
  const load = await Part.start('load');
  try {
    const timing = { warmMs: 2_000, measureMs: 8_000 };
    const spec: SwarmSpec = { host: '127.0.0.1', port, clients: CLIENTS, opening: 100, window, firstSeq: 0, ...timing };
    await load.ask('connect', spec);
    const cpuBefore = cpuMs(pid);
    const startedMs = performance.now();
    const result = await load.ask<SwarmResult>('run');
    const cpu = (cpuMs(pid) - cpuBefore) / (performance.now() - startedMs);
    return [...cells(result), `${(cpu * 100).toFixed(0)} %`];
  } finally {
    await load.stop();
  }
}

/** Rate and latencies as cells of a row. */
export function cells({ perSecond, latencyMs }: SwarmResult): string[] {
  return [count(perSecond), ms(latencyMs.p50), ms(latencyMs.p95), ms(latencyMs.p99)];
}
