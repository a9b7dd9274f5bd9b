import type { MetricValue } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { Filter } from '../../registry/shared/filter.ts';
import { orgSql, personSql } from '../access.ts';
import type { MetricInput, NewInput } from './schemas.ts';

type Person = { readonly id: number; readonly name: string } | null;
type Org = { readonly id: number; readonly name: string; readonly kind: string };

export interface InputRow {
  readonly id: number;
  readonly contract_id: number;
  readonly metric: string;
  readonly from_day: string;
  readonly to_day: string;
  readonly value: MetricValue;
  readonly source: string;
  readonly state: MetricInput['state'];
  readonly proposed_at: Date;
  readonly proposed_user: Person;
  readonly proposed_org: Org;
  readonly decided_at: Date | null;
  readonly decided_user: Person;
  readonly decided_org: Org | null;
  readonly decision_note: string | null;
}

const SELECT = `select i.id, i.contract_id, i.metric, i.from_day::text, i.to_day::text, i.value, i.source, i.state,
    i.proposed_at, ${personSql('i.proposed_by')} as proposed_user, ${orgSql('i.proposed_org_id')} as proposed_org,
    i.decided_at, ${personSql('i.decided_by')} as decided_user, ${orgSql('i.decided_org_id')} as decided_org, i.decision_note
  from metric_input i`;

/** What was stated of a contract's metrics, newest first. */
export async function selectInputs(
  db: Queryable,
  contractId: number,
  { metric, state }: { readonly metric?: string; readonly state?: string },
): Promise<InputRow[]> {
  const filter = new Filter();
  filter.where(`i.contract_id = ${filter.bind(contractId)}`);
  filter.optional(metric, (p) => `i.metric = ${p}`);
  filter.optional(state, (p) => `i.state = ${p}`);
  const { rows } = await db.query<InputRow>(`${SELECT} ${filter.sql} order by i.id desc limit 500`, filter.values);
  return rows;
}

export async function selectInput(db: Queryable, contractId: number, id: number): Promise<InputRow | null> {
  const { rows } = await db.query<InputRow>(`${SELECT} where i.contract_id = $1 and i.id = $2`, [contractId, id]);
  return rows[0] ?? null;
}

/** The same, locked until the end of the transaction. */
export async function lockInput(db: Queryable, contractId: number, id: number): Promise<InputRow | null> {
  await db.query('select from metric_input where contract_id = $1 and id = $2 for update', [contractId, id]);
  return selectInput(db, contractId, id);
}

export async function insertInput(db: Queryable, by: Member, contractId: number, wish: NewInput): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into metric_input (contract_id, metric, from_day, to_day, value, source, proposed_by, proposed_org_id, proposed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      contractId,
      wish.metric,
      wish.from_day,
      wish.to_day,
      JSON.stringify(wish.value),
      wish.source,
      by.userId,
      by.org.id,
      new Date(by.nowMs),
    ],
  );
  return (rows[0] as { id: number }).id;
}

export async function setDecided(
  db: Queryable,
  by: Member,
  id: number,
  state: 'agreed' | 'rejected' | 'withdrawn',
  note: string | null,
): Promise<void> {
  const isOwn = state === 'withdrawn';
  await db.query(
    `update metric_input set state = $2, decided_by = $3, decided_org_id = $4, decided_at = $5, decision_note = $6 where id = $1`,
    [id, state, isOwn ? null : by.userId, isOwn ? null : by.org.id, new Date(by.nowMs), note],
  );
}
