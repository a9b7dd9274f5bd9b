import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { actorOf, appendAudit } from '../audit/log.ts';
import { callerOf } from '../auth/caller.ts';
import { requireStrongPassword } from '../auth/password-rules.ts';
import type { PasswordHasher } from '../auth/passwords.ts';
import { ownSession, storePassword } from '../auth/session-service.ts';
import type { AppContext } from '../context.ts';
import { inTransaction, type Pool, type PoolClient, type Queryable } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { isSetupNeeded } from './state.ts';

export const FIRST_LOGIN = 'admin';
/** Any 64-bit number that nobody else uses for an advisory lock. */
const FIRST_RUN_LOCK = 7_227_700_013;
/** Letters and digits that can't be mistaken for one another on a terminal. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/**
 * Creates the platform's organisation and its first administrator if there is nobody yet. Safe when processes race.
 * @returns the one-time password, to be shown to the operator; null if somebody exists already
 */
export async function ensureFirstAdmin(pool: Pool, passwords: PasswordHasher): Promise<string | null> {
  if (await hasPeople(pool)) return null;
  const password = newOneTimePassword();
  const hash = await passwords.hash(password);
  return inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [FIRST_RUN_LOCK]);
    if (await hasPeople(client)) return null;
    const { rows } = await client.query<{ id: number }>(
      `insert into org (code, name, kind) values ('platform', 'Uptally', 'platform')
       on conflict (code) do update set code = excluded.code returning id`,
    );
    await client.query(
      `insert into app_user (login, name, org_id, role, password_hash) values ($1, $2, $3, 'admin', $4)`,
      [FIRST_LOGIN, 'Administrator', rows[0]?.id, hash],
    );
    return password;
  });
}

/**
 * Gives the first administrator a new one-time password, lifts a lock and ends the sessions. For an operator at the machine.
 * @throws Error if the first administrator is not there any more
 */
export async function resetFirstAdmin(pool: Pool, passwords: PasswordHasher, now: Date): Promise<string> {
  const password = newOneTimePassword();
  const hash = await passwords.hash(password);
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `update app_user set password_hash = $2, must_change_password = true, failed_logins = 0, locked_until = null,
         disabled_at = null, totp_secret = null, totp_confirmed_at = null
       where login = $1 returning id`,
      [FIRST_LOGIN, hash],
    );
    const id = rows[0]?.id;
    if (id === undefined) throw new Error(`there is no user "${FIRST_LOGIN}"`);
    await client.query('delete from user_session where user_id = $1', [id]);
    await appendAudit(client, now, {
      userId: null,
      orgId: null,
      ip: null,
      action: 'admin.reset',
      subject: `user:${id}`,
    });
  });
  return password;
}

/** About 79 random bits in groups, to be typed once. */
export function newOneTimePassword(): string {
  const letters: string[] = [];
  while (letters.length < 16) {
    for (const byte of randomBytes(32)) {
      // 248 is the largest multiple of 31 below 256: larger bytes would favour the first letters.
      if (byte < 248 && letters.length < 16) letters.push(ALPHABET.charAt(byte % ALPHABET.length));
    }
  }
  return (letters.join('').match(/.{4}/g) ?? []).join('-');
}

export interface FirstRun {
  readonly org_name: string;
  readonly name?: string;
  readonly new_password?: string;
}

/** Ends the first run: own password, name of the organisation. @throws ApiError `setup_finished`, `weak_password`, `forbidden` */
export async function finishSetup(ctx: AppContext, request: FastifyRequest, wish: FirstRun): Promise<void> {
  const caller = callerOf(request);
  const tokenHash = ownSession(caller);
  if (caller.role !== 'admin') throw apiError('forbidden');
  if (!(await isSetupNeeded(ctx.pool))) throw apiError('setup_finished');
  const hash = await ownPassword(ctx, caller, wish.new_password);
  const now = new Date(ctx.clock());
  await inTransaction(ctx.pool, async (client) => {
    await claimSetup(client, now);
    if (hash !== null) await storePassword(client, caller.userId, hash, tokenHash);
    await client.query('update app_user set name = coalesce($2, name) where id = $1', [
      caller.userId,
      wish.name ?? null,
    ]);
    await client.query('update org set name = $2 where id = $1', [caller.orgId, wish.org_name]);
    await appendAudit(client, now, { ...actorOf(request), action: 'setup.finished', subject: `org:${caller.orgId}` });
  });
}

async function ownPassword(
  ctx: AppContext,
  caller: { readonly mustChangePassword: boolean; readonly login: string },
  password: string | undefined,
): Promise<string | null> {
  if (password === undefined) {
    if (caller.mustChangePassword) throw apiError('password_change_required');
    return null;
  }
  requireStrongPassword(password, caller.login);
  return ctx.passwords.hash(password);
}

async function claimSetup(client: PoolClient, now: Date): Promise<void> {
  const { rowCount } = await client.query(
    `insert into setting (key, value) values ('setup', jsonb_build_object('finished_at', $1::text)) on conflict do nothing`,
    [now.toISOString()],
  );
  if (rowCount !== 1) throw apiError('setup_finished');
}

async function hasPeople(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from app_user limit 1');
  return (rowCount ?? 0) > 0;
}
