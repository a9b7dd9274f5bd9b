import { contractVisible, type Viewer } from '../availability/contracts/viewer.ts';
import type { PoolClient, Queryable } from '../db/index.ts';
import type { Parties } from '../exclusions/parties.ts';
import type { ReportKind } from './kinds.ts';
import type { Headline, Report } from './schemas.ts';

type Plain = Pick<
  Report,
  | 'id'
  | 'contract'
  | 'kind'
  | 'region'
  | 'from_day'
  | 'to_day'
  | 'edition'
  | 'is_latest'
  | 'origin'
  | 'language'
  | 'state'
  | 'advice'
  | 'version'
>;

/** Files as their row tells; null without one. */
export interface FilesRow {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly files: readonly { readonly name: string; readonly media_type: string; readonly bytes: number }[];
  readonly error: string | null;
}

export interface ReportRow extends Plain {
  readonly parties: Parties;
  readonly figures_at: Date | null;
  readonly headline: Headline | null;
  readonly draft: FilesRow | null;
  readonly final: FilesRow | null;
  readonly created_by: { readonly id: number; readonly name: string } | null;
  readonly created_at: Date;
  readonly released_by: { readonly id: number; readonly name: string } | null;
  readonly released_at: Date | null;
  readonly created_key: string;
}

export interface Reader extends Viewer {
  readonly userId: number;
}

const person = (id: string): string =>
  `(select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = ${id})`;
const files = (id: string): string =>
  `(select json_build_object('id', d.id, 'state', d.state, 'done', d.progress_done, 'total', d.progress_total, 'error', d.error,
    'files', case when d.removed_at is null then d.files else '[]' end) from document d where d.id = ${id})`;

/** $1 scope, $2 organisation, $3 sees all, $4 the reader: who is bound to regions sees reports of places inside them, and his own. */
const SELECT = `select p.id, p.kind, p.from_day::text, p.to_day::text, p.edition, p.origin, p.language, p.state, p.advice, p.version,
  p.figures_at, p.headline, p.created_at, p.released_at, p.created_at::text as created_key,
  json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'is_baseline', c.is_baseline,
    'time_zone', c.time_zone) as contract,
  json_build_object('is_baseline', c.is_baseline, 'agency_org_id', c.agency_org_id, 'contractor_org_id', c.contractor_org_id) as parties,
  case when g.id is not null then json_build_object('id', g.id, 'name', g.name) end as region,
  not exists (select from report o where o.contract_id = p.contract_id and o.kind = p.kind and o.from_day = p.from_day
    and o.region_id is not distinct from p.region_id and o.edition > p.edition) as is_latest,
  ${files('p.draft_document')} as draft, ${files('p.final_document')} as final,
  ${person('p.created_by')} as created_by, ${person('p.released_by')} as released_by
from report p join contract c on c.id = p.contract_id left join region g on g.id = p.region_id
where ${contractVisible('$1', '$2', '$3')} and ($1::int[] is null or p.created_by = $4 or g.path && $1::int[])`;

const valuesOf = ({ scope, orgId, seesAll, userId }: Reader): unknown[] => [scope, orgId, seesAll, userId];

export async function selectReport(db: Queryable, reader: Reader, id: number): Promise<ReportRow | null> {
  const { rows } = await db.query<ReportRow>(`${SELECT} and p.id = $5`, [...valuesOf(reader), id]);
  return rows[0] ?? null;
}

export interface ReportList {
  readonly contract?: number | undefined;
  readonly kind?: string | undefined;
  readonly region?: number | undefined;
  readonly after: readonly [string, number] | null;
  readonly limit: number;
}

/** Newest first, after `after` (created_key, id) if given. */
export async function selectReports(db: Queryable, reader: Reader, list: ReportList): Promise<ReportRow[]> {
  const { rows } = await db.query<ReportRow>(
    `${SELECT} and ($5::int is null or p.contract_id = $5) and ($6::text is null or p.kind = $6)
       and ($7::int is null or p.region_id = $7)
       and ($8::timestamptz is null or (p.created_at, p.id) < ($8::timestamptz, $9::int))
     order by p.created_at desc, p.id desc limit $10`,
    [
      ...valuesOf(reader),
      list.contract ?? null,
      list.kind ?? null,
      list.region ?? null,
      list.after?.[0] ?? null,
      list.after?.[1] ?? null,
      list.limit,
    ],
  );
  return rows;
}

export interface ReportInsert {
  readonly contractId: number;
  readonly kind: ReportKind;
  readonly regionId: number | null;
  readonly from: string;
  readonly to: string;
  readonly origin: 'schedule' | 'person';
  readonly language: 'zh' | 'en';
  readonly userId: number | null;
  readonly nowMs: number;
}

/**
 * The next edition of a period; its id, or null if the clock made that period already. Editions of a contract are numbered one after
 * the other: whoever adds one holds the contract's row until the end of the transaction.
 */
export async function insertReport(client: PoolClient, report: ReportInsert): Promise<number | null> {
  const { contractId, kind, regionId, from, to, origin, language, userId, nowMs } = report;
  await client.query('select from contract where id = $1 for no key update', [contractId]);
  const { rows } = await client.query<{ id: number }>(
    `insert into report (contract_id, kind, region_id, from_day, to_day, edition, origin, language, created_by, created_at)
     values ($1, $2, $3, $4, $5, 1 + coalesce((select max(edition) from report where contract_id = $1 and kind = $2
       and region_id is not distinct from $3::int and from_day = $4::date), 0), $6, $7, $8, $9)
     on conflict (contract_id, kind, from_day) where origin = 'schedule' do nothing returning id`,
    [contractId, kind, regionId, from, to, origin, language, userId, new Date(nowMs)],
  );
  return rows[0]?.id ?? null;
}

/** Remembers where its files are made: of the draft or, once released, for good. */
export async function setDocument(
  client: PoolClient,
  id: number,
  column: 'draft' | 'final',
  documentId: string,
): Promise<void> {
  const name = column === 'draft' ? 'draft_document' : 'final_document';
  await client.query(`update report set ${name} = $2 where id = $1`, [id, documentId]);
}

/** True if it stood at that version and was a draft. */
export async function setAdvice(client: PoolClient, id: number, version: number, advice: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update report set advice = $3, version = version + 1 where id = $1 and version = $2 and state = 'draft'`,
    [id, version, advice],
  );
  return rowCount === 1;
}

/** True if it stood at that version and was a draft with figures. */
export async function setReleased(
  client: PoolClient,
  id: number,
  version: number,
  by: { readonly userId: number; readonly nowMs: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update report set state = 'released', released_by = $3, released_at = $4, version = version + 1
     where id = $1 and version = $2 and state = 'draft' and figures is not null`,
    [id, version, by.userId, new Date(by.nowMs)],
  );
  return rowCount === 1;
}

/** What its maker has to know. */
export interface MakeRow {
  readonly id: number;
  readonly contract_id: number;
  readonly contract_code: string;
  readonly kind: ReportKind;
  readonly region_id: number | null;
  readonly from_day: string;
  readonly to_day: string;
  readonly edition: number;
  readonly language: 'zh' | 'en';
  readonly state: 'draft' | 'released';
  readonly advice: string;
  readonly figures: Buffer | null;
}

export async function selectForMaking(db: Queryable, id: number): Promise<MakeRow | null> {
  const { rows } = await db.query<MakeRow>(
    `select p.id, p.contract_id, c.code as contract_code, p.kind, p.region_id, p.from_day::text, p.to_day::text, p.edition, p.language,
       p.state, p.advice, p.figures
     from report p join contract c on c.id = p.contract_id where p.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Keeps the figures of a report that has none yet: of two makers the first wins. */
export async function keepFigures(
  db: Queryable,
  id: number,
  figures: Buffer,
  atMs: number,
  headline: Headline,
): Promise<void> {
  await db.query('update report set figures = $2, figures_at = $3, headline = $4 where id = $1 and figures is null', [
    id,
    figures,
    new Date(atMs),
    JSON.stringify(headline),
  ]);
}
