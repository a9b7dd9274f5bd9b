import type { Contract } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { orgSql, personSql } from '../access.ts';
import type { DocumentState } from './schemas.ts';

type Person = { readonly id: number; readonly name: string } | null;
type Org = { readonly id: number; readonly name: string; readonly kind: string } | null;

export interface StoredDocument {
  readonly id: number;
  readonly contract_id: number;
  readonly number: number;
  readonly state: DocumentState;
  readonly in_force: boolean;
  readonly document: Contract;
  readonly source_text: string;
  readonly sha256: string;
  readonly note: string | null;
  readonly created_at: Date;
  readonly created_user: Person;
  readonly created_org: Org;
  readonly proposed_at: Date | null;
  readonly proposed_user: Person;
  readonly proposed_org: Org;
  readonly decided_at: Date | null;
  readonly decided_user: Person;
  readonly decided_org: Org;
  readonly decision_note: string | null;
  readonly effective_from: string | null;
  readonly repair_terms_id: number | null;
  readonly version: number;
}

const SELECT = `select d.id, d.contract_id, d.number, d.state, d.document, d.source_text, encode(d.sha256, 'hex') as sha256, d.note, d.created_at,
    ${personSql('d.created_by')} as created_user, ${orgSql('d.created_org_id')} as created_org,
    d.proposed_at, ${personSql('d.proposed_by')} as proposed_user, ${orgSql('d.proposed_org_id')} as proposed_org,
    d.decided_at, ${personSql('d.decided_by')} as decided_user, ${orgSql('d.decided_org_id')} as decided_org,
    d.decision_note, d.effective_from::text, d.repair_terms_id, d.version,
    d.state = 'agreed' and d.id = (select f.id from contract_document f where f.contract_id = d.contract_id
      and f.state = 'agreed' order by f.decided_at desc, f.id desc limit 1) as in_force
  from contract_document d`;

/** Versions of a contract's document, newest first. */
export async function selectDocuments(db: Queryable, contractId: number): Promise<StoredDocument[]> {
  const { rows } = await db.query<StoredDocument>(
    `${SELECT} where d.contract_id = $1 order by d.number desc limit 500`,
    [contractId],
  );
  return rows;
}

export async function selectDocument(db: Queryable, contractId: number, id: number): Promise<StoredDocument | null> {
  const { rows } = await db.query<StoredDocument>(`${SELECT} where d.contract_id = $1 and d.id = $2`, [contractId, id]);
  return rows[0] ?? null;
}

/** The document that both sides agreed on last, or null. */
export async function selectInForce(db: Queryable, contractId: number): Promise<StoredDocument | null> {
  const { rows } = await db.query<StoredDocument>(
    `${SELECT} where d.contract_id = $1 and d.state = 'agreed' order by d.decided_at desc, d.id desc limit 1`,
    [contractId],
  );
  return rows[0] ?? null;
}

export interface DocumentContent {
  readonly document: Contract;
  readonly text: string;
  readonly sha256: Buffer;
  readonly note: string | null;
}

/** Id of a new draft. The contract's row is locked, so numbers don't collide. */
export async function insertDocument(
  db: Queryable,
  by: Member,
  contractId: number,
  { document, text, sha256, note }: DocumentContent,
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into contract_document (contract_id, number, document, source_text, sha256, note, created_by, created_org_id, created_at)
     values ($1, (select coalesce(max(number), 0) + 1 from contract_document where contract_id = $1), $2, $3, $4, $5, $6, $7, $8)
     returning id`,
    [contractId, JSON.stringify(document), text, sha256, note, by.userId, by.org.id, new Date(by.nowMs)],
  );
  return (rows[0] as { id: number }).id;
}

export async function updateDocument(db: Queryable, id: number, content: Partial<DocumentContent>): Promise<void> {
  await db.query(
    `update contract_document set document = coalesce($2, document), source_text = coalesce($3, source_text),
       sha256 = coalesce($4, sha256), note = coalesce($5, note), version = version + 1 where id = $1`,
    [
      id,
      content.document === undefined ? null : JSON.stringify(content.document),
      content.text ?? null,
      content.sha256 ?? null,
      content.note ?? null,
    ],
  );
}

export async function deleteDocument(db: Queryable, id: number): Promise<void> {
  await db.query('delete from contract_document where id = $1', [id]);
}

export async function setProposed(db: Queryable, by: Member, id: number): Promise<void> {
  await db.query(
    `update contract_document set state = 'proposed', proposed_by = $2, proposed_org_id = $3, proposed_at = $4,
       version = version + 1 where id = $1`,
    [id, by.userId, by.org.id, new Date(by.nowMs)],
  );
}

export interface DocumentDecision {
  readonly state: 'agreed' | 'rejected' | 'withdrawn';
  readonly note: string | null;
  readonly effectiveFrom?: string;
  readonly repairTermsId?: number | null;
}

export async function setDecided(db: Queryable, by: Member, id: number, decision: DocumentDecision): Promise<void> {
  const isOwn = decision.state === 'withdrawn';
  await db.query(
    `update contract_document set state = $2, decided_by = $3, decided_org_id = $4, decided_at = $5, decision_note = $6,
       effective_from = $7, repair_terms_id = $8, version = version + 1 where id = $1`,
    [
      id,
      decision.state,
      isOwn ? null : by.userId,
      isOwn ? null : by.org.id,
      new Date(by.nowMs),
      decision.note,
      decision.effectiveFrom ?? null,
      decision.repairTermsId ?? null,
    ],
  );
}
