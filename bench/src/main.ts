import type { Benchmark } from './benchmark.ts';
import { agent } from './benchmarks/agent.ts';
import { allinone } from './benchmarks/allinone.ts';
import { availability } from './benchmarks/availability.ts';
import { broker } from './benchmarks/broker.ts';
import { connections } from './benchmarks/connections.ts';
import { ingest } from './benchmarks/ingest.ts';
import { lists } from './benchmarks/lists.ts';
import { orders } from './benchmarks/orders.ts';
import { overview } from './benchmarks/overview.ts';
import { paper } from './benchmarks/paper.ts';
import { statement } from './benchmarks/statement.ts';
import { storm } from './benchmarks/storm.ts';
import { wire } from './benchmarks/wire.ts';
import { PARTS } from './parts.ts';
import { servePart } from './process.ts';
import { conditions } from './report/conditions.ts';

const BENCHMARKS: readonly Benchmark[] = [
  broker, ingest, connections, storm, wire, agent, allinone, lists, orders, overview, availability, paper, statement,
]; // biome-ignore format: one glance

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === '--part') {
    const part = PARTS[args[1] ?? ''];
    if (part === undefined) throw new Error(`no such part: ${args[1]}`);
    servePart(part());
    return;
  }
  const names = args.length > 0 ? args : BENCHMARKS.map(({ name }) => name);
  const unknown = names.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) {
    const known = BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n');
    process.stderr.write(`no such benchmark: ${unknown.join(', ')}\n${known}\n`);
    process.exitCode = 2;
    return;
  }
  process.stdout.write(`${conditions()}\n`);
  for (const benchmark of BENCHMARKS.filter(({ name }) => names.includes(name))) {
    process.stdout.write(`\n## ${benchmark.name}: ${benchmark.about}\n\n`);
    process.stdout.write(`${await benchmark.run()}\n`);
  }
}

await main(process.argv.slice(2));
