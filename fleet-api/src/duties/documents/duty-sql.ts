import type { Queryable } from '../../db/index.ts';
import type { Member, OrgRef, Parties } from '../../exclusions/parties.ts';
import { cursorFrom, type PageOf, pageOf } from '../../http/paging.ts';
import { Filter } from '../../registry/shared/filter.ts';
import { CONTRACT_JSON, contractsOf, orgJson, PARTIES_JSON, personJson } from '../contract.ts';
import type { DocumentDuty, DutyQuery, NewDuty } from './schemas.ts';

type Plain = Omit<DocumentDuty, 'proposed' | 'decided' | 'ending' | 'next' | 'actions'>;
export interface DutyRow extends Plain {
  readonly parties: Parties;
  readonly term_to: string | null;
  readonly proposed_at: Date;
  readonly proposed_user: DocumentDuty['proposed']['user'];
  readonly proposed_org: DocumentDuty['proposed']['org'];
  readonly decided_at: Date | null;
  readonly decided_user: DocumentDuty['proposed']['user'];
  readonly decided_org: DocumentDuty['proposed']['org'] | null;
  readonly decision_note: string | null;
  readonly end_day: string | null;
  readonly end_at: Date | null;
  readonly end_user: DocumentDuty['proposed']['user'];
  readonly end_org: (DocumentDuty['proposed']['org'] & OrgRef) | null;
}

const COLUMNS = `d.id, ${CONTRACT_JSON} as contract, ${PARTIES_JSON} as parties, c.term_to::text, d.duty_id, d.name, d.kind, d.cycle,
  d.counted_from, d.due_rule, d.due_days, d.from_day::text, d.until_day::text, d.state, d.version,
  d.proposed_at, ${personJson('d.proposed_by')} as proposed_user, ${orgJson('d.proposed_org_id')} as proposed_org,
  d.decided_at, ${personJson('d.decided_by')} as decided_user, ${orgJson('d.decided_org_id')} as decided_org, d.decision_note,
  d.end_day::text, d.end_at, ${personJson('d.end_by')} as end_user, ${orgJson('d.end_org_id')} as end_org`;
const FROM = 'from document_duty d join contract c on c.id = d.contract_id';
const SORT = 'duty';

export async function selectDuties(
  db: Queryable,
  by: Member,
  query: DutyQuery & { readonly limit: number },
): Promise<PageOf<DutyRow>> {
  const filter = new Filter();
  contractsOf(filter, by);
  filter.optional(query.contract, (p) => `d.contract_id = ${p}`);
  filter.optional(query.state, (p) => `d.state = ${p}`);
  filter.optional(cursorFrom(query.cursor, SORT, 1)?.[0] ?? undefined, (p) => `d.id < ${p}::bigint`);
  const { rows } = await db.query<DutyRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} order by d.id desc limit ${query.limit + 1}`,
    filter.values,
  );
  return pageOf(rows, query.limit, SORT, (row) => [row.id]);
}

/** One duty that the person sees, or null; locked until the end of the transaction if asked. */
export async function selectDuty(
  db: Queryable,
  by: Member,
  id: number,
  { lock }: { readonly lock: boolean },
): Promise<DutyRow | null> {
  const filter = new Filter();
  contractsOf(filter, by);
  filter.where(`d.id = ${filter.bind(id)}`);
  const { rows } = await db.query<DutyRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} ${lock ? 'for no key update of d' : ''}`,
    filter.values,
  );
  return rows[0] ?? null;
}

export async function insertDuty(db: Queryable, by: Member, wish: NewDuty): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into document_duty (contract_id, duty_id, name, kind, cycle, counted_from, due_rule, due_days, from_day, until_day,
       proposed_by, proposed_org_id, proposed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id`,
    [
      wish.contract_id,
      wish.duty_id,
      wish.name,
      wish.kind,
      wish.cycle,
      wish.counted_from ?? 'calendar',
      wish.due_rule,
      wish.due_days,
      wish.from_day,
      wish.until_day ?? null,
      by.userId,
      by.org.id,
      new Date(by.nowMs),
    ],
  );
  return (rows[0] as { id: number }).id;
}

export async function setDutyDecision(
  db: Queryable,
  by: Member,
  id: number,
  state: 'agreed' | 'rejected',
  note: string | null,
): Promise<void> {
  await db.query(
    `update document_duty set state = $2, decided_by = $3, decided_org_id = $4, decided_at = $5, decision_note = $6,
       version = version + 1 where id = $1`,
    [id, state, by.userId, by.org.id, new Date(by.nowMs), note],
  );
}

/** Asks to end a duty on a day, or with null takes that back. */
export async function setEnding(db: Queryable, by: Member, id: number, day: string | null): Promise<void> {
  const [user, org, at] = day === null ? [null, null, null] : [by.userId, by.org.id, new Date(by.nowMs)];
  await db.query(
    `update document_duty set end_day = $2, end_by = $3, end_org_id = $4, end_at = $5, version = version + 1 where id = $1`,
    [id, day, user, org, at],
  );
}

/** Ends a duty: what begins on that day or later and was not handed in is not owed. */
export async function endDuty(db: Queryable, id: number, day: string): Promise<void> {
  await db.query('update document_duty set until_day = $2, version = version + 1 where id = $1', [id, day]);
  await db.query(`delete from document_due where document_duty_id = $1 and from_day >= $2 and state = 'open'`, [
    id,
    day,
  ]);
}
