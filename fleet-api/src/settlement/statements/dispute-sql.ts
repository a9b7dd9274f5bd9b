import type { Queryable } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { orgSql, personSql } from '../access.ts';

type Person = { readonly id: number; readonly name: string } | null;
type Org = { readonly id: number; readonly name: string; readonly kind: string };

export interface DisputeRow {
  readonly id: number;
  readonly freeze_id: number;
  readonly clause: string;
  readonly reason: string;
  readonly state: 'open' | 'withdrawn' | 'upheld';
  readonly opened_at: Date;
  readonly opened_user: Person;
  readonly opened_org: Org;
  readonly resolved_at: Date | null;
  readonly resolved_user: Person;
  readonly resolved_org: Org | null;
  readonly resolution_note: string | null;
}

const SELECT = `select x.id, x.freeze_id, x.clause, x.reason, x.state, x.opened_at, ${personSql('x.opened_by')} as opened_user,
    ${orgSql('x.opened_org_id')} as opened_org, x.resolved_at, ${personSql('x.resolved_by')} as resolved_user,
    ${orgSql('x.resolved_org_id')} as resolved_org, x.resolution_note
  from statement_dispute x where x.statement_id = $1`;

export async function selectDisputes(db: Queryable, statementId: number): Promise<DisputeRow[]> {
  const { rows } = await db.query<DisputeRow>(`${SELECT} order by x.id limit 200`, [statementId]);
  return rows;
}

export async function selectDispute(db: Queryable, statementId: number, id: number): Promise<DisputeRow | null> {
  const { rows } = await db.query<DisputeRow>(`${SELECT} and x.id = $2`, [statementId, id]);
  return rows[0] ?? null;
}

export async function insertDispute(
  db: Queryable,
  by: Member,
  dispute: {
    readonly statementId: number;
    readonly freezeId: number;
    readonly clause: string;
    readonly reason: string;
  },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into statement_dispute (statement_id, freeze_id, clause, reason, opened_by, opened_org_id, opened_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [dispute.statementId, dispute.freezeId, dispute.clause, dispute.reason, by.userId, by.org.id, new Date(by.nowMs)],
  );
  return (rows[0] as { id: number }).id;
}

export async function setResolved(
  db: Queryable,
  by: Member,
  id: number,
  state: 'withdrawn' | 'upheld',
  note: string | null,
): Promise<void> {
  await db.query(
    `update statement_dispute set state = $2, resolved_by = $3, resolved_org_id = $4, resolved_at = $5, resolution_note = $6
     where id = $1`,
    [id, state, by.userId, by.org.id, new Date(by.nowMs), note],
  );
}

export interface CommentRow {
  readonly dispute_id: number;
  readonly id: number;
  readonly body: string;
  readonly at: Date;
  readonly user: Person;
  readonly org: Org | null;
}

/** What was said about all disputes of a statement, oldest first. */
export async function selectComments(db: Queryable, statementId: number): Promise<CommentRow[]> {
  const { rows } = await db.query<CommentRow>(
    `select c.dispute_id, c.id, c.body, c.at, ${personSql('c.user_id')} as "user", ${orgSql('c.org_id')} as org
     from statement_comment c join statement_dispute x on x.id = c.dispute_id where x.statement_id = $1 order by c.id limit 1000`,
    [statementId],
  );
  return rows;
}

export async function insertComment(db: Queryable, by: Member, disputeId: number, body: string): Promise<void> {
  await db.query('insert into statement_comment (dispute_id, body, user_id, org_id, at) values ($1, $2, $3, $4, $5)', [
    disputeId,
    body,
    by.userId,
    by.org.id,
    new Date(by.nowMs),
  ]);
}
