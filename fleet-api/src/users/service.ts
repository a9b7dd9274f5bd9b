import type { FastifyRequest } from 'fastify';
import { actorOf, appendAudit } from '../audit/log.ts';
import { callerOf } from '../auth/caller.ts';
import type { AppContext } from '../context.ts';
import { inTransaction, type PoolClient, writeOutbox } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { newOneTimePassword } from '../setup/first-run.ts';
import {
  endSessions,
  insertUser,
  type LockedUser,
  lockUser,
  replaceRegions,
  selectUser,
  updateUser,
} from './queries.ts';
import { requireAnAdmin, requireManageable, visibleOrg } from './rules.ts';
import type { NewUser, User, UserChange } from './schemas.ts';

/** Any 64-bit number that nobody else uses for an advisory lock: changes that could remove an administrator run one at a time. */
const ADMINS_LOCK = 7_227_700_014;

/** Creates a person with a one-time password. @throws ApiError `out_of_scope`, `already_exists` */
export async function createUser(ctx: AppContext, request: FastifyRequest, wish: NewUser) {
  const caller = callerOf(request);
  const org_id = wish.org_id ?? caller.orgId;
  const regionIds = wish.region_ids ?? null;
  await requireManageable(ctx.pool, caller, { role: wish.role, orgId: org_id, regionIds });
  const one_time_password = newOneTimePassword();
  const hash = await ctx.passwords.hash(one_time_password);
  const id = await inTransaction(ctx.pool, async (client) => {
    const id = await insertUser(client, { ...wish, org_id }, hash);
    await replaceRegions(client, id, regionIds);
    await audit(ctx, client, request, 'user.created', id, {
      login: wish.login,
      role: wish.role,
      org_id,
      region_ids: regionIds,
    });
    return id;
  });
  return { user: await readUser(ctx, request, id), one_time_password };
}

/** @throws ApiError `not_found` */
export async function readUser(ctx: AppContext, request: FastifyRequest, id: number): Promise<User> {
  const user = await selectUser(ctx.pool, new Date(ctx.clock()), visibleOrg(callerOf(request)), id);
  if (user === null) throw apiError('not_found');
  return user;
}

/** Changes a person. @throws ApiError `not_found`, `out_of_scope`, `version_conflict`, `last_admin` */
export async function changeUser(
  ctx: AppContext,
  request: FastifyRequest,
  id: number,
  change: UserChange,
  version: number | null,
): Promise<User> {
  await managing(ctx, request, id, async (client, before) => {
    if (version !== null && version !== before.version) throw apiError('version_conflict');
    await requireManageable(client, callerOf(request), {
      role: change.role ?? before.role,
      orgId: change.org_id ?? before.org_id,
      regionIds: change.region_ids === undefined ? before.region_ids : change.region_ids,
    });
    await updateUser(client, new Date(ctx.clock()), id, change);
    if (change.region_ids !== undefined) await replaceRegions(client, id, change.region_ids);
    if (change.disabled) await endSessions(client, id);
    await requireAnAdmin(client);
    await writeOutbox(client, [{ kind: 'user.changed', payload: { userId: id } }]);
    await audit(ctx, client, request, 'user.changed', id, { ...change });
  });
  return readUser(ctx, request, id);
}

/** Gives a one-time password, shown once; ends all sessions and any lock. */
export async function resetPassword(ctx: AppContext, request: FastifyRequest, id: number) {
  const one_time_password = newOneTimePassword();
  const hash = await ctx.passwords.hash(one_time_password);
  await managing(ctx, request, id, async (client) => {
    await client.query(
      `update app_user set password_hash = $2, must_change_password = true, failed_logins = 0, locked_until = null
       where id = $1`,
      [id, hash],
    );
    await endSessions(client, id);
    await audit(ctx, client, request, 'user.password_reset', id);
  });
  return { one_time_password };
}

/** Ends a lock. */
export function unlockUser(ctx: AppContext, request: FastifyRequest, id: number): Promise<void> {
  return managing(ctx, request, id, async (client) => {
    await client.query('update app_user set failed_logins = 0, locked_until = null where id = $1', [id]);
    await audit(ctx, client, request, 'user.unlocked', id);
  });
}

/** Takes a lost second factor away. */
export function resetTotp(ctx: AppContext, request: FastifyRequest, id: number): Promise<void> {
  return managing(ctx, request, id, async (client) => {
    await client.query('update app_user set totp_secret = null, totp_confirmed_at = null where id = $1', [id]);
    await audit(ctx, client, request, 'user.totp_reset', id);
  });
}

/** Signs a person out everywhere. */
export function endUserSessions(ctx: AppContext, request: FastifyRequest, id: number): Promise<void> {
  return managing(ctx, request, id, async (client) => {
    const ended = await endSessions(client, id);
    await writeOutbox(client, [{ kind: 'user.changed', payload: { userId: id } }]);
    await audit(ctx, client, request, 'user.sessions_ended', id, { ended });
  });
}

/** Runs `work` on a person whom the caller may manage, locked for the transaction. */
async function managing(
  ctx: AppContext,
  request: FastifyRequest,
  id: number,
  work: (client: PoolClient, before: LockedUser) => Promise<void>,
): Promise<void> {
  const caller = callerOf(request);
  await inTransaction(ctx.pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [ADMINS_LOCK]);
    const before = await lockUser(client, visibleOrg(caller), id);
    if (before === null) throw apiError('not_found');
    await requireManageable(client, caller, { role: before.role, orgId: before.org_id, regionIds: before.region_ids });
    await work(client, before);
  });
}

function audit(
  ctx: AppContext,
  client: PoolClient,
  request: FastifyRequest,
  action: string,
  id: number,
  detail: Record<string, unknown> = {},
): Promise<void> {
  return appendAudit(client, new Date(ctx.clock()), { ...actorOf(request), action, subject: `user:${id}`, detail });
}
