import type { Benchmark } from '../benchmark.ts';
import { type BenchDatabase, databaseKinds, openDatabase } from '../database.ts';
import type { SwarmSpec } from '../load/swarm.ts';
import { Part } from '../process.ts';
import { table } from '../report/table.ts';
import type { IngestPorts } from '../targets/ingest.ts';

const DEVICES = 3_000;
const GIVE_UP_MS = 120_000;

/** After a power cut or a broker restart: every device comes back in the same instant. */
export const storm: Benchmark = {
  name: 'storm',
  about: `${DEVICES} devices connect at the same moment, are authenticated and send a beat; until all are online in the database`,
  async run() {
    const rows: string[][] = [];
    for (const kind of databaseKinds()) {
      for (const tls of [false, true]) {
        const database = await openDatabase(kind);
        try {
          rows.push(await measure(database, tls));
        } finally {
          await database.close();
        }
      }
    }
    return table(['database, transport', 'last CONNACK s', 'all online s', 'online', 'broker+ingest CPU s'], rows);
  },
};

async function measure(database: BenchDatabase, tls: boolean): Promise<string[]> {
  const target = await Part.start('ingest');
  const load = await Part.start('load');
  try {
    const maxInflight = database.kind === 'server' ? 2 : 1;
    const ports = await target.ask<IngestPorts>('start', { url: database.url, devices: DEVICES, maxInflight });
    const spec: SwarmSpec = {
      host: '127.0.0.1', port: tls ? ports.tls : ports.tcp, tls, clients: DEVICES, opening: DEVICES,
      window: 1, warmMs: 0, measureMs: 0, firstSeq: 0, once: true,
    }; // biome-ignore format: one glance
    const cpuBeforeMs = target.cpuMs();
    const startedMs = performance.now();
    const connected = load.ask<number>('connect', spec);
    const onlineMs = await untilOnline(target, startedMs);
    const connectMs = await connected;
    const online = await target.ask<number>('online');
    const cpu = ((target.cpuMs() - cpuBeforeMs) / 1000).toFixed(1);
    await target.ask('stop');
    const name = `${database.kind}, ${tls ? 'TLS' : 'TCP'}`;
    return [name, (connectMs / 1000).toFixed(1), (onlineMs / 1000).toFixed(1), `${online} of ${DEVICES}`, cpu];
  } finally {
    await load.stop();
    await target.stop();
  }
}

async function untilOnline(target: Part, startedMs: number): Promise<number> {
  for (;;) {
    const online = await target.ask<number>('online');
    const passedMs = performance.now() - startedMs;
    if (online >= DEVICES || passedMs > GIVE_UP_MS) return passedMs;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
