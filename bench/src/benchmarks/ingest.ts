import type { Benchmark } from '../benchmark.ts';
import { type BenchDatabase, databaseKinds, openDatabase } from '../database.ts';
import type { SwarmResult, SwarmSpec } from '../load/swarm.ts';
import { Part } from '../process.ts';
import { count, table } from '../report/table.ts';
import type { Identity } from '../targets/bare-insert.ts';
import type { IngestPorts } from '../targets/ingest.ts';
import { cells } from './broker.ts';

const CLIENTS = 1_000;
const WARM_MS = 3_000;
const MEASURE_MS = 10_000;
const BARE_MS = 6_000;

/** Durable single-record messages a second, PUBACK after commit, against what the bare batch insert reaches in the same run. */
export const ingest: Benchmark = {
  name: 'ingest',
  about: `durable single-record messages a second (PUBACK after commit), ${CLIENTS} clients; bare: ready batches of 5,000 straight into the database, nothing else running`,
  async run() {
    const rows: string[][] = [];
    for (const kind of databaseKinds()) {
      const database = await openDatabase(kind);
      try {
        rows.push(...(await measure(database)));
      } finally {
        await database.close();
      }
    }
    return table(
      [
        'database',
        'messages/s',
        'p50 ms',
        'p95 ms',
        'p99 ms',
        'of bare',
        'broker+ingest CPU',
        'acknowledged',
        'stored',
      ],
      rows,
    );
  },
};

async function measure(database: BenchDatabase): Promise<string[][]> {
  const target = await Part.start('ingest');
  const connections = database.kind === 'server' ? 2 : 1;
  const rows: string[][] = [];
  try {
    const { tcp: port } = await target.ask<IngestPorts>('start', {
      url: database.url,
      devices: CLIENTS,
      maxInflight: connections,
    });
    let acknowledged = 0;
    const results: { window: number; result: SwarmResult; cpu: string; stored: number; acknowledged: number }[] = [];
    for (const [i, window] of [10, 1].entries()) {
      const { result, cpu } = await load(target, port, window, i * 10_000_000);
      acknowledged += result.total;
      results.push({ window, result, cpu, acknowledged, stored: await target.ask<number>('stored') });
    }
    const bare = (identity: Identity) => target.ask<number>('bare', { identity, connections, durationMs: BARE_MS });
    const unique = await bare('unique');
    const ledger = await bare('ledger');
    for (const { window, result, cpu, stored, acknowledged: acked } of results) {
      const share = percent(result.perSecond, unique);
      rows.push([`${database.kind}, window ${window}`, ...cells(result), share, cpu, count(acked), count(stored)]);
    }
    const yardstick = (name: string, rate: number) =>
      rows.push([`${database.kind}, ${name}`, count(rate), '', '', '', percent(rate, unique), '', '', '']);
    yardstick(`bare insert, unique index (${database.version})`, unique);
    yardstick('bare insert, ledger of numbers', ledger);
    await target.ask('stop');
  } finally {
    await target.stop();
  }
  return rows;
}

function percent(part: number, whole: number): string {
  return `${Math.floor((100 * part) / whole)} %`;
}

async function load(
  target: Part,
  port: number,
  window: number,
  firstSeq: number,
): Promise<{ result: SwarmResult; cpu: string }> {
  const generator = await Part.start('load');
  try {
    const spec: SwarmSpec = {
      host: '127.0.0.1', port, clients: CLIENTS, opening: 100, window, warmMs: WARM_MS, measureMs: MEASURE_MS, firstSeq,
    }; // biome-ignore format: one line reads better
    await generator.ask('connect', spec);
    const cpuBefore = target.cpuMs();
    const startedMs = performance.now();
    const result = await generator.ask<SwarmResult>('run');
    const cpu = (target.cpuMs() - cpuBefore) / (performance.now() - startedMs);
    return { result, cpu: `${(cpu * 100).toFixed(0)} %` };
  } finally {
    await generator.stop();
  }
}
