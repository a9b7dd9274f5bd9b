import type { FastifyRequest } from 'fastify';
import { actorOf, appendAudit } from '../audit/log.ts';
import { callerOf } from '../auth/caller.ts';
import { hashSecret, newSecret } from '../auth/credentials.ts';
import { inScope, scopeOf } from '../auth/scope.ts';
import type { AppContext } from '../context.ts';
import { inTransaction, type Queryable } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { cursorFrom, DEFAULT_LIMIT, type PageOf, pageOf } from '../http/paging.ts';
import { type EnrolmentToken, type NewToken, TOKEN_MAX_DAYS, type TokenQuery } from './schemas.ts';

export const TOKEN_PREFIX = 'enr_';
const SORT = 'id-';

const STATE = `case when t.revoked_at is not null then 'revoked' when t.expires_at <= $1 then 'expired'
  when t.uses >= t.uses_max then 'used_up' else 'active' end`;
const SELECT = `select t.id, t.label, ${STATE} as state, t.uses, t.uses_max, t.expires_at, t.revoked_at,
    case when m.id is not null then jsonb_build_object('id', m.id, 'code', m.code, 'name', m.name) end as model,
    case when r.id is not null then jsonb_build_object('id', r.id, 'name', r.name) end as region,
    u.login as created_by, t.created_at
  from enrolment_token t left join device_model m on m.id = t.model_id left join region r on r.id = t.region_id
  left join app_user u on u.id = t.created_by`;

/** Tokens in the caller's regions, newest first. */
export async function listTokens(
  ctx: AppContext,
  request: FastifyRequest,
  query: TokenQuery,
): Promise<PageOf<EnrolmentToken>> {
  const { limit = DEFAULT_LIMIT, cursor, state } = query;
  const after = cursorFrom(cursor, SORT, 1);
  const { rows } = await ctx.pool.query<EnrolmentToken>(
    `${SELECT} where ${inScope('r.path', '$2')} and ($3::int is null or t.id < $3) and ($4::text is null or ${STATE} = $4)
     order by t.id desc limit $5`,
    [new Date(ctx.clock()), scopeOf(callerOf(request)), after?.[0] ?? null, state ?? null, limit + 1],
  );
  return pageOf(rows, limit, SORT, (token) => [token.id]);
}

/** Makes a token; what it opens is bounded by uses, time, model and region. @throws ApiError `out_of_scope`, `invalid_request` */
export async function createToken(ctx: AppContext, request: FastifyRequest, wish: NewToken) {
  const now = ctx.clock();
  requireSaneExpiry(wish.expires_at, now);
  await requireRegionInScope(ctx.pool, wish.region_id ?? null, scopeOf(callerOf(request)));
  const token = TOKEN_PREFIX + newSecret();
  const id = await inTransaction(ctx.pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into enrolment_token (token_hash, label, uses_max, expires_at, model_id, region_id, created_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
      [
        hashSecret(token),
        wish.label,
        wish.uses_max ?? 1,
        wish.expires_at,
        wish.model_id ?? null,
        wish.region_id ?? null,
        callerOf(request).userId,
        new Date(now),
      ],
    );
    const id = rows[0]?.id ?? 0;
    const audit = {
      ...actorOf(request),
      action: 'enrolment_token.created',
      subject: `enrolment_token:${id}`,
      detail: wish,
    };
    await appendAudit(client, new Date(now), audit);
    return id;
  });
  const { rows } = await ctx.pool.query<EnrolmentToken>(`${SELECT} where t.id = $2`, [new Date(now), id]);
  const [enrolment_token] = rows;
  if (enrolment_token === undefined) throw apiError('not_found');
  return { enrolment_token, token };
}

/** Ends a token at once. Idempotent. @throws ApiError `not_found` */
export async function revokeToken(ctx: AppContext, request: FastifyRequest, id: number): Promise<void> {
  const now = new Date(ctx.clock());
  await inTransaction(ctx.pool, async (client) => {
    const { rowCount } = await client.query(
      `update enrolment_token t set revoked_at = coalesce(t.revoked_at, $2)
       where t.id = $1 and ($3::int[] is null or exists (select 1 from region r where r.id = t.region_id and r.path && $3))`,
      [id, now, scopeOf(callerOf(request))],
    );
    if (rowCount !== 1) throw apiError('not_found');
    const audit = { ...actorOf(request), action: 'enrolment_token.revoked', subject: `enrolment_token:${id}` };
    await appendAudit(client, now, audit);
  });
}

function requireSaneExpiry(expiresAt: string, now: number): void {
  const ms = Date.parse(expiresAt) - now;
  if (ms <= 0 || ms > TOKEN_MAX_DAYS * 86_400_000) {
    const message = `must lie in the future, at most ${TOKEN_MAX_DAYS} days ahead`;
    throw apiError('invalid_request', { errors: [{ path: '/body/expires_at', message }] });
  }
}

async function requireRegionInScope(db: Queryable, regionId: number | null, scope: number[] | null): Promise<void> {
  if (scope === null) return;
  const { rowCount } = await db.query('select 1 from region where id = $1 and path && $2::int[]', [regionId, scope]);
  if (rowCount !== 1) throw apiError('out_of_scope', 'Choose one of your regions');
}
