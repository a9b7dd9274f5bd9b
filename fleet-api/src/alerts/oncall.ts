import { inScope } from '../auth/scope.ts';
import type { PoolClient, Queryable } from '../db/index.ts';
import type { TOPICS } from './schemas.ts';

type Topic = (typeof TOPICS)[number];

export interface OncallRow {
  readonly id: number;
  readonly name: string;
  readonly phone: string;
  readonly lang: 'zh-CN' | 'en';
  readonly region: { id: number; name: string } | null;
  readonly topics: Topic[];
  readonly enabled: boolean;
  readonly flagged_reason: 'invalid_number' | 'not_mobile' | 'unsubscribed' | 'landline_or_unreachable' | null;
  readonly created_at: Date;
}

export interface OncallInput {
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
  readonly lang?: 'zh-CN' | 'en' | undefined;
  readonly region_id?: number | null | undefined;
  readonly topics?: readonly Topic[] | undefined;
  readonly enabled?: boolean | undefined;
  readonly flagged_reason?: null | undefined;
}

type Scope = readonly number[] | null;

const SELECT = `
select o.id, o.name, o.phone, o.lang, case when r.id is not null then jsonb_build_object('id', r.id, 'name', r.name) end as region,
  o.topics, o.enabled, o.flagged_reason, o.created_at
from oncall o left join region r on r.id = o.region_id
where (o.region_id is null or ${inScope('r.path', '$1')})`;

/** Numbers on call that the caller may see: those of its regions, and those for everything. */
export async function listOncall(
  db: Queryable,
  scope: Scope,
  afterId: number,
  limit: number,
): Promise<readonly OncallRow[]> {
  const { rows } = await db.query<OncallRow>(`${SELECT} and o.id > $2 order by o.id limit $3`, [scope, afterId, limit]);
  return rows;
}

export async function findOncall(db: Queryable, scope: Scope, id: number): Promise<OncallRow | null> {
  const { rows } = await db.query<OncallRow>(`${SELECT} and o.id = $2`, [scope, id]);
  return rows[0] ?? null;
}

/** True if the caller may put a number on call for this region; null (everything) takes an unrestricted caller. */
export async function mayServe(db: Queryable, scope: Scope, regionId: number | null): Promise<boolean> {
  if (regionId === null) return scope === null;
  const { rowCount } = await db.query(`select 1 from region r where r.id = $2 and ${inScope('r.path', '$1')}`, [
    scope,
    regionId,
  ]);
  return rowCount === 1;
}

export async function insertOncall(client: PoolClient, input: OncallInput): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into oncall (name, phone, lang, region_id, enabled, topics) values ($1, $2, $3, $4, $5, $6) returning id`,
    [
      input.name,
      input.phone,
      input.lang ?? 'zh-CN',
      input.region_id ?? null,
      input.enabled ?? true,
      input.topics ?? [],
    ],
  );
  return rows[0]?.id ?? 0;
}

/** Changes what is given. A new number, or an explicit null, clears the flag. */
export async function updateOncall(client: PoolClient, id: number, input: OncallInput): Promise<void> {
  await client.query(
    `update oncall set name = coalesce($2, name), phone = coalesce($3, phone), lang = coalesce($4, lang),
       region_id = case when $5 then $6 else region_id end, enabled = coalesce($7, enabled), topics = coalesce($9, topics),
       flagged_reason = case when $8 or $3 is distinct from phone and $3 is not null then null else flagged_reason end
     where id = $1`,
    [
      id,
      input.name ?? null,
      input.phone ?? null,
      input.lang ?? null,
      input.region_id !== undefined,
      input.region_id ?? null,
      input.enabled ?? null,
      input.flagged_reason === null,
      input.topics ?? null,
    ],
  );
}

/** Removes a number; what was sent to it stays in the log, without the name. */
export async function deleteOncall(client: PoolClient, id: number): Promise<void> {
  await client.query('update notification set oncall_id = null where oncall_id = $1', [id]);
  await client.query('delete from oncall where id = $1', [id]);
}
