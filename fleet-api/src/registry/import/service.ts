import { inTransaction, type Pool, type PoolClient } from '../../db/index.ts';
import { declareAct } from '../../stock/act.ts';
import type { Language } from '../shared/csv.ts';
import { type Doer, record } from '../shared/doer.ts';
import { tellRegistry } from '../shared/events.ts';
import { COLUMNS, headerOf, type ImportKind } from './columns.ts';
import * as devices from './devices-sql.ts';
import { FAULTS, FaultList } from './faults.ts';
import { type ReadRow, type ReadSummary, readTable } from './reader.ts';
import * as regions from './regions-sql.ts';
import type { ImportReport } from './schemas.ts';
import * as sims from './sims-sql.ts';
import * as sites from './sites-sql.ts';
import {
  type Applied,
  type Check,
  createStage,
  type ImportContext,
  indexStage,
  runChecks,
  STAGE_ROWS,
  stageRows,
} from './stage-sql.ts';
import * as stations from './stations-sql.ts';

interface Importer {
  readonly checks: readonly Check[];
  readonly upsert: (client: PoolClient, context: ImportContext) => Promise<Applied>;
}

const IMPORTERS: Readonly<Record<ImportKind, Importer>> = { regions, sites, stations, devices, sims };

export interface ImportRequest {
  /** The uploaded file, wholly on this machine: the transaction must not wait for a slow line. */
  readonly path: string;
  readonly kind: ImportKind;
  readonly dryRun: boolean;
  readonly language: Language;
}

/** Thrown to roll a checked import back; carries the outcome. */
class Unwanted extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super('import rolled back');
    this.outcome = outcome;
  }
}

interface Outcome extends Applied {
  readonly summary: ReadSummary;
  readonly faults: FaultList;
  readonly committed: boolean;
}

/** Imports a file wholly or not at all; reports every faulty cell. A dry run does everything but commit. */
export async function importFile(pool: Pool, by: Doer, request: ImportRequest): Promise<ImportReport> {
  const outcome = await inTransaction(pool, (client) => run(client, by, request)).catch((error: unknown) => {
    if (error instanceof Unwanted) return error.outcome;
    throw error;
  });
  return reportOf(request, outcome);
}

async function run(client: PoolClient, by: Doer, { path, kind, dryRun }: ImportRequest): Promise<Outcome> {
  const { checks, upsert } = IMPORTERS[kind];
  const faults = new FaultList();
  const context: ImportContext = { scope: by.scope, now: new Date(by.nowMs) };
  // Times without a zone are the platform's local ones.
  await client.query(`select set_config('timezone', $1, true)`, [by.timeZone]);
  await createStage(client);
  const summary = await stageFile(client, path, kind, faults);
  await indexStage(client, COLUMNS[kind][0].key);
  await runChecks(client, checks, context, faults);
  if (faults.total > 0) throw new Unwanted({ created: 0, updated: 0, summary, faults, committed: false });
  await declareAct(client, { at: context.now, userId: by.actor.userId, note: 'import' });
  const applied = await upsert(client, context);
  if (dryRun) throw new Unwanted({ ...applied, summary, faults, committed: false });
  await tellRegistry(client, 'import', kind);
  await record(client, by, 'registry.imported', `import:${kind}`, { rows: summary.rows, ...applied });
  return { ...applied, summary, faults, committed: true };
}

async function stageFile(client: PoolClient, path: string, kind: ImportKind, faults: FaultList): Promise<ReadSummary> {
  let batch: ReadRow[] = [];
  const flush = async (): Promise<void> => {
    const rows = batch;
    batch = [];
    if (rows.length > 0) await stageRows(client, rows);
  };
  const summary = await readTable(path, kind, {
    onFault: (fault) => faults.add(fault),
    onRow: async (row) => {
      batch.push(row);
      if (batch.length >= STAGE_ROWS) await flush();
    },
  });
  await flush();
  return summary;
}

function reportOf({ kind, dryRun, language }: ImportRequest, outcome: Outcome): ImportReport {
  const { summary, faults, committed, created, updated } = outcome;
  const sound = faults.total === 0;
  const columnName = (key: string | null): string | null => {
    const column = COLUMNS[kind].find((candidate) => candidate.key === key);
    return column === undefined ? null : (summary.headers.get(column.key) ?? headerOf(column, language));
  };
  return {
    kind,
    dry_run: dryRun,
    committed,
    rows: summary.rows,
    created,
    updated,
    unchanged: sound ? summary.rows - created - updated : 0,
    errors_total: faults.total,
    errors: faults.list().map(({ line, key, code, value }) => ({
      ...{ line, column: columnName(key), code, value },
      message: FAULTS[code][language],
    })),
    ignored_columns: [...summary.ignored],
  };
}
