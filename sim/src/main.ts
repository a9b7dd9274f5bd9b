import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { readSettings, type Settings, USAGE, UsageError } from './config.ts';
import { csvOf, IMPORT_KINDS } from './fleet/csv.ts';
import { hainanFleet } from './fleet/hainan.ts';
import { Session } from './run/session.ts';
import { parseScenario } from './scenario/parse.ts';
import { ScenarioError } from './scenario/problems.ts';

/** The simulator's command line; see {@link USAGE}. Exit code 2: the call was wrong; 1: it failed. */
async function main(args: readonly string[]): Promise<void> {
  const settings = readSettings(args);
  switch (settings.command) {
    case 'check':
      return check(settings);
    case 'export':
      return exportTables(settings);
    case 'demo':
    case 'run':
    case 'history':
      return runFleet(settings);
  }
}

function check({ files }: Settings): void {
  for (const file of files) {
    const { name, steps } = parseScenario(readFileSync(file, 'utf8'), file);
    console.log(`${file}: ${name}, ${steps.length} steps`);
  }
}

function exportTables({ seed, dataDir }: Settings): void {
  const fleet = hainanFleet(seed);
  mkdirSync(dataDir, { recursive: true });
  for (const kind of IMPORT_KINDS) {
    writeFileSync(join(dataDir, `${kind}.csv`), csvOf(fleet, kind));
    console.log(join(dataDir, `${kind}.csv`));
  }
}

async function runFleet(settings: Settings): Promise<void> {
  const log = pino({ base: null });
  const session = new Session(settings, log);
  const ended = new Promise<void>((resolve) => {
    // The terminals do not end with the simulator, so there is no goodbye.
    const end = () => void session.stop(false).then(resolve, fail);
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
  });
  await Promise.race([session.start(), ended]);
  if (settings.command === 'history') {
    await session.pastDelivered();
    log.info('the past is delivered');
    await session.stop(true);
    return;
  }
  await ended;
}

function fail(error: unknown): void {
  const known = error instanceof UsageError || error instanceof ScenarioError;
  if (known) console.error(error.message);
  else pino({ base: null }).fatal({ err: error }, error instanceof Error ? error.message : 'failed');
  if (error instanceof UsageError) console.error(`\n${USAGE}`);
  process.exit(known ? 2 : 1);
}

main(process.argv.slice(2)).then(() => process.exit(0), fail);
