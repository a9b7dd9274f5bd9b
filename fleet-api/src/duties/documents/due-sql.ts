import type { Queryable } from '../../db/index.ts';
import type { Member, Parties } from '../../exclusions/parties.ts';
import { cursorFrom, type PageOf, pageOf } from '../../http/paging.ts';
import { Filter } from '../../registry/shared/filter.ts';
import { CONTRACT_JSON, contractsOf, orgJson, PARTIES_JSON, personJson } from '../contract.ts';
import type { DocumentDue, DueDetail, DueQuery } from './schemas.ts';
import type { DocumentMark } from './states.ts';

type Plain = Omit<DocumentDue, 'mark' | 'actions' | 'due_at' | 'submitted_at'>;
export interface DueRow extends Plain {
  readonly parties: Parties;
  readonly due_at: Date;
  readonly submitted_at: Date | null;
  readonly decided_at: Date | null;
  readonly decided_user: NonNullable<DueDetail['decided']>['user'];
  readonly decided_org: NonNullable<DueDetail['decided']>['org'] | null;
}

const COLUMNS = `u.id, ${CONTRACT_JSON} as contract, ${PARTIES_JSON} as parties,
  json_build_object('id', d.id, 'duty_id', d.duty_id, 'name', d.name, 'kind', d.kind, 'cycle', d.cycle) as duty,
  u.from_day::text, u.to_day::text, u.due_at, u.state, u.submitted_at, u.note, u.version,
  (select count(*)::int from document_submission s where s.document_due_id = u.id) as submissions,
  u.decided_at, ${personJson('u.decided_by')} as decided_user, ${orgJson('u.decided_org_id')} as decided_org`;
const FROM =
  'from document_due u join document_duty d on d.id = u.document_duty_id join contract c on c.id = u.contract_id';

/** The mark of a document as a condition; `now` is a placeholder. */
const MARKS: Readonly<Record<DocumentMark, (now: string) => string>> = {
  waived: () => `u.state = 'waived'`,
  on_time: () => `u.submitted_at <= u.due_at and u.state <> 'waived'`,
  late: () => `u.submitted_at > u.due_at and u.state <> 'waived'`,
  missing: (now) => `u.submitted_at is null and u.due_at < ${now} and u.state <> 'waived'`,
  pending: (now) => `u.submitted_at is null and u.due_at >= ${now} and u.state <> 'waived'`,
};

/** Documents that the person sees: newest due first, or with `open` the earliest due of what waits for somebody. */
export async function selectDue(
  db: Queryable,
  by: Member,
  query: DueQuery & { readonly limit: number },
): Promise<PageOf<DueRow>> {
  const filter = new Filter();
  contractsOf(filter, by);
  filter.optional(query.contract, (p) => `u.contract_id = ${p}`);
  filter.optional(query.kind, (p) => `d.kind = ${p}`);
  filter.optional(query.duty, (p) => `d.id = ${p}`);
  filter.optional(query.from, (p) => `u.to_day > ${p}::date`);
  filter.optional(query.to, (p) => `u.from_day < ${p}::date`);
  if (query.mark !== undefined) filter.where(MARKS[query.mark](filter.bind(new Date(by.nowMs))));
  if (query.open === true) filter.where(`u.state in ('open', 'submitted', 'returned')`);
  const [sort, compare, order] =
    query.open === true ? (['due+', '>', 'asc'] as const) : (['due-', '<', 'desc'] as const);
  const after = cursorFrom(query.cursor, sort, 2);
  if (after !== null)
    filter.where(`(u.due_at, u.id) ${compare} (${filter.bind(after[0])}::timestamptz, ${filter.bind(after[1])}::int)`);
  const { rows } = await db.query<DueRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} order by u.due_at ${order}, u.id ${order} limit ${query.limit + 1}`,
    filter.values,
  );
  return pageOf(rows, query.limit, sort, (row) => [row.due_at.toISOString(), row.id]);
}

export async function selectOneDue(
  db: Queryable,
  by: Member,
  id: number,
  { lock }: { readonly lock: boolean },
): Promise<DueRow | null> {
  const filter = new Filter();
  contractsOf(filter, by);
  filter.where(`u.id = ${filter.bind(id)}`);
  const { rows } = await db.query<DueRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} ${lock ? 'for no key update of u' : ''}`,
    filter.values,
  );
  return rows[0] ?? null;
}

type Submission = DueDetail['handed_in'][number];
export type SubmissionRow = Omit<Submission, 'files'> & { readonly file_ids: readonly number[] };

/** Every handing-in of a document, newest first. */
export async function selectSubmissions(db: Queryable, id: number): Promise<SubmissionRow[]> {
  const { rows } = await db.query<SubmissionRow>(
    `select s.n, s.at, ${personJson('s.user_id')} as "user", ${orgJson('s.org_id')} as org, s.note, s.file_ids, s.report_id,
       s.returned_at, s.returned_note from document_submission s where s.document_due_id = $1 order by s.n desc`,
    [id],
  );
  return rows;
}

export interface NewSubmission {
  readonly fileIds: readonly number[];
  readonly reportId: string | null;
  readonly note: string | null;
  /** The instant that counts. */
  readonly standsSince: Date;
}

export async function insertSubmission(db: Queryable, by: Member, id: number, wish: NewSubmission): Promise<void> {
  const at = new Date(by.nowMs);
  await db.query(
    `insert into document_submission (document_due_id, n, at, user_id, org_id, note, file_ids, report_id)
     values ($1, (select coalesce(max(n), 0) + 1 from document_submission where document_due_id = $1), $2, $3, $4, $5, $6, $7)`,
    [id, at, by.userId, by.org.id, wish.note, wish.fileIds, wish.reportId],
  );
  await db.query(
    `update document_due set state = 'submitted', submitted_at = $2, note = null, decided_at = null, decided_by = null,
       decided_org_id = null, version = version + 1 where id = $1`,
    [id, wish.standsSince],
  );
}

/** Stores what the agency decided. What is returned counts as not handed in. */
export async function setDueDecision(
  db: Queryable,
  by: Member,
  id: number,
  state: 'accepted' | 'returned' | 'waived',
  note: string | null,
): Promise<void> {
  const at = new Date(by.nowMs);
  await db.query(
    `update document_due set state = $2, note = $3, decided_at = $4, decided_by = $5, decided_org_id = $6,
       submitted_at = case when $2 = 'accepted' then submitted_at end, version = version + 1 where id = $1`,
    [id, state, note, at, by.userId, by.org.id],
  );
  if (state !== 'returned') return;
  await db.query(
    `update document_submission set returned_at = $2, returned_note = $3 where document_due_id = $1 and returned_at is null`,
    [id, at, note],
  );
}

/** Name of a document in the audit log, and of its files. */
export function subjectOf(id: number): string {
  return `document_due:${id}`;
}
