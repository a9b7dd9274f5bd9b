import type { Period } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { inspectionFigures } from '../../inspections/figures.ts';
import { recurrenceCount, repairTimeliness } from '../../repair/figures.ts';
import { complaintCounts, documentFigures } from '../figures.ts';
import type { Figures } from './schemas.ts';

/** Within how many days the same fault at the same place is a recurrence (R-ZJ-1). */
const WITHIN_DAYS = 30;

/** What the platform measured in the month of a sheet. A figure that has nothing to count is left out: null. */
export async function figuresBeside(
  db: Queryable,
  contractId: number,
  period: Period,
  nowMs: number,
): Promise<Figures> {
  const query = { contractId, period, nowMs };
  const repair = await repairTimeliness(db, query);
  const recurrences = await recurrenceCount(db, { ...query, withinDays: WITHIN_DAYS });
  const inspection = await inspectionFigures(db, query);
  const documents = await documentFigures(db, query);
  const { serious, ordinary, disputed } = await complaintCounts(db, query);
  const { inTime, later, missed } = inspection;
  const { onTime, late, missing } = documents;
  return {
    timeliness:
      repair.onTime + repair.late + repair.pending === 0
        ? null
        : { on_time: repair.onTime, late: repair.late, pending: repair.pending, rate: repair.rate },
    recurrence: { count: recurrences, within_days: WITHIN_DAYS },
    inspection:
      inTime + later + missed + inspection.pending === 0
        ? null
        : { in_time: inTime, later, missed, pending: inspection.pending, rate: inspection.rate },
    documents:
      onTime + late + missing + documents.pending === 0
        ? null
        : { on_time: onTime, late, missing, pending: documents.pending, rate: documents.rate },
    complaints: serious + ordinary + disputed === 0 ? null : { serious, ordinary, disputed },
  };
}
