import { parseArgs } from 'node:util';
import type { CheckedStatement } from '../../settlement/verify/check.ts';
import { statementDifferenceLine, statementLines } from '../../settlement/verify/words.ts';
import { BundleError } from '../bundle/archive.ts';
import { checkBundle, type OfflineHead } from './offline.ts';
import { differenceLine, figureLines, heading } from './words.ts';

const USAGE = `usage: node uptally-verify.js BUNDLE.zip [--key FINGERPRINT|FILE.pem] [--days]

Checks an evidence bundle without any server: signature, digests, and every figure again from the records,
and the amounts of the statement that it carries, if any, to the fen.
  --key   the key that must have signed it, from a source other than the bundle
  --days  print every day, not only the sums of the period
Exit code: 0 all agrees, 1 something does not (said where), 2 wrong use.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { key: { type: 'string' }, days: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) {
    process.stderr.write(USAGE);
    return 2;
  }
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  let differences = 0;
  let stations = 0;
  const statements: CheckedStatement[] = [];
  const onHead = ({ manifest, contract, period }: OfflineHead): void => {
    print(
      `${manifest.contract.name} (${contract.code}), ${period.fromDay} to ${period.toDay} exclusive, ${contract.timeZone}`,
    );
    print(
      `signed by ${manifest.key.fingerprint}${values.key === undefined ? ' (compare this with the key you were given)' : ', the key expected'}`,
    );
    print(`${manifest.files.length} files as signed\n\n${heading()}`);
  };
  const checked = checkBundle(path, await keyOf(values.key), onHead, (found) => {
    statements.push(found);
  });
  for await (const { station, days, differences: found } of checked) {
    stations += 1;
    differences += found.length;
    if (values.days) {
      for (const day of days) for (const line of figureLines(`${station.code} ${day.day}`, [day])) print(line);
    }
    for (const line of figureLines(station.code, days)) print(line);
    for (const difference of found) print(differenceLine(station.code, difference));
  }
  for (const statement of statements) differences += tellStatement(statement, print);
  print(`\n${stations} stations recomputed, ${differences} differences`);
  return differences === 0 ? 0 : 1;
}

/** Prints the statement; returns how many differences it has. */
function tellStatement(statement: CheckedStatement, print: (line: string) => void): number {
  print('');
  for (const line of statementLines(statement)) print(line);
  for (const difference of statement.differences) print(statementDifferenceLine(difference));
  return statement.differences.length;
}

async function keyOf(given: string | undefined): Promise<string | null> {
  if (given === undefined) return null;
  if (/^[0-9a-fA-F:\s]{64,}$/.test(given)) return given;
  const { readFile } = await import('node:fs/promises');
  return readFile(given, 'utf8');
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof BundleError || (error as NodeJS.ErrnoException).code === 'ENOENT';
  process.stderr.write(`${known ? `NOT VALID: ${(error as Error).message}` : (error as Error).stack}\n`);
  process.exitCode = 1;
}
