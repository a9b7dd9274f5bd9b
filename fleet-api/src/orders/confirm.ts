import { createHash, randomBytes } from 'node:crypto';
import { inTransaction, type Pool, type PoolClient } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { mediaTypeOf, storeFile } from '../files/index.ts';
import { apiError } from '../http/errors.ts';
import { appendEvents } from '../repair/log.ts';
import { orderNumber } from '../repair/numbers.ts';
import { refreshOrders } from '../repair/refresh-orders.ts';
import type {
  ConfirmBody,
  ConfirmForSiteBody,
  OrderDetail,
  SiteConfirmation,
  SiteConfirmBody,
} from './detail-schemas.ts';
import { insertEntry, type StandingRow, selectConcerned, selectStanding } from './detail-sql.ts';
import { changing } from './service.ts';
import { subjectOf } from './sql.ts';
import { requireWorker, sideIn } from './standing.ts';
import { CLOCK_SKEW_MS, refuseConfirmation } from './steps.ts';

/** The site's word that the fault is gone. */

/** How long a link may wait to be opened, ms. */
const LINK_MS = 24 * 3_600_000;
/** A drawn signature at most, bytes. */
const MAX_SIGNATURE_BYTES = 300_000;

/**
 * Somebody of the site has signed on the engineer's phone.
 * @throws ApiError `order_not_repaired`, `already_confirmed`, `step_time`, `file_type`, `order_not_yours`
 */
export function confirmOnPhone(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  body: ConfirmBody,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async ({ client, row }) => {
    requireWorker(row, by, 'order.work');
    const at = body.at === undefined ? by.nowMs : Date.parse(body.at);
    if (at > by.nowMs + CLOCK_SKEW_MS) throw apiError('step_time', 'It can not lie in the future');
    if (row.ended_at !== null && at < row.ended_at.getTime())
      throw apiError('step_time', 'It can not lie before the end');
    await confirm(client, row, {
      via: 'phone',
      ...body,
      atMs: Math.min(at, by.nowMs),
      nowMs: by.nowMs,
      userId: by.userId,
      orgId: by.org.id,
    });
    return { action: 'confirmed', detail: { via: 'phone', name: body.name } };
  });
}

/** The agency has asked the site and confirms on its behalf. @throws ApiError as above */
export function confirmForSite(
  pool: Pool,
  by: Member,
  id: number,
  version: number | null,
  body: ConfirmForSiteBody,
): Promise<OrderDetail> {
  return changing(pool, by, id, version, async ({ client, row }) => {
    if (sideIn(row, by) !== 'agency') throw apiError('order_not_yours', 'The agency confirms on behalf of a site');
    const time = { atMs: by.nowMs, nowMs: by.nowMs };
    await confirm(client, row, { via: 'agency', ...body, ...time, userId: by.userId, orgId: by.org.id });
    return { action: 'confirmed', detail: { via: 'agency', name: body.name } };
  });
}

interface Word {
  readonly via: 'phone' | 'link' | 'agency';
  readonly name: string;
  readonly phone?: string | undefined;
  readonly note?: string | undefined;
  /** PNG, base64. */
  readonly signature?: string;
  readonly atMs: number;
  readonly nowMs: number;
  readonly userId: number | null;
  readonly orgId: number | null;
}

async function confirm(client: PoolClient, row: StandingRow, word: Word): Promise<void> {
  const refusal = refuseConfirmation(row.state);
  if (refusal !== null) throw refusal;
  const signatureId = word.signature === undefined ? null : await storeSignature(client, row.id, word, word.signature);
  await client.query(
    `insert into work_order_confirmation (work_order_id, via, name, phone, note, at, signature_id, user_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      row.id,
      word.via,
      word.name.trim(),
      word.phone?.trim() || null,
      word.note?.trim() || null,
      new Date(word.atMs),
      signatureId,
      word.userId,
    ],
  );
  await client.query(`update work_order set state = 'confirmed' where id = $1`, [row.id]);
  await client.query('update work_order_link set used_at = $2 where work_order_id = $1 and used_at is null', [
    row.id,
    new Date(word.nowMs),
  ]);
  const entryId = await insertEntry(client, {
    orderId: row.id,
    atMs: word.atMs,
    nowMs: word.nowMs,
    kind: 'confirmed',
    userId: word.userId,
    orgId: word.orgId,
    note: word.note ?? null,
    detail: { via: word.via, name: word.name.trim() },
  });
  const faults = await selectConcerned(client, row.id, null, 'ended');
  const recorder = { userId: word.userId, nowMs: word.nowMs, entryId };
  await appendEvents(client, faults, { at: word.atMs, kind: 'confirmed' }, recorder);
}

function storeSignature(client: PoolClient, orderId: number, word: Word, base64: string): Promise<number> {
  const content = Buffer.from(base64, 'base64');
  if (content.length > MAX_SIGNATURE_BYTES) throw apiError('file_too_large', 'A signature may have 300 kB');
  if (mediaTypeOf(content) !== 'image/png') throw apiError('file_type', 'A signature is a PNG');
  return storeFile(client, {
    subject: subjectOf(orderId),
    purpose: 'signature',
    name: 'signature.png',
    type: 'image/png',
    content,
    userId: word.userId,
    nowMs: word.nowMs,
  });
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** A link that lets the site confirm once, on its own phone, within a day. @throws ApiError as {@link confirmOnPhone} */
export async function makeLink(
  pool: Pool,
  by: Member,
  id: number,
): Promise<{ readonly path: string; readonly expires_at: Date }> {
  const token = randomBytes(24).toString('base64url');
  const expires = new Date(by.nowMs + LINK_MS);
  await changing(pool, by, id, null, async (act) => {
    requireWorker(act.row, by, 'order.work');
    const refusal = refuseConfirmation(act.row.state);
    if (refusal !== null) throw refusal;
    await act.client.query(
      `insert into work_order_link (work_order_id, token_hash, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5)`,
      [id, hashOf(token), by.userId, new Date(by.nowMs), expires],
    );
    return { action: 'link_made' };
  });
  return { path: `/c/${token}`, expires_at: expires };
}

interface LinkRow {
  readonly work_order_id: number;
  readonly used_at: Date | null;
}

/** What the holder of a link is asked to confirm. @throws ApiError `confirmation_link` */
export async function readLink(pool: Pool, token: string, nowMs: number): Promise<SiteConfirmation> {
  const { rows } = await pool.query<Omit<SiteConfirmation, 'number' | 'state'> & { id: number; used: boolean }>(
    `select o.id, si.name as site, st.name as station, o.cause,
       (select f.reason from fault f where f.work_order_id = o.id and f.merged_into is null order by f.id limit 1) as reason,
       u.name as engineer, og.name as org, o.opened_at, coalesce(o.ended_at, o.opened_at) as ended_at, l.used_at is not null as used
     from work_order_link l join work_order o on o.id = l.work_order_id left join site si on si.id = o.site_id
       left join station st on st.id = o.station_id left join org og on og.id = o.org_id
       left join app_user u on u.id = coalesce(o.assignee_id, l.created_by)
     where l.token_hash = $1 and (l.expires_at > $2 or l.used_at is not null)
       and o.state in ('repaired', 'confirmed', 'closed')`,
    [hashOf(token), new Date(nowMs)],
  );
  if (rows[0] === undefined) throw apiError('confirmation_link');
  const { id, used, ...shown } = rows[0];
  return { number: orderNumber(id), ...shown, state: used ? 'done' : 'open' };
}

/** The site confirms through its link. @throws ApiError `confirmation_link`, `already_confirmed`, `order_not_repaired`, `file_type` */
export async function confirmByLink(pool: Pool, token: string, body: SiteConfirmBody, nowMs: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<LinkRow>(
      'select work_order_id, used_at from work_order_link where token_hash = $1 and expires_at > $2',
      [hashOf(token), new Date(nowMs)],
    );
    const link = rows[0];
    if (link === undefined) throw apiError('confirmation_link');
    const row = await selectStanding(client, null, link.work_order_id, { lock: true });
    if (row === null) throw apiError('confirmation_link');
    await confirm(client, row, { via: 'link', ...body, atMs: nowMs, nowMs, userId: null, orgId: null });
    await client.query('update work_order set version = version + 1 where id = $1', [row.id]);
    await refreshOrders(client, [row.id], nowMs);
  });
}
