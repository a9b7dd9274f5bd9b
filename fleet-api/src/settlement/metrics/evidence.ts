import { type DueItem, type Metric, severitiesOf, type TimelinessRule } from '@uptally/sla';
import { loadDayTable } from '../../availability/ledger/index.ts';
import type { Queryable } from '../../db/index.ts';
import { ratingsOf } from '../../duties/figures.ts';
import { readDue } from '../../inspections/figures.ts';
import { readCases } from '../../repair/figures.ts';
import { monthsIn } from './judge.ts';
import type {
  AgreedEvidence,
  CaseEvidence,
  ComplaintEvidence,
  Evidence,
  GatherAsked,
  MetricPeriod,
  TermsEvidence,
} from './types.ts';

/** Reads what the metrics rest on, all of one moment if `db` is a snapshot. What no metric needs is left out. */
export async function readEvidence(asked: GatherAsked, metrics: readonly Metric[]): Promise<Evidence> {
  const { db, contract, document, period, nowMs } = asked;
  const of = <K extends Metric['kind']>(kind: K) =>
    metrics.filter((metric): metric is Extract<Metric, { kind: K }> => metric.kind === kind);
  const needsComplaints = of('complaints').length > 0 || of('count').some((each) => each.taken_from !== undefined);
  const needsRatings = of('rating').length > 0 || of('list').some((each) => each.taken_from !== undefined);
  const duties = of('repair_timeliness').flatMap((metric) => metric.duties);
  const cases = duties.length === 0 ? [] : await casesOf(asked, severitiesOf(document, duties));
  const { holidays, workdays } = await daysOf(db);
  const inspections: Record<string, readonly DueItem[]> = {};
  for (const { id, duties: dutyIds } of of('inspection_rate')) {
    const items = await readDue(db, { contractId: contract.id, period, dutyIds });
    inspections[id] = items.map(({ dueAt, doneAt }) => ({ dueAt, doneAt }));
  }
  const documents: Record<string, readonly DueItem[]> = {};
  for (const { id, duties: dutyIds } of of('late_documents')) {
    documents[id] = await documentsDue(db, contract.id, period, dutyIds);
  }
  return {
    as_of: nowMs,
    cases,
    repair_terms: await termsOf(db, cases),
    holidays,
    workdays,
    inspections,
    documents,
    complaints: needsComplaints ? await complaintsOf(db, contract.id, period) : [],
    ratings: needsRatings ? await sheetsOf(asked) : [],
    agreed: await agreedInputs(db, contract.id, period, metrics),
  };
}

async function casesOf({ db, contract, period, nowMs }: GatherAsked, severities: readonly string[]) {
  const cases = await readCases(db, { contractId: contract.id, period, nowMs, severities });
  return cases.map(
    ({ fault, log }): CaseEvidence => ({
      fault: fault.id,
      place: fault.stationCode ?? fault.siteName,
      cause: fault.cause,
      log,
    }),
  );
}

async function termsOf(db: Queryable, cases: readonly CaseEvidence[]): Promise<Record<string, TermsEvidence>> {
  const ids = new Set(
    cases.flatMap(({ log }) => log.flatMap((event) => ('contract' in event ? [event.contract] : []))),
  );
  const { rows } = await db.query<TermsEvidence & { id: number; timeliness: Record<string, TimelinessRule> }>(
    `select t.id, t.targets, t.timeliness, c.time_zone from repair_terms t join contract c on c.id = t.contract_id
     where t.id = any ($1::int[]) order by t.id`,
    [[...ids].map(Number)],
  );
  return Object.fromEntries(rows.map(({ id, ...terms }) => [String(id), terms]));
}

async function daysOf(db: Queryable) {
  const table = await loadDayTable(db);
  return { holidays: [...table.holidays].toSorted(), workdays: [...table.workdays].toSorted() };
}

async function documentsDue(db: Queryable, contractId: number, period: MetricPeriod, dutyIds: readonly string[]) {
  const { rows } = await db.query<{ due_at: Date; submitted_at: Date | null }>(
    `select u.due_at, u.submitted_at from document_due u join document_duty d on d.id = u.document_duty_id
     where u.contract_id = $1 and u.due_at > $2 and u.due_at <= $3 and u.state <> 'waived' and d.duty_id = any ($4)
     order by u.due_at, u.id`,
    [contractId, new Date(period.from), new Date(period.to), dutyIds],
  );
  return rows.map(({ due_at, submitted_at }) => ({
    dueAt: due_at.getTime(),
    doneAt: submitted_at?.getTime() ?? null,
  }));
}

async function complaintsOf(db: Queryable, contractId: number, period: MetricPeriod): Promise<ComplaintEvidence[]> {
  const { rows } = await db.query<ComplaintEvidence>(
    `select id, (extract(epoch from received_at) * 1000)::bigint as received_at, class, resolved_at is not null as is_resolved
     from complaint where contract_id = $1 and state = 'valid' and received_at >= $2 and received_at < $3 order by id`,
    [contractId, new Date(period.from), new Date(period.to)],
  );
  return rows;
}

async function sheetsOf({ db, contract, document, period }: GatherAsked) {
  const months = monthsIn(period, document.time_zone);
  const [fromMonth = '', toMonth = fromMonth] = [months[0], months.at(-1)];
  const sheets = await ratingsOf(db, { contractId: contract.id, fromMonth, toMonth });
  return sheets.map(({ month, items }) => ({ month, items }));
}

async function agreedInputs(
  db: Queryable,
  contractId: number,
  period: MetricPeriod,
  metrics: readonly Metric[],
): Promise<Record<string, AgreedEvidence>> {
  const { rows } = await db.query<AgreedEvidence & { metric: string }>(
    `select distinct on (i.metric) i.metric, i.id as input, i.value, i.source, p.name as proposed_by, po.name as proposed_org,
       d.name as agreed_by, d_o.name as agreed_org
     from metric_input i join app_user p on p.id = i.proposed_by join org po on po.id = i.proposed_org_id
       join app_user d on d.id = i.decided_by join org d_o on d_o.id = i.decided_org_id
     where i.contract_id = $1 and i.from_day = $2::date and i.to_day = $3::date and i.state = 'agreed' and i.metric = any ($4)
     order by i.metric, i.decided_at desc, i.id desc`,
    [contractId, period.fromDay, period.toDay, metrics.map(({ id }) => id)],
  );
  return Object.fromEntries(rows.map(({ metric, ...input }) => [metric, input]));
}
