import type { Benchmark } from '../benchmark.ts';
import type { SwarmSpec } from '../load/swarm.ts';
import { Part, rssBytes } from '../process.ts';
import { count, mb, table } from '../report/table.ts';
import { startMosquitto } from '../targets/mosquitto.ts';

const CLIENTS = 15_000;

/** Connections that one process holds, and what each costs in memory. */
export const connections: Benchmark = {
  name: 'connections',
  about: `${CLIENTS} idle authenticated connections held by one broker process`,
  async run() {
    const rows = [await ours()];
    const peer = await mosquitto();
    if (peer !== null) rows.push(peer);
    return table(['target', 'held', 'opened in s', 'RSS empty MB', 'RSS full MB', 'KB a connection'], rows);
  },
};

async function ours(): Promise<string[]> {
  const target = await Part.start('null-broker', ['--expose-gc']);
  try {
    const port = await target.ask<number>('start');
    const settled = async () => {
      await target.ask('collect');
      return rssBytes(target.pid);
    };
    return await measure('uptally broker', port, settled, async () => {
      const stats = await target.ask<{ readonly devices: number }>('stats');
      return stats.devices;
    });
  } finally {
    await target.stop();
  }
}

async function mosquitto(): Promise<string[] | null> {
  const target = await startMosquitto();
  if (target === null) return null;
  try {
    const settled = async () => rssBytes(target.pid);
    return await measure(`Mosquitto ${target.version}`, target.port, settled, async () => CLIENTS);
  } finally {
    await target.stop();
  }
}

async function measure(
  name: string,
  port: number,
  settled: () => Promise<number>,
  held: () => Promise<number>,
): Promise<string[]> {
  const load = await Part.start('load');
  try {
    const before = await settled();
    const timing = { warmMs: 0, measureMs: 0 };
    const spec: SwarmSpec = {
      host: '127.0.0.1',
      port,
      clients: CLIENTS,
      opening: 200,
      window: 0,
      firstSeq: 0,
      ...timing,
    };
    const connectMs = await load.ask<number>('connect', spec);
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // timers and buffers of the handshakes go
    const after = await settled();
    const each = (after - before) / CLIENTS / 1024;
    return [name, count(await held()), (connectMs / 1000).toFixed(1), mb(before), mb(after), each.toFixed(1)];
  } finally {
    await load.stop();
  }
}
