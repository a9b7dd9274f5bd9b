import type { Queryable } from '../../db/index.ts';

/** A request for a bundle, as its maker needs it. */
export interface BundleJob {
  readonly id: string;
  readonly contract_id: number;
  readonly from_day: string;
  readonly to_day: string;
  readonly region_id: number | null;
  readonly site_id: number | null;
  readonly station_id: number | null;
  /** The statement that it is the evidence of; null: of none. */
  readonly statement_id: number | null;
}

/** A running job that was not heard of for this long belongs to a process that died, ms. */
const ABANDONED_MS = 2 * 60_000;

const JOB = `id, contract_id, to_char(from_day, 'YYYY-MM-DD') as from_day, to_char(to_day, 'YYYY-MM-DD') as to_day, region_id, site_id, station_id, statement_id`;

/** Takes the oldest waiting job, or one whose maker died; null if there is none. */
export async function takeJob(db: Queryable, now: Date): Promise<BundleJob | null> {
  const { rows } = await db.query<BundleJob>(
    `update evidence_bundle set state = 'running', stations_done = 0, updated_at = $1
     where id = (select id from evidence_bundle
       where state = 'queued' or (state = 'running' and updated_at < $1::timestamptz - interval '${ABANDONED_MS} ms')
       order by created_at limit 1 for update skip locked)
     returning ${JOB}`,
    [now],
  );
  return rows[0] ?? null;
}

/** Tells how far a job is; false if it was taken over or removed. */
export async function tellProgress(
  db: Queryable,
  id: string,
  now: Date,
  done: number,
  total: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update evidence_bundle set stations_done = $3, stations_total = $4, updated_at = $2 where id = $1 and state = 'running'`,
    [id, now, done, total],
  );
  return rowCount === 1;
}

export async function tellDone(
  db: Queryable,
  id: string,
  now: Date,
  file: { readonly name: string; readonly bytes: number; readonly sha256: Buffer },
): Promise<void> {
  await db.query(
    `update evidence_bundle set state = 'done', file_name = $3, file_bytes = $4, sha256 = $5, updated_at = $2, finished_at = $2 where id = $1`,
    [id, now, file.name, file.bytes, file.sha256],
  );
}

export async function tellFailed(db: Queryable, id: string, now: Date, error: string): Promise<void> {
  await db.query(
    `update evidence_bundle set state = 'failed', error = $3, updated_at = $2, finished_at = $2 where id = $1`,
    [id, now, error.slice(0, 500)],
  );
}

/** What asks for a bundle; days in the zone of the contract, `toDay` exclusive. */
export interface NewJob {
  readonly id: string;
  readonly contractId: number;
  readonly fromDay: string;
  readonly toDay: string;
  readonly regionId: number | null;
  readonly siteId: number | null;
  readonly stationId: number | null;
  readonly statementId?: number | null;
  readonly createdBy: number;
  readonly now: Date;
}

export async function insertJob(db: Queryable, job: NewJob): Promise<void> {
  await db.query(
    `insert into evidence_bundle
       (id, contract_id, from_day, to_day, region_id, site_id, station_id, created_by, created_at, updated_at, statement_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`,
    [
      job.id,
      job.contractId,
      job.fromDay,
      job.toDay,
      job.regionId,
      job.siteId,
      job.stationId,
      job.createdBy,
      job.now,
      job.statementId ?? null,
    ],
  );
}

/** A bundle as the API shows it. */
export interface BundleRow {
  readonly id: string;
  readonly contract: { readonly id: number; readonly code: string; readonly name: string };
  readonly from_day: string;
  readonly to_day: string;
  readonly scope: {
    readonly kind: 'contract' | 'region' | 'site' | 'station';
    readonly id: number | null;
    readonly name: string | null;
  };
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly stations_total: number | null;
  readonly stations_done: number;
  readonly file_name: string | null;
  readonly file_bytes: number | null;
  /** The file was taken away after its time. */
  readonly removed: boolean;
  readonly sha256: string | null;
  readonly error: string | null;
  readonly statement_id: number | null;
  readonly created_by: { readonly id: number; readonly name: string } | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly created_key: string;
}

/** $1 visible regions: who is bound to regions sees bundles of places inside them, and his own. $2 the reader. */
const SELECT = `select b.id, json_build_object('id', k.id, 'code', k.code, 'name', k.name) as contract,
  to_char(b.from_day, 'YYYY-MM-DD') as from_day, to_char(b.to_day, 'YYYY-MM-DD') as to_day,
  json_build_object(
    'kind', case when b.station_id is not null then 'station' when b.site_id is not null then 'site'
      when b.region_id is not null then 'region' else 'contract' end,
    'id', coalesce(b.station_id, b.site_id, b.region_id), 'name', coalesce(t.name, s.name, g.name)) as scope,
  b.state, b.stations_total, b.stations_done, b.file_name, b.file_bytes, b.state = 'done' and b.file_name is null as removed, encode(b.sha256, 'hex') as sha256, b.error, b.statement_id,
  case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as created_by,
  b.created_at, b.finished_at, b.created_at::text as created_key
from evidence_bundle b join contract k on k.id = b.contract_id
left join station t on t.id = b.station_id left join site s on s.id = coalesce(b.site_id, t.site_id)
left join region g on g.id = coalesce(b.region_id, s.region_id) left join app_user u on u.id = b.created_by
where ($1::int[] is null or b.created_by = $2 or g.path && $1::int[])`;

export interface Reader {
  readonly scope: readonly number[] | null;
  readonly userId: number;
}

export async function findBundle(db: Queryable, reader: Reader, id: string): Promise<BundleRow | null> {
  const { rows } = await db.query<BundleRow>(`${SELECT} and b.id = $3`, [reader.scope, reader.userId, id]);
  return rows[0] ?? null;
}

/** Newest first, after `after` (created_key, id) if given. */
export async function listBundles(
  db: Queryable,
  reader: Reader,
  page: { readonly after: readonly [string, string] | null; readonly limit: number },
): Promise<BundleRow[]> {
  const { rows } = await db.query<BundleRow>(
    `${SELECT} and ($3::timestamptz is null or (b.created_at, b.id) < ($3::timestamptz, $4::uuid))
     order by b.created_at desc, b.id desc limit $5`,
    [reader.scope, reader.userId, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
  return rows;
}
