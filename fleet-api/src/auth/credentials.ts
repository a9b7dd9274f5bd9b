import { createHash, randomBytes } from 'node:crypto';
import type { AppContext } from '../context.ts';
import type { Queryable } from '../db/index.ts';
import type { Caller } from './caller.ts';
import type { Role } from './permissions.ts';

/** Secrets of people and programs: random 256-bit tokens, of which the database holds only the SHA-256. */

/** Longest time between two requests of a session, ms. */
export const SESSION_IDLE_MS = 12 * 3_600_000;
/** Longest life of a session, ms. */
export const SESSION_MAX_MS = 7 * 24 * 3_600_000;
/** How exact `last_seen_at` and `last_used_at` are, ms: spares a write for each request. */
const SEEN_EVERY_MS = 60_000;

export const API_KEY_PREFIX = 'upt_';

/** A new secret, base64url of 32 random bytes. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps of a secret. A plain hash suffices: nobody can guess 256 random bits. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

interface CallerRow {
  readonly user_id: number;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly org_id: number;
  readonly must_change_password: boolean;
  readonly region_ids: number[] | null;
  readonly seen_at: Date | null;
}

const PERSON = `u.id as user_id, u.login, u.name, u.role, u.org_id, u.must_change_password,
  (select array_agg(ur.region_id order by ur.region_id) from user_region ur where ur.user_id = u.id) as region_ids`;

/** The caller behind a session token; null if it is unknown, expired, idle for too long, or its person disabled. */
export async function callerOfSession(ctx: AppContext, token: string): Promise<Caller | null> {
  const tokenHash = hashSecret(token);
  const now = ctx.clock();
  const { rows } = await ctx.pool.query<CallerRow>(
    `select ${PERSON}, s.last_seen_at as seen_at
     from user_session s join app_user u on u.id = s.user_id
     where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3 and u.disabled_at is null`,
    [tokenHash, new Date(now), new Date(now - SESSION_IDLE_MS)],
  );
  const row = rows[0];
  if (row === undefined) return null;
  if (isStale(row.seen_at, now)) await markSessionSeen(ctx.pool, tokenHash, now);
  return toCaller(row, { kind: 'session', tokenHash });
}

/** The caller behind an API key; null if it is unknown, expired or revoked, or its person disabled. */
export async function callerOfKey(ctx: AppContext, key: string): Promise<Caller | null> {
  const now = ctx.clock();
  const { rows } = await ctx.pool.query<CallerRow & { id: number }>(
    `select k.id, ${PERSON}, k.last_used_at as seen_at
     from api_key k join app_user u on u.id = k.user_id
     where k.key_hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)
       and u.disabled_at is null`,
    [hashSecret(key), new Date(now)],
  );
  const row = rows[0];
  if (row === undefined) return null;
  if (isStale(row.seen_at, now)) {
    await ctx.pool.query('update api_key set last_used_at = $2 where id = $1', [row.id, new Date(now)]);
  }
  return toCaller(row, { kind: 'key', id: row.id });
}

function isStale(seenAt: Date | null, now: number): boolean {
  return seenAt === null || now - seenAt.getTime() > SEEN_EVERY_MS;
}

async function markSessionSeen(db: Queryable, tokenHash: Buffer, now: number): Promise<void> {
  await db.query('update user_session set last_seen_at = $2 where token_hash = $1', [tokenHash, new Date(now)]);
}

function toCaller(row: CallerRow, via: Caller['via']): Caller {
  return {
    userId: row.user_id,
    login: row.login,
    name: row.name,
    role: row.role,
    orgId: row.org_id,
    regionIds: row.region_ids,
    mustChangePassword: row.must_change_password,
    via,
  };
}
