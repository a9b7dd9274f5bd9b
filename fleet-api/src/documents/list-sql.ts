import { contractVisible, type Viewer } from '../availability/contracts/viewer.ts';
import type { Queryable } from '../db/index.ts';
import type { KeptFile } from './queue-sql.ts';

/** A document as its row tells. */
export interface DocumentRow {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly contract: { readonly id: number; readonly code: string; readonly name: string };
  readonly region: { readonly id: number; readonly name: string } | null;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly progress_done: number;
  readonly progress_total: number;
  readonly files: readonly KeptFile[];
  readonly error: string | null;
  readonly created_by: { readonly id: number; readonly name: string } | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly removed_at: Date | null;
  readonly created_key: string;
}

export interface Reader extends Viewer {
  readonly userId: number;
}

/** $1 scope, $2 organisation, $3 sees all, $4 the reader: who is bound to regions sees documents of places inside them, and his own. */
const SELECT = `select d.id, d.kind, d.subject, json_build_object('id', c.id, 'code', c.code, 'name', c.name) as contract,
  case when g.id is not null then json_build_object('id', g.id, 'name', g.name) end as region,
  d.state, d.progress_done, d.progress_total, d.files, d.error,
  case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as created_by,
  d.created_at, d.finished_at, d.removed_at, d.created_at::text as created_key
from document d join contract c on c.id = d.contract_id
left join region g on g.id = d.region_id left join app_user u on u.id = d.created_by
where ${contractVisible('$1', '$2', '$3')} and ($1::int[] is null or d.created_by = $4 or g.path && $1::int[])`;

function readerValues({ scope, orgId, seesAll, userId }: Reader): unknown[] {
  return [scope, orgId, seesAll, userId];
}

export async function selectDocument(db: Queryable, reader: Reader, id: string): Promise<DocumentRow | null> {
  const { rows } = await db.query<DocumentRow>(`${SELECT} and d.id = $5`, [...readerValues(reader), id]);
  return rows[0] ?? null;
}

export interface DocumentList {
  readonly subject: string | null;
  readonly kind: string | null;
  readonly contractId: number | null;
  readonly after: readonly [string, string] | null;
  readonly limit: number;
}

/** Newest first, after `after` (created_key, id) if given. */
export async function selectDocuments(db: Queryable, reader: Reader, list: DocumentList): Promise<DocumentRow[]> {
  const { rows } = await db.query<DocumentRow>(
    `${SELECT} and ($5::text is null or d.subject = $5) and ($6::text is null or d.kind = $6)
       and ($7::int is null or d.contract_id = $7)
       and ($8::timestamptz is null or (d.created_at, d.id) < ($8::timestamptz, $9::uuid))
     order by d.created_at desc, d.id desc limit $10`,
    [
      ...readerValues(reader),
      list.subject,
      list.kind,
      list.contractId,
      list.after?.[0] ?? null,
      list.after?.[1] ?? null,
      list.limit,
    ],
  );
  return rows;
}
