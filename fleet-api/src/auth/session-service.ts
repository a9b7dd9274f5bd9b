import type { FastifyRequest } from 'fastify';
import { actorOf, appendAudit } from '../audit/log.ts';
import type { AppContext } from '../context.ts';
import { inTransaction, type PoolClient, type Queryable } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { qrOf } from '../http/qr.ts';
import { isSetupNeeded } from '../setup/state.ts';
import { type Caller, callerOf } from './caller.ts';
import { requireStrongPassword } from './password-rules.ts';
import { actionsOf } from './permissions.ts';
import type { SessionAnswer } from './schemas.ts';
import { totpOf } from './sealing.ts';
import { acceptedStep, newTotpSecret, totpUri } from './totp.ts';

/** The caller's session token hash. API keys can't touch passwords, factors or sessions. @throws ApiError `forbidden` */
export function ownSession(caller: Caller): Buffer {
  if (caller.via.kind !== 'session') throw apiError('forbidden', 'Only a signed-in person can do this, not an API key');
  return caller.via.tokenHash;
}

/** What the console needs to know of a person who is signed in. */
export async function describeSession(
  ctx: AppContext,
  userId: number,
  tokenHash: Buffer | null,
): Promise<SessionAnswer> {
  const { rows } = await ctx.pool.query(
    `select u.id, u.login, u.name, u.role, u.lang, u.phone, u.must_change_password,
       u.totp_confirmed_at is not null as totp_enabled,
       jsonb_build_object('id', o.id, 'name', o.name, 'kind', o.kind) as org,
       (select array_agg(ur.region_id order by ur.region_id) from user_region ur where ur.user_id = u.id) as region_ids,
       s.expires_at
     from app_user u join org o on o.id = u.org_id
     left join user_session s on s.user_id = u.id and s.token_hash = $2
     where u.id = $1`,
    [userId, tokenHash],
  );
  if (rows[0] === undefined) throw apiError('unauthenticated');
  const { expires_at, ...user } = rows[0];
  return { user, setup_needed: await isSetupNeeded(ctx.pool), actions: actionsOf(user.role), expires_at };
}

/** Sets a password that the person chose: checks the old one, ends the person's other sessions. */
export async function changePassword(
  ctx: AppContext,
  request: FastifyRequest,
  current: string,
  next: string,
): Promise<void> {
  const caller = callerOf(request);
  const tokenHash = ownSession(caller);
  await requirePassword(ctx, caller, current);
  requireStrongPassword(next, caller.login);
  if (next === current) throw apiError('weak_password', 'It must differ from the present one');
  const hash = await ctx.passwords.hash(next);
  await inTransaction(ctx.pool, async (client) => {
    await storePassword(client, caller.userId, hash, tokenHash);
    await audit(ctx, client, request, 'user.password_changed');
  });
}

/** Stores a password of the person's own and ends all sessions but the given one. */
export async function storePassword(client: PoolClient, userId: number, hash: string, keep: Buffer): Promise<void> {
  await client.query(
    `update app_user set password_hash = $2, must_change_password = false, failed_logins = 0, locked_until = null
     where id = $1`,
    [userId, hash],
  );
  await client.query('delete from user_session where user_id = $1 and token_hash <> $2', [userId, keep]);
}

/** Begins to set up a second factor; it counts once confirmed. */
export async function beginTotp(ctx: AppContext, request: FastifyRequest) {
  const caller = callerOf(request);
  ownSession(caller);
  const secret = newTotpSecret();
  const { rowCount } = await ctx.pool.query(
    'update app_user set totp_secret = $2 where id = $1 and totp_confirmed_at is null',
    [caller.userId, ctx.sealer.seal(secret, totpOf(caller.userId))],
  );
  if (rowCount !== 1) throw apiError('conflict', 'A second factor is set already; remove it first');
  const uri = totpUri(secret, caller.login);
  return { secret, otpauth_uri: uri, qr: qrOf(uri) };
}

/** Confirms the second factor with a first code. */
export async function confirmTotp(ctx: AppContext, request: FastifyRequest, code: string): Promise<void> {
  const caller = callerOf(request);
  ownSession(caller);
  await inTransaction(ctx.pool, async (client) => {
    const { rows } = await client.query<{ totp_secret: string | null; totp_last_step: number }>(
      'select totp_secret, totp_last_step from app_user where id = $1 and totp_confirmed_at is null for update',
      [caller.userId],
    );
    const row = rows[0];
    if (row === undefined || row.totp_secret === null) throw apiError('totp_not_pending');
    const secret = ctx.sealer.open(row.totp_secret, totpOf(caller.userId));
    const step = acceptedStep(secret, code, ctx.clock(), row.totp_last_step);
    if (step === null) throw apiError('invalid_credentials', 'The code is wrong');
    await client.query('update app_user set totp_confirmed_at = $2, totp_last_step = $3 where id = $1', [
      caller.userId,
      new Date(ctx.clock()),
      step,
    ]);
    await audit(ctx, client, request, 'user.totp_enabled');
  });
}

/** Removes the second factor; the password is asked once more. */
export async function removeTotp(ctx: AppContext, request: FastifyRequest, password: string): Promise<void> {
  const caller = callerOf(request);
  ownSession(caller);
  await requirePassword(ctx, caller, password);
  await inTransaction(ctx.pool, async (client) => {
    await client.query('update app_user set totp_secret = null, totp_confirmed_at = null where id = $1', [
      caller.userId,
    ]);
    await audit(ctx, client, request, 'user.totp_removed');
  });
}

export async function listSessions(db: Queryable, userId: number, own: Buffer | null, now: Date) {
  const { rows } = await db.query(
    `select id, created_at, last_seen_at, expires_at, ip, user_agent, token_hash = $2 as current
     from user_session where user_id = $1 and expires_at > $3 order by last_seen_at desc limit 200`,
    [userId, own ?? Buffer.alloc(0), now],
  );
  return rows;
}

/** @throws ApiError `invalid_credentials` */
async function requirePassword(ctx: AppContext, caller: Caller, password: string): Promise<void> {
  const { rows } = await ctx.pool.query<{ password_hash: string }>('select password_hash from app_user where id = $1', [
    caller.userId,
  ]);
  if (!(await ctx.passwords.verify(password, rows[0]?.password_hash ?? null))) {
    throw apiError('invalid_credentials', 'The present password is wrong');
  }
}

function audit(ctx: AppContext, client: PoolClient, request: FastifyRequest, action: string): Promise<void> {
  const actor = actorOf(request);
  return appendAudit(client, new Date(ctx.clock()), { ...actor, action, subject: `user:${actor.userId}` });
}
