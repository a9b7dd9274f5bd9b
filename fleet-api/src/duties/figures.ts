import { type DocumentFigures, documentTimeliness, type Fraction, type Interval } from '@uptally/sla';
import type { Queryable } from '../db/index.ts';
import { meanOf, type SheetItem } from './ratings/mean.ts';

export interface DocumentQuery {
  readonly contractId: number;
  readonly period: Interval;
  readonly nowMs: number;
  /** Ids of duties in the contract document; left out: all. */
  readonly dutyIds?: readonly string[];
}

/**
 * Document timeliness 资料提交及时率 of a period (R-DG-9): documents that fall due in it. What was returned is not handed in until it
 * is again, and then at the time of that; what the agency waived counts nowhere.
 */
export async function documentFigures(db: Queryable, query: DocumentQuery): Promise<DocumentFigures> {
  const { contractId, period, nowMs, dutyIds = null } = query;
  const { rows } = await db.query<{ due_at: Date; submitted_at: Date | null }>(
    `select u.due_at, u.submitted_at from document_due u join document_duty d on d.id = u.document_duty_id
     where u.contract_id = $1 and u.due_at > $2 and u.due_at <= $3 and u.state <> 'waived'
       and ($4::text[] is null or d.duty_id = any ($4))`,
    [contractId, new Date(period.from), new Date(period.to), dutyIds],
  );
  const items = rows.map(({ due_at, submitted_at }) => ({
    dueAt: due_at.getTime(),
    doneAt: submitted_at?.getTime() ?? null,
  }));
  return documentTimeliness(items, period, nowMs);
}

export interface ComplaintCounts {
  /** Valid ones: both sides say so, or one kept silent too long. */
  readonly serious: number;
  readonly ordinary: number;
  /** Valid ones of which the agency agreed that they are resolved. */
  readonly resolved: number;
  /** A word is missing, or the words differ: counted as nothing, but worth a warning. */
  readonly open: number;
  readonly disputed: number;
}

/** Complaints of a period: by when they were received. */
export async function complaintCounts(
  db: Queryable,
  { contractId, period }: { readonly contractId: number; readonly period: Interval },
): Promise<ComplaintCounts> {
  const { rows } = await db.query<ComplaintCounts>(
    `select count(*) filter (where class = 'serious')::int as serious, count(*) filter (where class = 'ordinary')::int as ordinary,
       count(*) filter (where state = 'valid' and resolved_at is not null)::int as resolved,
       count(*) filter (where state = 'open')::int as open, count(*) filter (where state = 'disputed')::int as disputed
     from complaint where contract_id = $1 and received_at >= $2 and received_at < $3`,
    [contractId, new Date(period.from), new Date(period.to)],
  );
  return rows[0] ?? { serious: 0, ordinary: 0, resolved: 0, open: 0, disputed: 0 };
}

export interface MonthRating {
  /** `2026-03` */
  readonly month: string;
  /** Mean of the items, 0 to 100: exact. */
  readonly score: Fraction;
  /** Item id -> score. */
  readonly items: Record<string, number>;
}

/** Agreed rating sheets of the months from one to another, both included, in order. */
export async function ratingsOf(
  db: Queryable,
  query: { readonly contractId: number; readonly fromMonth: string; readonly toMonth: string },
): Promise<readonly MonthRating[]> {
  const { rows } = await db.query<{ month: string; items: readonly SheetItem[] }>(
    `select month, items from rating_sheet where contract_id = $1 and month between $2 and $3 and state = 'agreed' order by month`,
    [query.contractId, query.fromMonth, query.toMonth],
  );
  return rows.map(({ month, items }) => ({
    month,
    score: meanOf(items),
    items: Object.fromEntries(items.map(({ id, score }) => [id, score])),
  }));
}
