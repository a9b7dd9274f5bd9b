import { addDays, dayOf } from '@uptally/sla';
import { inTransaction, type Pool, type PoolClient, type Queryable } from '../../db/index.ts';
import { type DocumentTerms, type DuePeriod, duePeriods } from './cycles.ts';

/** How far ahead documents are shown that fall due, days before their period begins. */
export const AHEAD_DAYS = 35;

export interface DutyTermsRow {
  readonly cycle: DocumentTerms['cycle'];
  readonly counted_from: DocumentTerms['countedFrom'];
  readonly due_rule: DocumentTerms['dueRule'];
  readonly due_days: number;
  readonly from_day: string;
  readonly until_day: string | null;
  /** End of the contract. */
  readonly term_to: string | null;
}

/** The terms of a duty, which ends with its contract at the latest. */
export function termsOf(row: DutyTermsRow): DocumentTerms {
  const ends = [row.until_day, row.term_to].filter((day) => day !== null).sort();
  return {
    cycle: row.cycle,
    countedFrom: row.counted_from,
    dueRule: row.due_rule,
    dueDays: row.due_days,
    fromDay: row.from_day,
    untilDay: ends[0] ?? null,
  };
}

/** The periods of a duty up to shortly after now. */
export function periodsUpTo(row: DutyTermsRow, timeZone: string, nowMs: number): DuePeriod[] {
  return duePeriods(termsOf(row), timeZone, addDays(dayOf(timeZone, nowMs), AHEAD_DAYS));
}

/** Writes what is owed under one duty. What is there stays, but for days of what is open still. */
export async function makeDueOf(
  client: PoolClient,
  duty: DutyTermsRow & { readonly id: number; readonly contract_id: number },
  timeZone: string,
  nowMs: number,
): Promise<number> {
  return insertDue(client, duty, periodsUpTo(duty, timeZone, nowMs));
}

/** Writes what is owed under every agreed duty; returns how many documents are new. Any number of processes may: the same comes out. */
export async function makeDue(pool: Pool, nowMs: number): Promise<number> {
  const { rows } = await pool.query<
    DutyTermsRow & { id: number; contract_id: number; time_zone: string; last: string | null }
  >(
    `select d.id, d.contract_id, d.cycle, d.counted_from, d.due_rule, d.due_days, d.from_day::text, d.until_day::text,
       c.term_to::text, c.time_zone, (select max(u.from_day)::text from document_due u where u.document_duty_id = d.id) as last
     from document_duty d join contract c on c.id = d.contract_id where d.state = 'agreed' order by d.id`,
  );
  let made = 0;
  for (const duty of rows) {
    const fresh = periodsUpTo(duty, duty.time_zone, nowMs).filter(
      ({ fromDay }) => duty.last === null || fromDay > duty.last,
    );
    if (fresh.length === 0) continue;
    made += await inTransaction(pool, async (client) => {
      // Whoever ends the duty meanwhile holds this row: what it ended must not come back.
      const { rowCount } = await client.query(
        `select 1 from document_duty where id = $1 and state = 'agreed' and until_day is not distinct from $2::date for share`,
        [duty.id, duty.until_day],
      );
      return rowCount === 0 ? 0 : insertDue(client, duty, fresh);
    });
  }
  return made;
}

async function insertDue(
  db: Queryable,
  duty: { readonly id: number; readonly contract_id: number },
  periods: readonly DuePeriod[],
): Promise<number> {
  const { rows } = await db.query<{ is_new: boolean }>(
    `insert into document_due (document_duty_id, contract_id, from_day, to_day, due_at)
     select $1, $2, p.from_day, p.to_day, p.due_at from unnest($3::date[], $4::date[], $5::timestamptz[]) as p(from_day, to_day, due_at)
     on conflict (document_duty_id, from_day) do update set to_day = excluded.to_day, due_at = excluded.due_at
       where document_due.state = 'open' and (document_due.to_day, document_due.due_at) is distinct from (excluded.to_day, excluded.due_at)
     returning xmax = 0 as is_new`,
    [
      duty.id,
      duty.contract_id,
      periods.map(({ fromDay }) => fromDay),
      periods.map(({ toDay }) => toDay),
      periods.map(({ dueAt }) => new Date(dueAt)),
    ],
  );
  return rows.filter((row) => row.is_new).length;
}
