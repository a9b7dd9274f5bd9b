import type { Queryable } from './pool.ts';

/**
 * The schema as text in a stable order, read from the catalogues: what the migrations really make, on any server. It is
 * committed, so that a review sees what a migration changes.
 */
export async function dumpSchema(db: Queryable): Promise<string> {
  const parts = [
    await section(db, 'tables', TABLES),
    await section(db, 'constraints', CONSTRAINTS),
    await section(db, 'indexes', INDEXES),
    await section(db, 'views', VIEWS),
    await section(db, 'functions and triggers', ROUTINES),
    await section(db, 'hypertables', HYPERTABLES),
    await section(db, 'continuous aggregates', AGGREGATES),
    await section(db, 'policies', POLICIES),
  ];
  return `-- Generated from the migrations by "npm run generate". Do not edit.\n\n${parts.join('\n')}`;
}

async function section(db: Queryable, title: string, sql: string): Promise<string> {
  const { rows } = await db.query<{ line: string }>(sql);
  return `-- ${title}\n${rows.map(({ line }) => `${line}\n`).join('')}`;
}

const TABLES = `
  select 'table ' || c.relname || E'\\n' || string_agg(
      '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then ' not null' else '' end
        || case when a.attidentity <> '' then ' identity' else '' end
        || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''),
      E'\\n' order by a.attnum) as line
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'uptally'
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind = 'r' group by c.relname order by c.relname`;

const CONSTRAINTS = `
  select c.relname || '.' || k.conname || ': ' || pg_get_constraintdef(k.oid) as line
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'uptally'
  where k.contype <> 'n' order by c.relname, k.conname`;

const INDEXES = `
  select indexdef as line from pg_indexes where schemaname = 'uptally' order by tablename, indexname`;

const VIEWS = `
  select 'view ' || viewname as line from pg_views where schemaname = 'uptally' order by viewname`;

const ROUTINES = `
  select pg_get_functiondef(p.oid) as line, p.proname as name from pg_proc p
  join pg_namespace n on n.oid = p.pronamespace and n.nspname = 'uptally'
  where p.prokind = 'f'
  union all
  select pg_get_triggerdef(t.oid), t.tgname from pg_trigger t
  join pg_class c on c.oid = t.tgrelid
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'uptally'
  where not t.tgisinternal and t.tgname not like 'ts_%' order by 2`;

const HYPERTABLES = `
  select h.hypertable_name || ' by ' || d.column_name || ' every ' || d.time_interval
    || case when h.compression_enabled then ', compressed' else '' end as line
  from timescaledb_information.hypertables h
  join timescaledb_information.dimensions d using (hypertable_schema, hypertable_name)
  where h.hypertable_schema = 'uptally' order by 1`;

const AGGREGATES = `
  select view_name || ': ' || regexp_replace(view_definition, '\\s+', ' ', 'g') as line
  from timescaledb_information.continuous_aggregates where view_schema = 'uptally' order by 1`;

const POLICIES = `
  select proc_name || ' every ' || schedule_interval || ' on '
    || coalesce((select view_name from timescaledb_information.continuous_aggregates a
         where a.materialization_hypertable_name = j.hypertable_name), hypertable_name) || ' '
    || (config - 'hypertable_id' - 'mat_hypertable_id')::text as line
  from timescaledb_information.jobs j where proc_name like 'policy_%' and hypertable_name is not null order by 1`;
