import { type Period, periodOf } from '@uptally/sla';
import { isAllowed } from '../../auth/permissions.ts';
import { inTransaction, type Pool, type PoolClient } from '../../db/index.ts';
import { type Member, type Side, sideOf } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { record } from '../../registry/shared/doer.ts';
import { contractFor, type DutyContract, requireThisSide } from '../contract.ts';
import { figuresBeside } from './beside.ts';
import { gradeOf, meanOf, type RatingItem, type SheetItem, showMean } from './mean.ts';
import type { NewSheet, ProposeBody, RatingSheet, Scheme, SheetDetail, SheetDraft, SheetQuery } from './schemas.ts';
import * as sql from './sql.ts';

/** Rating sheets that the person sees, newest month first. */
export async function listSheets(pool: Pool, by: Member, query: SheetQuery): Promise<PageOf<RatingSheet>> {
  const page = await sql.selectSheets(pool, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map((row) => present(row, by)) };
}

/** @throws ApiError `not_found` */
export async function getSheet(pool: Pool, by: Member, id: number): Promise<SheetDetail> {
  const row = await sql.selectSheet(pool, by, id, { lock: false });
  if (row === null) throw apiError('not_found');
  const { items, note, remark, remarked_at, remarked_user, contract, month } = row;
  const period = periodOf(month, contract.time_zone);
  return {
    ...present(row, by),
    items: items.map(({ id: item, name, score, note: said }) => ({ id: item, name, score, note: said ?? null })),
    note,
    remark: remark === null || remarked_at === null ? null : { text: remark, at: remarked_at, user: remarked_user },
    figures: row.figures ?? (await figuresBeside(pool, contract.id, period, by.nowMs)),
  };
}

/** What a sheet of a month would hold: items, and figures beside them. @throws ApiError `unknown_reference` */
export async function draftOf(pool: Pool, by: Member, contractId: number, month: string): Promise<SheetDraft> {
  const { id, code, name, time_zone } = await contractFor(pool, by, contractId);
  const { items } = await sql.selectScheme(pool, id);
  return {
    contract: { id, code, name, time_zone },
    month,
    items: [...items],
    figures: await figuresBeside(pool, id, periodOf(month, time_zone), by.nowMs),
    sheet_id: await sql.sheetIdOf(pool, id, month),
  };
}

/**
 * The agency rates a month that is over; the contractor agrees or remarks.
 * @throws ApiError `duty_other_side`, `rating_month`, `rating_items`, `already_exists`
 */
export async function proposeSheet(pool: Pool, by: Member, wish: NewSheet): Promise<SheetDetail> {
  const id = await inTransaction(pool, async (client) => {
    const contract = await contractFor(client, by, wish.contract_id);
    requireThisSide(contract, by, 'rating.write', 'agency');
    requireOver(contract, wish.month, by.nowMs);
    const items = itemsOf((await sql.selectScheme(client, contract.id)).items, wish.items);
    const id = await sql.insertSheet(client, by, {
      contract_id: contract.id,
      month: wish.month,
      items,
      note: wish.note ?? null,
    });
    if (id === null) throw apiError('already_exists', `${wish.month} has a sheet`);
    await record(client, by, 'rating_sheet.proposed', subjectOf(id), { month: wish.month, scores: scoresOf(items) });
    return id;
  });
  return getSheet(pool, by, id);
}

/** The agency rates anew, as long as nothing is agreed. @throws ApiError `rating_state`, `duty_other_side`, `rating_items` */
export function reproposeSheet(pool: Pool, by: Member, id: number, wish: ProposeBody): Promise<SheetDetail> {
  return changing(pool, by, id, { side: 'agency', version: wish.version }, async (client, row) => {
    const items = itemsOf(row.items, wish.items);
    await sql.setProposal(client, by, id, { items, note: wish.note ?? null });
    await record(client, by, 'rating_sheet.proposed', subjectOf(id), { month: row.month, scores: scoresOf(items) });
  });
}

/** The contractor says what it does not agree with. @throws ApiError `rating_state`, `duty_other_side` */
export function remarkSheet(
  pool: Pool,
  by: Member,
  id: number,
  { remark, version }: { readonly remark: string; readonly version: number },
): Promise<SheetDetail> {
  return changing(pool, by, id, { side: 'contractor', version }, async (client, row) => {
    if (row.state !== 'proposed') throw apiError('rating_state', 'It waits for the agency');
    await sql.setRemark(client, by, id, remark);
    await record(client, by, 'rating_sheet.remarked', subjectOf(id), { note: remark });
  });
}

/** The contractor agrees: the sheet is frozen, with the figures beside it. @throws ApiError `rating_state`, `duty_other_side` */
export function agreeSheet(pool: Pool, by: Member, id: number, version: number): Promise<SheetDetail> {
  return changing(pool, by, id, { side: 'contractor', version }, async (client, row) => {
    const { contract, month, items } = row;
    const figures = await figuresBeside(client, contract.id, periodOf(month, contract.time_zone), by.nowMs);
    await sql.setAgreed(client, by, id, figures);
    await record(client, by, 'rating_sheet.agreed', subjectOf(id), { scores: scoresOf(items), round: row.round });
  });
}

/** Items of a contract's sheet. */
export async function getScheme(pool: Pool, by: Member, contractId: number): Promise<Scheme> {
  const contract = await contractFor(pool, by, contractId);
  const { items, built_in } = await sql.selectScheme(pool, contract.id);
  return { contract_id: contract.id, items: [...items], built_in };
}

/** Sets the items of sheets to come; those that are proposed keep theirs. @throws ApiError `rating_items` */
export async function putScheme(
  pool: Pool,
  by: Member,
  contractId: number,
  items: readonly RatingItem[],
): Promise<Scheme> {
  if (new Set(items.map(({ id }) => id)).size !== items.length) throw apiError('rating_items', 'An id comes twice');
  await inTransaction(pool, async (client) => {
    const contract = await contractFor(client, by, contractId);
    await sql.upsertScheme(client, contract.id, items, by);
    await record(client, by, 'rating_items.changed', `contract:${contract.id}`, { items });
  });
  return getScheme(pool, by, contractId);
}

async function changing(
  pool: Pool,
  by: Member,
  id: number,
  { side, version }: { readonly side: Side; readonly version: number },
  work: (client: PoolClient, row: sql.SheetRow) => Promise<void>,
): Promise<SheetDetail> {
  await inTransaction(pool, async (client) => {
    const row = await sql.selectSheet(client, by, id, { lock: true });
    if (row === null) throw apiError('not_found');
    requireThisSide(row.parties, by, 'rating.write', side);
    if (row.state === 'agreed') throw apiError('rating_state', 'Both sides agreed: it is frozen');
    if (row.version !== version) throw apiError('version_conflict');
    await work(client, row);
  });
  return getSheet(pool, by, id);
}

/** @throws ApiError `rating_month` */
function requireOver(contract: DutyContract, month: string, nowMs: number): void {
  const period: Period = periodOf(month, contract.time_zone);
  if (period.to > nowMs) throw apiError('rating_month', `${month} is not over`);
  const isInTerm =
    period.toDay > contract.term_from && (contract.term_to === null || period.fromDay < contract.term_to);
  if (!isInTerm)
    throw apiError('rating_month', `The contract runs from ${contract.term_from} to ${contract.term_to ?? 'now'}`);
}

/** Scores in the order of the sheet's items: each item once and no other. @throws ApiError `rating_items` */
function itemsOf(items: readonly RatingItem[], scores: ProposeBody['items']): SheetItem[] {
  const byId = new Map(scores.map((score) => [score.id, score]));
  if (byId.size !== scores.length || scores.length !== items.length)
    throw apiError('rating_items', `Give each of: ${items.map(({ id }) => id).join(', ')}`);
  return items.map(({ id, name }) => {
    const given = byId.get(id);
    if (given === undefined) throw apiError('rating_items', `${id} is missing`);
    return { id, name, score: given.score, note: given.note ?? null };
  });
}

const scoresOf = (items: readonly SheetItem[]): Record<string, number> =>
  Object.fromEntries(items.map(({ id, score }) => [id, score]));

function subjectOf(id: number): string {
  return `rating_sheet:${id}`;
}

function present(row: sql.SheetRow, by: Member): RatingSheet {
  const { id, contract, month, state, round, version, items, agreed_at, agreed_org } = row;
  const mean = meanOf(items);
  return {
    ...{ id, contract, month, state, round, version },
    mean: { num: mean.num, den: mean.den, shown: showMean(mean), grade: gradeOf(mean) },
    proposed: { at: row.proposed_at, user: row.proposed_user, org: row.proposed_org },
    agreed:
      agreed_at === null || agreed_org === null ? null : { at: agreed_at, user: row.agreed_user, org: agreed_org },
    actions: actionsOf(row, by),
  };
}

function actionsOf({ state, parties }: sql.SheetRow, by: Member): RatingSheet['actions'] {
  const side = sideOf(parties, by.org);
  if (side === null || state === 'agreed' || !isAllowed(by.role, 'rating.write')) return [];
  if (side === 'agency') return ['propose'];
  return state === 'proposed' ? ['agree', 'remark'] : ['agree'];
}
