import type { PoolClient } from '../../db/index.ts';
import { type Applied, apply, type Check, duplicates, type ImportContext } from './stage-sql.ts';

/** Regions: parents may stand in the same file, in any order. */
export const checks: readonly Check[] = [
  duplicates('code'),
  `select i.line, 'parent_code' as key, 'missing' as code, null as value from import_row i
   where i.v->>'kind' <> 'province' and not i.v ? 'parent_code'
     and not exists (select 1 from region r where r.code = i.v->>'code')`,
  `select i.line, 'parent_code' as key,
     case when coalesce(f.v->>'kind', p.kind) is null then 'unknown_reference' else 'wrong_parent' end as code,
     i.v->>'parent_code' as value
   from import_row i left join import_row f on f.v->>'code' = i.v->>'parent_code'
   left join region p on p.code = i.v->>'parent_code'
   where i.v ? 'parent_code' and coalesce(p.kind, f.v->>'kind') is distinct from
     case i.v->>'kind' when 'county' then 'province' when 'township' then 'county' end`,
  `select i.line, 'kind' as key, 'cannot_move' as code, i.v->>'kind' as value
   from import_row i join region r on r.code = i.v->>'code' where r.kind <> i.v->>'kind'`,
  `select i.line, 'parent_code' as key, 'cannot_move' as code, i.v->>'parent_code' as value
   from import_row i join region r on r.code = i.v->>'code' left join region p on p.id = r.parent_id
   where i.v ? 'parent_code' and p.code is distinct from i.v->>'parent_code'`,
];

const update = `changed as (
    update region r set name = i.v->>'name', sort = coalesce((i.v->>'sort')::int, r.sort)
    from import_row i where r.code = i.v->>'code'
      and (r.name, r.sort) is distinct from (i.v->>'name', coalesce((i.v->>'sort')::int, r.sort)) returning 1)
  select 0 as created, (select count(*)::int from changed) as updated from context`;

const insert = (kind: string): string => `made as (
    insert into region (parent_id, kind, code, name, sort)
    select p.id, i.v->>'kind', i.v->>'code', i.v->>'name', coalesce((i.v->>'sort')::int, 0)
    from import_row i left join region p on p.code = i.v->>'parent_code'
    where i.v->>'kind' = '${kind}' and not exists (select 1 from region r where r.code = i.v->>'code')
    order by i.line returning 1)
  select (select count(*)::int from made) as created, 0 as updated from context`;

/** Level by level: a child's path is made from its parent's row. */
export async function upsert(client: PoolClient, context: ImportContext): Promise<Applied> {
  const { updated } = await apply(client, update, context);
  let created = 0;
  for (const kind of ['province', 'county', 'township'])
    created += (await apply(client, insert(kind), context)).created;
  return { created, updated };
}
