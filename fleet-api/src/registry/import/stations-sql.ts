import type { PoolClient } from '../../db/index.ts';
import { type Applied, apply, type Check, duplicates, type ImportContext, IN_SCOPE } from './stage-sql.ts';

export const checks: readonly Check[] = [
  duplicates('code'),
  `select i.line, 'site_code' as key, 'unknown_reference' as code, i.v->>'site_code' as value
   from import_row i left join site s on s.code = i.v->>'site_code' and s.region_id in (${IN_SCOPE}) where s.id is null`,
  `select i.line, 'code' as key, 'out_of_scope' as code, i.v->>'code' as value
   from import_row i join station t on t.code = i.v->>'code' join site s on s.id = t.site_id
   where s.region_id not in (${IN_SCOPE})`,
  `select i.line, 'site_code' as key, 'cannot_move' as code, i.v->>'site_code' as value
   from import_row i join station t on t.code = i.v->>'code' join site s on s.id = t.site_id
   where s.code <> i.v->>'site_code' and s.region_id in (${IN_SCOPE})`,
  // Money hangs on it: changed one at a time, by who may (../stations/term.ts).
  `select i.line, 'commissioned_at' as key, 'commissioned' as code, i.v->>'commissioned_at' as value
   from import_row i join station t on t.code = i.v->>'code' join site s on s.id = t.site_id
   where t.commissioned_at <> (i.v->>'commissioned_at')::timestamptz and s.region_id in (${IN_SCOPE})`,
];

const statement = `wanted as (
    select t.id, i.line, i.v->>'code' as code, i.v->>'name' as name, s.id as site_id,
      coalesce((i.v->>'commissioned_at')::timestamptz, t.commissioned_at) as commissioned_at
    from import_row i join site s on s.code = i.v->>'site_code' left join station t on t.code = i.v->>'code'),
  changed as (
    update station t set name = w.name, commissioned_at = w.commissioned_at, version = t.version + 1
    from wanted w where w.id = t.id and (t.name, t.commissioned_at) is distinct from (w.name, w.commissioned_at) returning 1),
  made as (
    insert into station (code, name, site_id, commissioned_at)
    select code, name, site_id, commissioned_at from wanted where id is null order by line returning 1)
  select (select count(*)::int from made) as created, (select count(*)::int from changed) as updated from context`;

export async function upsert(client: PoolClient, context: ImportContext): Promise<Applied> {
  return apply(client, statement, context);
}
