import { isAllowed } from '../../auth/permissions.ts';
import { inTransaction, type Pool, type PoolClient } from '../../db/index.ts';
import { type Member, type Side, sideOf } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { record } from '../../registry/shared/doer.ts';
import { contractFor, requireSide, requireThisSide } from '../contract.ts';
import type { Complaint, ComplaintQuery, NewComplaint, SayBody } from './schemas.ts';
import * as sql from './sql.ts';
import { ANSWER_MS, type BothWords, standingOf, WORDS, type Word, wordRefusal } from './words.ts';

/** Complaints that the person sees, newest first. */
export async function listComplaints(pool: Pool, by: Member, query: ComplaintQuery): Promise<PageOf<Complaint>> {
  const page = await sql.selectComplaints(pool, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map((row) => present(row, by)) };
}

/** @throws ApiError `not_found` */
export async function getComplaint(pool: Pool, by: Member, id: number): Promise<Complaint> {
  const row = await sql.selectComplaint(pool, by, id, { lock: false });
  if (row === null) throw apiError('not_found');
  return present(row, by);
}

/** Writes a complaint down, with the own side's word if it gives it. @throws ApiError `unknown_reference`, `invalid_request` */
export async function recordComplaint(pool: Pool, by: Member, wish: NewComplaint): Promise<Complaint> {
  const id = await inTransaction(pool, async (client) => {
    const contract = await contractFor(client, by, wish.contract_id);
    const side = requireSide(contract, by, 'complaint.write');
    if (Date.parse(wish.received_at) > by.nowMs) {
      const message = 'lies in the future';
      throw apiError('invalid_request', { detail: message, errors: [{ path: '/body/received_at', message }] });
    }
    const place = await sql.selectPlace(client, by, wish);
    if (place === null) throw apiError('unknown_reference', 'No such site, station or order');
    const id = await sql.insertComplaint(client, by, wish, place);
    if (wish.word !== undefined) await say(client, by, id, side, { agency: null, contractor: null }, wish.word, null);
    await record(client, by, 'complaint.recorded', sql.subjectOf(id), { through: wish.through, word: wish.word });
    return id;
  });
  return getComplaint(pool, by, id);
}

/**
 * A side's word. In a dispute it may only take over the word of the other.
 * @throws ApiError `not_found`, `version_conflict`, `complaint_said`, `complaint_decided`, `exclusion_not_a_party`
 */
export function sayOf(pool: Pool, by: Member, id: number, { word, note, version }: SayBody): Promise<Complaint> {
  return changing(pool, by, id, version, async (client, row) => {
    const side = requireSide(row.parties, by, 'complaint.write');
    const words = wordsOf(row);
    const refusal = row.silent_side === null ? wordRefusal(words, side, word) : 'decided';
    if (refusal !== null) throw apiError(refusal === 'said' ? 'complaint_said' : 'complaint_decided');
    await say(client, by, id, side, words, word, note ?? null);
    await record(client, by, 'complaint.said', sql.subjectOf(id), { side, word, note });
  });
}

/** The contractor says that it is resolved, and how. @throws ApiError `duty_other_side`, `complaint_decided` */
export function claimResolved(
  pool: Pool,
  by: Member,
  id: number,
  { text, version }: { readonly text: string; readonly version: number },
): Promise<Complaint> {
  return changing(pool, by, id, version, async (client, row) => {
    requireThisSide(row.parties, by, 'complaint.write', 'contractor');
    if (!mayClaim(row)) throw apiError('complaint_decided');
    await sql.setResolution(client, by, id, { text, refusal: null });
    await record(client, by, 'complaint.resolution_claimed', sql.subjectOf(id), { note: text });
  });
}

/** The agency agrees that it is resolved, or says why not. @throws ApiError `duty_other_side`, `complaint_decided` */
export function decideResolution(
  pool: Pool,
  by: Member,
  id: number,
  action: 'resolve' | 'refuse',
  { note, version }: { readonly note?: string | undefined; readonly version: number },
): Promise<Complaint> {
  return changing(pool, by, id, version, async (client, row) => {
    requireThisSide(row.parties, by, 'complaint.write', 'agency');
    const waits =
      row.resolved_at === null && row.state !== 'invalid' && (action === 'resolve' || row.resolution_at !== null);
    if (!waits) throw apiError('complaint_decided');
    if (action === 'resolve') await sql.setResolved(client, by, id);
    else await sql.setResolution(client, by, id, { text: null, refusal: note ?? null });
    const verb = action === 'resolve' ? 'resolved' : 'resolution_refused';
    await record(client, by, `complaint.${verb}`, sql.subjectOf(id), { note });
  });
}

async function say(
  client: PoolClient,
  by: Member,
  id: number,
  side: Side,
  words: BothWords,
  word: Word,
  note: string | null,
): Promise<void> {
  const standing = standingOf({ ...words, [side]: word });
  await sql.setWord(client, by, id, { side, word, note, standing });
}

async function changing(
  pool: Pool,
  by: Member,
  id: number,
  version: number,
  work: (client: PoolClient, row: sql.ComplaintRow) => Promise<void>,
): Promise<Complaint> {
  await inTransaction(pool, async (client) => {
    const row = await sql.selectComplaint(client, by, id, { lock: true });
    if (row === null) throw apiError('not_found');
    if (row.version !== version) throw apiError('version_conflict');
    await work(client, row);
  });
  return getComplaint(pool, by, id);
}

const wordsOf = ({ agency_word, contractor_word }: sql.ComplaintRow): BothWords => ({
  agency: agency_word,
  contractor: contractor_word,
});
const mayClaim = ({ state, resolved_at }: sql.ComplaintRow): boolean => state !== 'invalid' && resolved_at === null;

/** What the caller may do now, and which words it may give. */
function actionsOf(row: sql.ComplaintRow, by: Member): Pick<Complaint, 'actions' | 'words'> {
  const side = sideOf(row.parties, by.org);
  if (side === null || !isAllowed(by.role, 'complaint.write')) return { actions: [], words: [] };
  const words = row.silent_side === null ? WORDS.filter((word) => wordRefusal(wordsOf(row), side, word) === null) : [];
  const actions: Complaint['actions'] = [];
  if (words.length > 0) actions.push(row.state === 'disputed' ? 'give_way' : 'say');
  if (mayClaim(row)) {
    if (side === 'contractor') actions.push('claim_resolved');
    else actions.push('resolve', ...(row.resolution_at === null ? [] : (['refuse_resolution'] as const)));
  }
  return { actions, words };
}

function present(row: sql.ComplaintRow, by: Member): Complaint {
  const { id, contract, received_at, through, complainant, phone, site, station, work_order_id, body, state, version } =
    row;
  const spokenAt = row.agency_at ?? row.contractor_at;
  return {
    ...{ id, contract, received_at, through, complainant, phone, site, station, work_order_id, body, state, version },
    class: row.class,
    decided_at: row.decided_at,
    silent_side: row.silent_side,
    answer_by: state === 'open' && spokenAt !== null ? new Date(spokenAt.getTime() + ANSWER_MS) : null,
    recorded: { at: row.recorded_at, user: row.recorded_user, org: row.recorded_org },
    agency: saidOf(row.agency_word, row.agency_note, row.agency_user, row.agency_at),
    contractor: saidOf(row.contractor_word, row.contractor_note, row.contractor_user, row.contractor_at),
    resolution:
      row.resolution_text === null || row.resolution_at === null
        ? null
        : { text: row.resolution_text, user: row.resolution_user, at: row.resolution_at },
    resolution_refusal: row.resolution_refusal,
    resolved: row.resolved_at === null ? null : { at: row.resolved_at, user: row.resolved_user },
    ...actionsOf(row, by),
  };
}

function saidOf(
  word: Word | null,
  note: string | null,
  user: Complaint['recorded']['user'],
  at: Date | null,
): Complaint['agency'] {
  return word === null || at === null ? null : { word, note, user, at };
}
