import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Benchmark } from '../benchmark.ts';
import { ROOT } from '../database.ts';
import { mb, table } from '../report/table.ts';
import { BenchServer, type ServerProcess } from '../targets/server.ts';

const SETTLE_MS = 20_000;
const RUN_MS = 180_000;

/** What the agent costs a terminal: the shipped bundle, run as the server runs it for this machine, against a real platform. */
export const agent: Benchmark = {
  name: 'agent',
  about: `the agent's bundle on this machine, all its probes, beats every 60 s, over ${RUN_MS / 1000} s`,
  async run() {
    const path = join(ROOT, 'agent/dist/uptally-agent.js');
    const server = await BenchServer.start({ UPTALLY_SELF_AGENT: '1' });
    try {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const before = agentOf(server);
      let mostBytes = 0;
      const untilMs = performance.now() + RUN_MS;
      while (performance.now() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        mostBytes = Math.max(mostBytes, agentOf(server).rssBytes);
      }
      const after = agentOf(server);
      if (after.pid !== before.pid) throw new Error('the agent was restarted meanwhile');
      const bundle = readFileSync(path);
      return table(
        ['figure', 'value'],
        [
          ['bundle', `${(statSync(path).size / 1000).toFixed(0)} kB`],
          ['bundle, gzip', `${(gzipSync(bundle).length / 1000).toFixed(0)} kB`],
          ['RSS, largest seen', `${mb(mostBytes)} MB`],
          ['CPU of one core', `${((100 * (after.cpuMs - before.cpuMs)) / RUN_MS).toFixed(2)} %`],
        ],
      );
    } finally {
      await server.stop();
    }
  },
};

function agentOf(server: BenchServer): ServerProcess {
  const found = server.processes().find(({ name }) => name.includes('uptally-agent'));
  if (found === undefined) throw new Error('no agent runs');
  return found;
}
