import type { Queryable } from '../db/index.ts';
import { livenessSpans } from '../platform/index.ts';
import type { Platform } from './schemas.ts';

/** Hypertables in display order. */
const RECORDS = [
  'rec_beat',
  'rec_health',
  'rec_net',
  'rec_sim',
  'rec_event',
  'rec_result',
  'rec_log',
  'rec_other',
] as const;

export async function selectVersions(
  db: Queryable,
): Promise<Pick<Platform, 'postgres' | 'timescaledb' | 'database_bytes'>> {
  const { rows } = await db.query<Pick<Platform, 'postgres' | 'timescaledb' | 'database_bytes'>>(
    `select current_setting('server_version') as postgres, pg_database_size(current_database()) as database_bytes,
       (select extversion from pg_extension where extname = 'timescaledb') as timescaledb`,
  );
  return rows[0] as Pick<Platform, 'postgres' | 'timescaledb' | 'database_bytes'>;
}

/** Rows as the planner knows them (not counted) and bytes on disk, of every record table. */
export async function selectTables(db: Queryable): Promise<Platform['tables']> {
  const { rows } = await db.query<Platform['tables'][number]>(
    `select name, approximate_row_count(('uptally.' || name)::regclass) as rows_estimated,
       coalesce(hypertable_size(('uptally.' || name)::regclass), 0) as bytes
     from unnest($1::text[]) with ordinality as t(name, n) order by n`,
    [RECORDS],
  );
  return rows;
}

/** Records received since `since`, by kind. Late ones, which lie in older chunks, count up to a day back. */
export async function selectIngest(db: Queryable, since: Date): Promise<Platform['ingest']> {
  const counts = RECORDS.map(
    (table) =>
      `select '${table.slice(4)}' as kind, count(*)::int as records from ${table}
       where rcv_at >= $1 and ts >= $1::timestamptz - interval '1 day'`,
  );
  const { rows } = await db.query<Platform['ingest'][number]>(counts.join(' union all '), [since]);
  return rows;
}

export async function selectCounters(
  db: Queryable,
  since: Date,
): Promise<Pick<Platform, 'quarantined_24h' | 'commands_open'>> {
  const { rows } = await db.query<Pick<Platform, 'quarantined_24h' | 'commands_open'>>(
    `select (select count(*)::int from quarantine where at >= $1) as quarantined_24h,
       (select count(*)::int from command where state in ('queued', 'delivered', 'accepted', 'running')) as commands_open`,
    [since],
  );
  return rows[0] as Pick<Platform, 'quarantined_24h' | 'commands_open'>;
}

/** How far the readers of the outbox are behind, in events (counted up to 10,000). */
export async function selectReaders(db: Queryable): Promise<Platform['outbox']> {
  const { rows } = await db.query<Platform['outbox'][number]>(
    `select c.reader, c.moved_at, (select count(*)::int from
       (select 1 from outbox o where o.id > c.id limit 10000) late) as behind
     from outbox_cursor c order by c.reader`,
  );
  return rows;
}

/** Outages shown of a component, newest first. */
const MAX_OUTAGES = 50;

/** Since when each component of the platform is known to live, and its own outages since an instant, as figures count them. */
export async function selectLiveness(db: Queryable, since: Date): Promise<Platform['liveness']> {
  const all = await livenessSpans(db, new Date(0));
  return [...new Set(all.map(({ component }) => component))].sort().map((component) => {
    const spans = all.filter((span) => span.component === component);
    const [first, last] = [spans[0], spans.at(-1)];
    const outages = spans.flatMap(({ to_at: from }, i) => {
      const to = spans[i + 1]?.from_at;
      return to === undefined || to < since ? [] : [{ from, to }];
    });
    return {
      component,
      since: first?.from_at ?? since,
      last_alive_at: last?.to_at ?? since,
      outages: outages.reverse().slice(0, MAX_OUTAGES),
    };
  });
}
