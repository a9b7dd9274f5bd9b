import { openPool } from '@uptally/fleet-api/db';
import type { Benchmark } from '../benchmark.ts';
import type { SwarmSpec } from '../load/swarm.ts';
import { Part } from '../process.ts';
import { count, mb, table } from '../report/table.ts';
import { registerDevices } from '../targets/registry.ts';
import { BenchServer, type ServerProcess } from '../targets/server.ts';

const DEVICES = 3_000;
const BEAT_MS = 60_000;
/** Until every device has connected and beaten, and what that tells has been dealt with. */
const SETTLE_MS = 90_000;
const RUN_MS = 120_000;

/** What the whole thing needs on one machine: console, API, broker, ingest, alerts, embedded database. */
export const allinone: Benchmark = {
  name: 'allinone',
  about: `the all-in-one server on its embedded database with ${DEVICES} devices connected and beating every ${BEAT_MS / 1000} s; CPU over ${RUN_MS / 1000} s`,
  async run() {
    const server = await BenchServer.start();
    const load = await Part.start('load');
    try {
      const { databaseUrl, mqtt } = server.runtime;
      const pool = openPool({ url: databaseUrl, max: 1 });
      await registerDevices(pool, DEVICES);
      await pool.end();
      const timing = { warmMs: 0, measureMs: 0, everyMs: BEAT_MS };
      const spec: SwarmSpec = {
        host: '127.0.0.1', port: mqtt.tcp, clients: DEVICES, opening: 300, window: 4, firstSeq: 0, ...timing,
      }; // biome-ignore format: one glance
      await load.ask('connect', spec);
      await load.ask('pace', BEAT_MS);
      const settling = await watch(server, SETTLE_MS);
      const steady = await watch(server, RUN_MS);
      const most = total(settling.most) > total(steady.most) ? settling.most : steady.most;
      return report(most, steady.cpu, await load.ask<number>('acked'));
    } finally {
      await load.stop();
      await server.stop();
    }
  },
};

/** The processes at the moment of their largest sum, and CPU time used meanwhile, ms by name. */
async function watch(
  server: BenchServer,
  durationMs: number,
): Promise<{ most: readonly ServerProcess[]; cpu: ReadonlyMap<string, number> }> {
  const before = server.processes();
  let most = before;
  const untilMs = performance.now() + durationMs;
  while (performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const now = server.processes();
    if (total(now) > total(most)) most = now;
  }
  const cpu = new Map(
    server.processes().map(({ pid, name, cpuMs }) => [name, cpuMs - (before.find((p) => p.pid === pid)?.cpuMs ?? 0)]),
  );
  return { most, cpu };
}

function total(processes: readonly ServerProcess[]): number {
  return processes.reduce((sum, { rssBytes }) => sum + rssBytes, 0);
}

function report(most: readonly ServerProcess[], cpu: ReadonlyMap<string, number>, acked: number): string {
  const share = (usedMs: number) => `${((100 * usedMs) / RUN_MS).toFixed(1)} %`;
  const rows = most.map(({ name, rssBytes }) => [name, mb(rssBytes), share(cpu.get(name) ?? 0)]);
  const cpuTotal = [...cpu.values()].reduce((sum, usedMs) => sum + usedMs, 0);
  rows.push(['together', mb(total(most)), share(cpuTotal)]);
  return `${table(['process', 'RSS MB', 'CPU of one core'], rows)}\n\n${count(acked)} beats acknowledged.`;
}
