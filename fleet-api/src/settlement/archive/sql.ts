import type { Queryable } from '../../db/index.ts';
import { personSql } from '../access.ts';

export interface ArchiveRow {
  readonly seq: number;
  readonly sha256: string;
  readonly previous_sha256: string | null;
  readonly archived_at: Date;
}

/** Where a statement stands in its contract's chain, or null. */
export async function archiveOf(db: Queryable, statementId: number): Promise<ArchiveRow | null> {
  const { rows } = await db.query<ArchiveRow>(
    `select seq, encode(sha256, 'hex') as sha256, encode(previous_sha256, 'hex') as previous_sha256, archived_at
     from statement_archive where statement_id = $1`,
    [statementId],
  );
  return rows[0] ?? null;
}

export interface ArchiveEntry extends ArchiveRow {
  readonly statement_id: number;
  readonly archived_user: { readonly id: number; readonly name: string } | null;
  readonly title: { readonly zh: string; readonly en: string };
  readonly from_day: string;
  readonly to_day: string;
  readonly total_fen: number;
}

/** The chain of a contract, oldest first. */
export async function selectArchive(db: Queryable, contractId: number): Promise<ArchiveEntry[]> {
  const { rows } = await db.query<ArchiveEntry>(
    `select a.seq, encode(a.sha256, 'hex') as sha256, encode(a.previous_sha256, 'hex') as previous_sha256, a.archived_at,
       a.statement_id, ${personSql('a.archived_by')} as archived_user, s.from_day::text, s.to_day::text, f.total_fen,
       (select e -> 'title' from contract_document d, json_array_elements(d.document -> 'schedule') e
        where d.id = f.document_id and e ->> 'id' = s.instalment) as title
     from statement_archive a join statement s on s.id = a.statement_id join statement_freeze f on f.id = s.freeze_id
     where a.contract_id = $1 order by a.seq limit 5000`,
    [contractId],
  );
  return rows;
}

export interface ChainRow {
  readonly seq: number;
  readonly statement_id: number;
  readonly content: string;
  readonly sha256: string;
  readonly previous_sha256: string | null;
  /** What the statement's row says was frozen, now. */
  readonly freeze_content: string | null;
}

/** Entries of a chain after `afterSeq`, with the rows that they tell of. */
export async function selectChain(
  db: Queryable,
  contractId: number,
  afterSeq: number,
  limit: number,
): Promise<ChainRow[]> {
  const { rows } = await db.query<ChainRow>(
    `select a.seq, a.statement_id, a.content, encode(a.sha256, 'hex') as sha256,
       encode(a.previous_sha256, 'hex') as previous_sha256, f.content as freeze_content
     from statement_archive a join statement s on s.id = a.statement_id left join statement_freeze f on f.id = s.freeze_id
     where a.contract_id = $1 and a.seq > $2 order by a.seq limit $3`,
    [contractId, afterSeq, limit],
  );
  return rows;
}

export async function selectContent(db: Queryable, statementId: number): Promise<string | null> {
  const { rows } = await db.query<{ content: string }>(
    'select content from statement_archive where statement_id = $1',
    [statementId],
  );
  return rows[0]?.content ?? null;
}

/** The newest entry of a chain, or null. Its contract's row is locked. */
export async function newestEntry(db: Queryable, contractId: number): Promise<{ seq: number; sha256: string } | null> {
  const { rows } = await db.query<{ seq: number; sha256: string }>(
    `select seq, encode(sha256, 'hex') as sha256 from statement_archive where contract_id = $1 order by seq desc limit 1`,
    [contractId],
  );
  return rows[0] ?? null;
}

export interface NewEntry {
  readonly contractId: number;
  readonly seq: number;
  readonly statementId: number;
  readonly content: string;
  readonly sha256: Buffer;
  readonly previous: string | null;
  readonly userId: number | null;
  readonly nowMs: number;
}

export async function insertEntry(db: Queryable, entry: NewEntry): Promise<void> {
  await db.query(
    `insert into statement_archive (contract_id, seq, statement_id, content, sha256, previous_sha256, archived_by, archived_at)
     values ($1, $2, $3, $4, $5, decode($6, 'hex'), $7, $8)`,
    [
      entry.contractId,
      entry.seq,
      entry.statementId,
      entry.content,
      entry.sha256,
      entry.previous,
      entry.userId,
      new Date(entry.nowMs),
    ],
  );
}
