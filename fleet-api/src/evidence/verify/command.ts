import { parseArgs } from 'node:util';
import type { Pool } from '../../db/index.ts';
import { closedDays, closedLine } from './closed.ts';
import { VerifyError, type VerifyHead, verify } from './run.ts';
import { differenceLine, figureLines, heading } from './words.ts';

export const VERIFY_USAGE = `usage: npm run verify -- --period 2026-10 [--contract CODE] [--region CODE|NAME] [--station CODE] [--quiet]

Recomputes availability from the raw records, by a way of its own, and reports every ms by which the figures that are kept differ.
  --period    2026, 2026-Q3, 2026-10, 2026-10-05 or 2026-10-01..2026-10-08 (the last day is not included)
  --contract  code of the contract; default: the only one there is, else the baseline
  --quiet     print differences only
Of days that are closed it also says whether the frozen figures are intact, and whether evidence has changed them since.
Exit code: 0 all agrees, 1 something differs or frozen figures were changed, 2 wrong use.
`;

/** Runs the command; returns its exit code. */
export async function verifyCommand(
  args: readonly string[],
  parts: { readonly pool: Pool; readonly clock: () => number; readonly settle: () => Promise<unknown> },
): Promise<number> {
  const values = optionsOf(args);
  if (values === null) {
    process.stderr.write(VERIFY_USAGE);
    return 2;
  }
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const request = {
    period: values.period,
    contract: values.contract ?? null,
    region: values.region ?? null,
    station: values.station ?? null,
  };
  let stations = 0;
  let differences = 0;
  let head: VerifyHead | null = null as VerifyHead | null;
  try {
    const verified = verify(request, {
      ...parts,
      onHead: (found) => {
        head = found;
        const { contract, period, stations: total } = found;
        print(
          `${contract.name} (${contract.code}), ${period.fromDay} to ${period.toDay} exclusive, ${contract.timeZone}: ${total} stations`,
        );
        if (!values.quiet) print(`\n${heading()}`);
      },
    });
    for await (const { station, days, differences: found } of verified) {
      stations += 1;
      differences += found.length;
      if (!values.quiet) for (const line of figureLines(station.code, days)) print(line);
      for (const difference of found) print(differenceLine(station.code, difference));
    }
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  print(`\n${stations} stations recomputed from their records, ${differences} differences`);
  const closed = head === null ? [] : await closedDays(parts.pool, head.contract.id, head.period);
  for (const each of closed) print(closedLine(each));
  return differences === 0 && closed.every(({ intact }) => intact) ? 0 : 1;
}

function optionsOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        period: { type: 'string' },
        contract: { type: 'string' },
        region: { type: 'string' },
        station: { type: 'string' },
        quiet: { type: 'boolean', default: false },
      },
    });
    return values.period === undefined ? null : { ...values, period: values.period };
  } catch {
    return null;
  }
}
