import { addDays, inspectionRate } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { complaintCounts, documentFigures, ratingsOf } from '../../duties/figures.ts';
import { readDue } from '../../inspections/figures.ts';
import { ledgerState } from '../../repair-ledger/figures.ts';
import { nameOf, type RepairQuery } from './faults.ts';
import type { DutyPart, InspectionPart } from './types.ts';

/** Inspections that fall due in the period: the rate of the inspection pages, in all and by county. */
export async function inspectionPart(db: Queryable, query: RepairQuery): Promise<InspectionPart> {
  const { contractId, period, nowMs, regionId, regions } = query;
  const tasks = await readDue(db, { contractId, period }, regionId === null ? null : [regionId]);
  const counties = [...new Set(tasks.map(({ countyId }) => countyId))];
  return {
    figures: inspectionRate(tasks, period, nowMs),
    byCounty: counties.map((id) => ({
      county: nameOf(regions, id),
      ...inspectionRate(
        tasks.filter(({ countyId }) => countyId === id),
        period,
        nowMs,
      ),
    })),
  };
}

/** What the contractor owes the contract as a whole: documents, conduct, ratings, a confirmed ledger. */
export async function dutyPart(
  db: Queryable,
  query: RepairQuery & { readonly fromDay: string; readonly toDay: string },
): Promise<DutyPart> {
  const { contractId, period, nowMs, fromDay, toDay } = query;
  return {
    documents: await documentFigures(db, { contractId, period, nowMs }),
    late: await selectLate(db, query),
    complaints: await complaintCounts(db, { contractId, period }),
    ratings: (
      await ratingsOf(db, { contractId, fromMonth: fromDay.slice(0, 7), toMonth: addDays(toDay, -1).slice(0, 7) })
    ).map(({ month, score }) => ({ month, score })),
    ledger: await ledgerState(db, { contractId, period }),
  };
}

/** Documents that fell due in the period and were handed in late, or are missing as of now. */
async function selectLate(db: Queryable, { contractId, period, nowMs }: RepairQuery): Promise<DutyPart['late']> {
  const { rows } = await db.query<{ name: string; due_at: Date; submitted_at: Date | null }>(
    `select d.name, u.due_at, u.submitted_at from document_due u join document_duty d on d.id = u.document_duty_id
     where u.contract_id = $1 and u.due_at > $2 and u.due_at <= $3 and u.due_at < $4 and u.state <> 'waived'
       and (u.submitted_at is null or u.submitted_at > u.due_at) order by u.due_at, u.id limit 100`,
    [contractId, new Date(period.from), new Date(period.to), new Date(nowMs)],
  );
  return rows.map(({ name, due_at, submitted_at }) => ({
    name,
    dueAt: due_at.getTime(),
    doneAt: submitted_at?.getTime() ?? null,
  }));
}
