import { contractVisible } from '../../availability/contracts/viewer.ts';
import type { Queryable } from '../../db/index.ts';
import { type Member, viewerOf } from '../../exclusions/parties.ts';
import { cursorFrom, type PageOf, pageOf } from '../../http/paging.ts';
import { Filter } from '../../registry/shared/filter.ts';
import { orgSql, personSql } from '../access.ts';
import type { NewStatement, StatementQuery, StatementRow, StatementState } from './schemas.ts';

type Person = { readonly id: number; readonly name: string } | null;
type Org = { readonly id: number; readonly name: string; readonly kind: string } | null;

/** A statement's row with what was frozen, except the contents. */
export interface StoredStatement extends StatementRow {
  readonly freeze_id: number | null;
  readonly submitted_at: Date | null;
  readonly submitted_user: Person;
  readonly submitted_org: Org;
  readonly agreed_at: Date | null;
  readonly agreed_user: Person;
  readonly agreed_org: Org;
  readonly ever_frozen: boolean;
  readonly upheld_disputes: number;
  readonly signed_sides: readonly string[];
}

const COLUMNS = `s.id, json_build_object('id', c.id, 'code', c.code, 'name', c.name, 'time_zone', c.time_zone) as contract,
  s.instalment, s.sub_period, s.from_day::text, s.to_day::text, s.state, s.created_at, s.version, s.freeze_id,
  f.total_fen, f.is_complete,
  (select e -> 'title' from contract_document d, json_array_elements(d.document -> 'schedule') e
    where e ->> 'id' = s.instalment and d.id = coalesce(f.document_id, (select g.id from contract_document g
      where g.contract_id = s.contract_id and g.state = 'agreed' order by g.decided_at desc, g.id desc limit 1)) limit 1) as title,
  (select count(*)::int from statement_dispute x where x.freeze_id = s.freeze_id and x.state = 'open') as open_disputes,
  (select count(*)::int from statement_dispute x where x.freeze_id = s.freeze_id and x.state = 'upheld') as upheld_disputes,
  (select r.difference_fen from restatement r where r.freeze_id = s.freeze_id order by r.id desc limit 1) as restated_fen,
  exists (select from statement_freeze a where a.statement_id = s.id) as ever_frozen,
  array(select g.side from statement_signature g where g.freeze_id = s.freeze_id) as signed_sides,
  s.submitted_at, ${personSql('s.submitted_by')} as submitted_user, ${orgSql('s.submitted_org_id')} as submitted_org,
  s.agreed_at, ${personSql('s.agreed_by')} as agreed_user, ${orgSql('s.agreed_org_id')} as agreed_org`;
const FROM =
  'from statement s join contract c on c.id = s.contract_id left join statement_freeze f on f.id = s.freeze_id';
const SORT = 'day-';

function seenBy(by: Member): Filter {
  const filter = new Filter();
  const { scope, orgId, seesAll } = viewerOf(by);
  return filter.where(contractVisible(filter.bind(scope), filter.bind(orgId), filter.bind(seesAll)));
}

/** Statements of the contracts that a person sees, latest period first. */
export async function selectStatements(
  db: Queryable,
  by: Member,
  query: StatementQuery & { readonly limit: number },
): Promise<PageOf<StoredStatement>> {
  const filter = seenBy(by);
  filter.optional(query.contract, (p) => `s.contract_id = ${p}`);
  filter.optional(query.state, (p) => `s.state = ${p}`);
  const after = cursorFrom(query.cursor, SORT, 2);
  if (after !== null) {
    filter.where(`(s.from_day, s.id) < (${filter.bind(after[0])}::date, ${filter.bind(after[1])}::int)`);
  }
  const { rows } = await db.query<StoredStatement>(
    `select ${COLUMNS} ${FROM} ${filter.sql} order by s.from_day desc, s.id desc limit ${query.limit + 1}`,
    filter.values,
  );
  return pageOf(rows, query.limit, SORT, (row) => [row.from_day, row.id]);
}

/** A statement that a person sees, or null. */
export async function selectStatement(db: Queryable, by: Member, id: number): Promise<StoredStatement | null> {
  const filter = seenBy(by);
  filter.where(`s.id = ${filter.bind(id)}`);
  const { rows } = await db.query<StoredStatement>(`select ${COLUMNS} ${FROM} ${filter.sql}`, filter.values);
  return rows[0] ?? null;
}

/** A statement, whoever looks: for the platform's own work. */
export async function selectStatementAnyhow(db: Queryable, id: number): Promise<StoredStatement | null> {
  const { rows } = await db.query<StoredStatement>(`select ${COLUMNS} ${FROM} where s.id = $1`, [id]);
  return rows[0] ?? null;
}

/** Locks a statement until the end of the transaction. */
export async function lockStatement(db: Queryable, id: number): Promise<void> {
  await db.query('select from statement where id = $1 for update', [id]);
}

/** Ids of the statements that a contract has, by what they settle. */
export async function statementIds(
  db: Queryable,
  contractId: number,
  which: 'all' | 'never_closed' = 'all',
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: number; key: string }>(
    `select id, concat_ws(' ', instalment, coalesce(sub_period, '-'), from_day, to_day) as key from statement s
     where contract_id = $1 and ($2 or not exists (select from statement_freeze f where f.statement_id = s.id))`,
    [contractId, which === 'all'],
  );
  return new Map(rows.map(({ id, key }) => [key, id]));
}

/** As {@link statementIds} names what a statement is about. */
export function keyOf(instalment: string, subPeriod: string | null, fromDay: string, toDay: string): string {
  return [instalment, subPeriod ?? '-', fromDay, toDay].join(' ');
}

/** Id of the new row. One of the same instalment and period is SQLSTATE 23505. */
export async function insertStatement(
  db: Queryable,
  by: { readonly userId: number | null; readonly nowMs: number },
  contractId: number,
  { instalment, sub_period, from_day, to_day }: NewStatement,
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into statement (contract_id, instalment, sub_period, from_day, to_day, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [contractId, instalment, sub_period ?? null, from_day, to_day, by.userId, new Date(by.nowMs)],
  );
  return (rows[0] as { id: number }).id;
}

export async function deleteStatement(db: Queryable, id: number): Promise<void> {
  await db.query('delete from statement where id = $1', [id]);
}

export async function setState(db: Queryable, id: number, state: StatementState): Promise<void> {
  await db.query('update statement set state = $2, version = version + 1 where id = $1', [id, state]);
}

export interface NewFreeze {
  readonly documentId: number;
  readonly content: string;
  readonly sha256: Buffer;
  readonly evidence: string;
  readonly evidenceSha256: Buffer;
  readonly isComplete: boolean;
  readonly totalFen: number;
  readonly closedIds: readonly number[];
}

/** Stores what a statement is closed with and makes it that of the statement. */
export async function insertFreeze(
  db: Queryable,
  by: Member,
  statementId: number,
  { documentId, content, sha256, evidence, evidenceSha256, isComplete, totalFen, closedIds }: NewFreeze,
): Promise<void> {
  const { rows } = await db.query<{ id: number }>(
    `insert into statement_freeze (statement_id, revision, document_id, content, sha256, evidence, evidence_sha256, is_complete,
       total_fen, closed_by, closed_at)
     values ($1, (select coalesce(max(revision), 0) + 1 from statement_freeze where statement_id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10)
     returning id`,
    [
      statementId,
      documentId,
      content,
      sha256,
      evidence,
      evidenceSha256,
      isComplete,
      totalFen,
      by.userId,
      new Date(by.nowMs),
    ],
  );
  const freezeId = (rows[0] as { id: number }).id;
  await db.query('insert into statement_closing (freeze_id, closed_id) select $1, unnest($2::int[])', [
    freezeId,
    closedIds,
  ]);
  await db.query(
    `update statement set state = 'closed', freeze_id = $2, checked_at = $3, version = version + 1 where id = $1`,
    [statementId, freezeId, new Date(by.nowMs)],
  );
}

/** Back to a draft; what it was closed with stays. */
export async function unfreeze(db: Queryable, id: number): Promise<void> {
  await db.query(
    `update statement set state = 'draft', freeze_id = null, submitted_by = null, submitted_org_id = null, submitted_at = null,
       agreed_by = null, agreed_org_id = null, agreed_at = null, checked_at = null, version = version + 1 where id = $1`,
    [id],
  );
}

export async function setSubmitted(db: Queryable, by: Member, id: number): Promise<void> {
  await db.query(
    `update statement set state = 'submitted', submitted_by = $2, submitted_org_id = $3, submitted_at = $4, version = version + 1
     where id = $1`,
    [id, by.userId, by.org.id, new Date(by.nowMs)],
  );
}

export async function setAgreed(db: Queryable, by: Member, id: number): Promise<void> {
  await db.query(
    `update statement set state = 'agreed', agreed_by = $2, agreed_org_id = $3, agreed_at = $4, version = version + 1 where id = $1`,
    [id, by.userId, by.org.id, new Date(by.nowMs)],
  );
}

export interface FreezeRow {
  readonly id: number;
  readonly revision: number;
  readonly document_id: number;
  readonly document_number: number;
  readonly content: string;
  readonly sha256: string;
  readonly evidence_sha256: string;
  readonly closed_at: Date;
  readonly closed_user: Person;
  readonly closings: readonly { id: number; from_day: string; to_day: string; figures_sha256: string }[];
}

export async function selectFreeze(db: Queryable, id: number): Promise<FreezeRow> {
  const { rows } = await db.query<FreezeRow>(
    `select f.id, f.revision, f.document_id, d.number as document_number, f.content, encode(f.sha256, 'hex') as sha256,
       encode(f.evidence_sha256, 'hex') as evidence_sha256, f.closed_at, ${personSql('f.closed_by')} as closed_user,
       coalesce((select json_agg(json_build_object('id', p.id, 'from_day', p.from_day::text, 'to_day', p.to_day::text,
           'figures_sha256', encode(p.figures_sha256, 'hex')) order by p.from_day)
         from statement_closing k join closed_period p on p.id = k.closed_id where k.freeze_id = f.id), '[]') as closings
     from statement_freeze f join contract_document d on d.id = f.document_id where f.id = $1`,
    [id],
  );
  return rows[0] as FreezeRow;
}

/** The evidence that a statement was closed with, canonical JSON. */
export async function selectEvidence(db: Queryable, freezeId: number): Promise<string> {
  const { rows } = await db.query<{ evidence: string }>('select evidence from statement_freeze where id = $1', [
    freezeId,
  ]);
  return (rows[0] as { evidence: string }).evidence;
}

export interface SignatureRow {
  readonly side: 'agency' | 'contractor';
  readonly user: Person;
  readonly org: Org;
  readonly name: string;
  readonly post: string;
  readonly sha256: string;
  readonly signed_at: Date;
}

export async function selectSignatures(db: Queryable, freezeId: number): Promise<SignatureRow[]> {
  const { rows } = await db.query<SignatureRow>(
    `select g.side, ${personSql('g.user_id')} as "user", ${orgSql('g.org_id')} as org, g.name, g.post,
       encode(g.sha256, 'hex') as sha256, g.signed_at from statement_signature g where g.freeze_id = $1 order by g.id`,
    [freezeId],
  );
  return rows;
}

export async function insertSignature(
  db: Queryable,
  by: Member,
  signature: {
    readonly statementId: number;
    readonly freezeId: number;
    readonly side: string;
    readonly name: string;
    readonly post: string;
    readonly sha256: string;
  },
): Promise<void> {
  await db.query(
    `insert into statement_signature (statement_id, freeze_id, side, user_id, org_id, name, post, sha256, signed_at)
     values ($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex'), $9)`,
    [
      signature.statementId,
      signature.freezeId,
      signature.side,
      by.userId,
      by.org.id,
      signature.name,
      signature.post,
      signature.sha256,
      new Date(by.nowMs),
    ],
  );
}

/** What happened to a statement, oldest first: the audit log's own words. */
export async function selectHistory(db: Queryable, id: number) {
  const { rows } = await db.query<{ at: Date; action: string; user: Person; org: Org; note: string | null }>(
    `select a.at, substr(a.action, length('statement.') + 1) as action, ${personSql('a.user_id')} as "user",
       ${orgSql('a.org_id')} as org, coalesce(a.detail ->> 'note', a.detail ->> 'reason') as note
     from audit_log a where a.subject = $1 order by a.id limit 500`,
    [`statement:${id}`],
  );
  return rows;
}
