import { performance } from 'node:perf_hooks';
import { openPool, type Pool } from '@uptally/fleet-api/db';
import { type Contract, PRESETS, periodOf } from '@uptally/sla';
import { getContract } from '../../../fleet-api/src/availability/contracts/service.ts';
import { renderPdf, stopPrinting } from '../../../fleet-api/src/print/index.ts';
import { canonicalJson, sha256Of } from '../../../fleet-api/src/settlement/canonical.ts';
import { paperOf } from '../../../fleet-api/src/settlement/exports/paper.ts';
import { readForPaper } from '../../../fleet-api/src/settlement/exports/read.ts';
import { evaluateNow } from '../../../fleet-api/src/settlement/statements/evaluate.ts';
import type { Benchmark } from '../benchmark.ts';
import { type DatabaseKind, databaseKinds, openDatabase } from '../database.ts';
import { count, ms, table } from '../report/table.ts';
import { fillAccruals, fillLedger } from '../targets/ledger-fleet.ts';

const STATIONS = 2_754;
const YEAR = { from: '2025-01-01', to: '2026-01-01' };
const DAYS = 365;
const ZONE = 'Asia/Shanghai';
const REPEATS = 3;
const HOUR_MS = 3_600_000;

/** What both sides wait for at the end of a year: the amounts, and the paper with every station on it. */
export const statement: Benchmark = {
  name: 'statement',
  about: `a year's statement of ${STATIONS} stations from daily figures, and its PDF with all annexes`,
  async run() {
    const rows: string[][] = [];
    for (const kind of databaseKinds()) {
      const measured = await measure(kind);
      for (const row of measured) process.stderr.write(`${row.join('  ')}\n`);
      rows.push(...measured);
    }
    await stopPrinting();
    return table(['what', 'figure', 'of', 'target'], rows);
  },
};

async function measure(kind: DatabaseKind): Promise<string[][]> {
  const database = await openDatabase(kind);
  const pool = openPool({ url: database.url, max: 4 });
  try {
    const period = periodOf(YEAR, ZONE);
    await fillLedger(pool, STATIONS, period.to, period.to + HOUR_MS);
    const made = await fillAccruals(pool, YEAR.from, DAYS);
    const { statementId, contractId, document } = await agreed(pool);
    const contract = await getContract(pool, { scope: null, orgId: 0, seesAll: true }, contractId);
    const nowMs = period.to + 10 * 24 * HOUR_MS;
    const asked = {
      db: pool,
      contract,
      document,
      instalment: 'final',
      subPeriod: null,
      nowMs,
      figures: 'frozen',
    } as const;
    const amounts = await best(async () => {
      const { statement: found } = await evaluateNow({ ...asked, fromDay: YEAR.from, toDay: YEAR.to });
      if (!found.is_complete) throw new Error('the statement is not complete');
    });
    let bytes = 0;
    const paper = await best(async () => {
      bytes = (await renderPdf(paperOf(await readForPaper(pool, statementId, nowMs), nowMs))).length;
    });
    return [
      [`${kind}: amounts of a year`, `${ms(amounts)} ms`, `${count(made)} station-days`, '3,000 ms'],
      [`${kind}: PDF with annexes`, `${ms(paper / 1000)} s`, `${count(Math.round(bytes / 1024))} kB`, '20 s'],
    ];
  } finally {
    await pool.end();
    await database.close();
  }
}

async function best(work: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < REPEATS; i += 1) {
    const began = performance.now();
    await work();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

/** HN for the year, agreed on, with a draft. */
async function agreed(pool: Pool) {
  const parties = PRESETS.hn.parties.slice(0, 2);
  const document: Contract = { ...PRESETS.hn, term: YEAR, sub_periods: [], parties };
  const contract = await pool.query<{ id: number }>(
    'update contract set term_from = $1 where is_baseline returning id',
    [YEAR.from],
  );
  const contractId = contract.rows[0]?.id ?? 0;
  await pool.query(
    `insert into contract_document (contract_id, number, state, document, source_text, sha256, created_at, decided_at)
     values ($1, 1, 'agreed', $2, '', $3, now(), now())`,
    [contractId, JSON.stringify(document), sha256Of(canonicalJson(document))],
  );
  const { rows } = await pool.query<{ id: number }>(
    `insert into statement (contract_id, instalment, from_day, to_day, created_at) values ($1, 'final', $2, $3, now()) returning id`,
    [contractId, YEAR.from, YEAR.to],
  );
  return { contractId, document, statementId: rows[0]?.id ?? 0 };
}
