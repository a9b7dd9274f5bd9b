import type { Role } from '../auth/permissions.ts';
import type { PoolClient, Queryable } from '../db/index.ts';
import type { CursorValue } from '../http/paging.ts';
import type { NewUser, User, UserChange, UserQuery } from './schemas.ts';

const COLUMNS = `u.id, u.login, u.name, u.role, u.phone, u.lang,
  jsonb_build_object('id', o.id, 'name', o.name) as org,
  (select array_agg(ur.region_id order by ur.region_id) from user_region ur where ur.user_id = u.id) as region_ids,
  u.must_change_password, u.totp_confirmed_at is not null as totp_enabled,
  case when u.locked_until > $1 then u.locked_until end as locked_until,
  u.disabled_at, u.created_at,
  (select max(s.last_seen_at) from user_session s where s.user_id = u.id) as last_seen_at, u.version`;

export async function selectUsers(
  db: Queryable,
  now: Date,
  orgId: number | null,
  query: UserQuery & { limit: number },
  after: readonly CursorValue[] | null,
): Promise<User[]> {
  const { rows } = await db.query<User>(
    `select ${COLUMNS} from app_user u join org o on o.id = u.org_id
     where ($2::int is null or u.org_id = $2) and ($3::int is null or u.org_id = $3) and ($4::text is null or u.role = $4)
       and ($5::text is null or strpos(lower(u.login || ' ' || u.name || ' ' || coalesce(u.phone, '')), lower($5)) > 0)
       and case $6::text when 'active' then u.disabled_at is null when 'disabled' then u.disabled_at is not null
         when 'locked' then u.locked_until > $1 else true end
       and ($7::text is null or u.login collate "C" > $7)
     order by u.login collate "C" limit $8`,
    [
      now,
      orgId,
      query.org_id ?? null,
      query.role ?? null,
      query.q ?? null,
      query.state ?? null,
      after?.[0] ?? null,
      query.limit + 1,
    ],
  );
  return rows;
}

export async function selectUser(db: Queryable, now: Date, orgId: number | null, id: number): Promise<User | null> {
  const { rows } = await db.query<User>(
    `select ${COLUMNS} from app_user u join org o on o.id = u.org_id
     where u.id = $2 and ($3::int is null or u.org_id = $3)`,
    [now, id, orgId],
  );
  return rows[0] ?? null;
}

export interface LockedUser {
  readonly role: Role;
  readonly org_id: number;
  readonly version: number;
  readonly region_ids: number[] | null;
}

/** The row, locked for the transaction; null if the caller's organisation has none such. */
export async function lockUser(client: PoolClient, orgId: number | null, id: number): Promise<LockedUser | null> {
  const { rows } = await client.query<LockedUser>(
    `select role, org_id, version,
       (select array_agg(ur.region_id) from user_region ur where ur.user_id = u.id) as region_ids
     from app_user u where id = $1 and ($2::int is null or org_id = $2) for update`,
    [id, orgId],
  );
  return rows[0] ?? null;
}

export async function insertUser(
  client: PoolClient,
  user: NewUser & { org_id: number },
  passwordHash: string,
): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `insert into app_user (login, name, org_id, role, phone, lang, password_hash) values (lower($1), $2, $3, $4, $5, $6, $7)
     returning id`,
    [user.login, user.name, user.org_id, user.role, user.phone ?? null, user.lang ?? 'zh-CN', passwordHash],
  );
  return rows[0]?.id ?? 0;
}

export async function updateUser(client: PoolClient, now: Date, id: number, change: UserChange): Promise<void> {
  await client.query(
    `update app_user set name = coalesce($2, name), role = coalesce($3, role), org_id = coalesce($4, org_id),
       phone = case when $6 then $5 else phone end, lang = coalesce($7, lang),
       disabled_at = case when $8::boolean is null then disabled_at when $8 then coalesce(disabled_at, $9) end,
       version = version + 1
     where id = $1`,
    [
      id,
      change.name ?? null,
      change.role ?? null,
      change.org_id ?? null,
      change.phone ?? null,
      change.phone !== undefined,
      change.lang ?? null,
      change.disabled ?? null,
      now,
    ],
  );
}

export async function replaceRegions(
  client: PoolClient,
  id: number,
  regionIds: readonly number[] | null,
): Promise<void> {
  await client.query('delete from user_region where user_id = $1', [id]);
  await client.query('insert into user_region (user_id, region_id) select $1, unnest($2::int[])', [
    id,
    regionIds ?? [],
  ]);
}

export async function endSessions(client: PoolClient, id: number): Promise<number> {
  const { rowCount } = await client.query('delete from user_session where user_id = $1', [id]);
  return rowCount ?? 0;
}
