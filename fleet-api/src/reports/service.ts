import { dayOf } from '@uptally/sla';
import { contractFor } from '../availability/contracts/service.ts';
import { inTransaction, type Pool, type PoolClient } from '../db/index.ts';
import { askFor } from '../documents/ask.ts';
import { stationIdsOf } from '../evidence/case/stations.ts';
import { type Member, sideOf, viewerOf } from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import { cursorFrom, DEFAULT_LIMIT, type PageOf, pageOf } from '../http/paging.ts';
import { record } from '../registry/shared/doer.ts';
import { periodAround, reportNumber } from './kinds.ts';
import { REPORT_DOCUMENT } from './maker.ts';
import { paperOf } from './paper/report.ts';
import { previewOf } from './preview.ts';
import type { NewReport, Report, ReportQuery } from './schemas.ts';
import * as sql from './sql.ts';
import { unpacked } from './store.ts';

/** Reports that the person sees, newest first. */
export async function listReports(pool: Pool, by: Member, query: ReportQuery): Promise<PageOf<Report>> {
  const { cursor, limit = DEFAULT_LIMIT, contract, kind, region } = query;
  const after = cursorFrom(cursor, 'created', 2) as [string, number] | null;
  const rows = await sql.selectReports(pool, readerOf(by), { contract, kind, region, after, limit: limit + 1 });
  const page = pageOf(rows, limit, 'created', (row) => [row.created_key, row.id]);
  return { ...page, items: page.items.map((row) => present(row, by)) };
}

/** @throws ApiError `not_found` */
export async function getReport(pool: Pool, by: Member, id: number): Promise<Report> {
  return present(await visible(pool, by, id), by);
}

/** What its pages say, for the console. @throws ApiError `not_found`, `report_not_ready` */
export async function getPreview(pool: Pool, by: Member, id: number) {
  await visible(pool, by, id);
  const row = await sql.selectForMaking(pool, id);
  if (row === null) throw apiError('not_found');
  if (row.figures === null) throw apiError('report_not_ready');
  return previewOf(paperOf({ ...row, isDraft: row.state === 'draft' }, await unpacked(row.figures)));
}

/**
 * Asks for the next edition of a report; earlier ones stay as they are.
 * @throws ApiError `unknown_reference`, `out_of_scope`, `period_not_begun`
 */
export async function orderReport(pool: Pool, by: Member, wish: NewReport): Promise<Report> {
  const contract = await contractFor(pool, viewerOf(by), wish.contract_id);
  const regionId = wish.region_id ?? null;
  await requireReach(pool, by, contract.id, regionId);
  const period = periodAround(wish.kind, wish.day);
  if (period.from > dayOf(contract.time_zone, by.nowMs)) throw apiError('period_not_begun');
  const id = await inTransaction(pool, async (client) => {
    const { kind, language = 'zh' } = wish;
    const row = { contractId: contract.id, kind, regionId, ...period, language, userId: by.userId, nowMs: by.nowMs };
    const id = await sql.insertReport(client, { ...row, origin: 'person' });
    if (id === null) throw apiError('conflict');
    await askForFiles(client, { id, contractId: contract.id, regionId }, 'draft', by);
    await record(client, by, 'report.ordered', `report:${id}`, { kind, ...period, regionId });
    return id;
  });
  return getReport(pool, by, id);
}

/** The contractor's recommendations, until the release. @throws ApiError as {@link changing} */
export function adviseReport(
  pool: Pool,
  by: Member,
  id: number,
  change: { advice: string; version: number },
): Promise<Report> {
  return changing(pool, by, id, async (client) => {
    if (!(await sql.setAdvice(client, id, change.version, change.advice.trim()))) throw apiError('version_conflict');
    await record(client, by, 'report.advised', `report:${id}`);
  });
}

/**
 * Releases a report: its paper is made again, with the recommendations and the figures that the draft had, and without the mark of a
 * draft. @throws ApiError `report_not_ready`, `period_not_over`, and as {@link changing}
 */
export function releaseReport(pool: Pool, by: Member, id: number, version: number): Promise<Report> {
  return changing(pool, by, id, async (client, row) => {
    if (row.figures_at === null) throw apiError('report_not_ready');
    if (dayOf(row.contract.time_zone, row.figures_at.getTime()) < row.to_day) {
      throw apiError('period_not_over', 'The figures were taken before the period was over: make it again');
    }
    if (!(await sql.setReleased(client, id, version, by))) throw apiError('version_conflict');
    await askForFiles(client, { id, contractId: row.contract.id, regionId: row.region?.id ?? null }, 'final', by);
    await record(client, by, 'report.released', `report:${id}`);
  });
}

/** Makes the files of a report again, from its own figures: they failed, or were removed after their time. @throws ApiError `not_found` */
export async function printReport(pool: Pool, by: Member, id: number): Promise<Report> {
  const row = await visible(pool, by, id);
  await inTransaction(pool, async (client) => {
    const subject = { id, contractId: row.contract.id, regionId: row.region?.id ?? null };
    await askForFiles(client, subject, row.state === 'draft' ? 'draft' : 'final', by);
    await record(client, by, 'report.printed', `report:${id}`);
  });
  return getReport(pool, by, id);
}

/** Asks for the files of a report in the transaction that changed it. */
export async function askForFiles(
  client: PoolClient,
  report: { readonly id: number; readonly contractId: number; readonly regionId: number | null },
  column: 'draft' | 'final',
  by: { readonly userId: number | null; readonly nowMs: number },
): Promise<void> {
  const { id, contractId, regionId } = report;
  const subject = { ref: `report:${id}`, contractId, regionId };
  await sql.setDocument(client, id, column, await askFor(client, REPORT_DOCUMENT, { reportId: id }, subject, by));
}

/** A change of a draft by the contractor. @throws ApiError `not_found`, `report_not_contractor`, `report_released`, `version_conflict` */
async function changing(
  pool: Pool,
  by: Member,
  id: number,
  work: (client: PoolClient, row: sql.ReportRow) => Promise<void>,
): Promise<Report> {
  const row = await visible(pool, by, id);
  if (!isContractor(row, by)) throw apiError('report_not_contractor');
  if (row.state === 'released') throw apiError('report_released');
  await inTransaction(pool, (client) => work(client, row));
  return getReport(pool, by, id);
}

async function visible(pool: Pool, by: Member, id: number): Promise<sql.ReportRow> {
  const row = await sql.selectReport(pool, readerOf(by), id);
  if (row === null) throw apiError('not_found');
  return row;
}

function readerOf(by: Member): sql.Reader {
  return { ...viewerOf(by), userId: by.userId };
}

const isContractor = ({ parties }: sql.ReportRow, { org }: Member): boolean => sideOf(parties, org) === 'contractor';

/** A report holds everything of its place: its reader must be allowed to see all of it. */
async function requireReach(pool: Pool, by: Member, contractId: number, regionId: number | null): Promise<void> {
  const all = await stationIdsOf(pool, { contractId, regionId });
  if (regionId !== null && all.length === 0) throw apiError('unknown_reference', 'The contract has no station there');
  if (by.scope === null) return;
  const seen = await stationIdsOf(pool, { contractId, regionId, visible: by.scope });
  if (seen.length < all.length)
    throw apiError('out_of_scope', 'The report would be about stations outside of your regions');
}

function present(row: sql.ReportRow, by: Member): Report {
  const { parties: _parties, created_key: _key, draft, final, ...rest } = row;
  const mayChange = row.state === 'draft' && isContractor(row, by);
  const files = row.state === 'draft' ? draft : final;
  const isLost = files === null || files.state === 'failed' || (files.state === 'done' && files.files.length === 0);
  return {
    ...rest,
    number: reportNumber(row.id),
    draft: filesOf(draft),
    final: filesOf(final),
    actions: [
      ...(mayChange ? (['advise'] as const) : []),
      ...(mayChange && row.figures_at !== null ? (['release'] as const) : []),
      ...(isLost ? (['print'] as const) : []),
    ],
  };
}

function filesOf(row: sql.FilesRow | null): Report['draft'] {
  if (row === null) return null;
  const { id, state, done, total, error } = row;
  const files = row.files.map(({ name, media_type, bytes }) => ({ name, media_type, bytes }));
  return { id, state, progress: { done, total }, files, error };
}
