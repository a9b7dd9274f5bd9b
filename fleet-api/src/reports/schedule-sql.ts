import type { Queryable } from '../db/index.ts';
import type { ReportKind } from './kinds.ts';

export interface ScheduleRow {
  readonly contract_id: number;
  readonly kind: ReportKind;
  readonly enabled: boolean;
  readonly hour: number;
  readonly delay_days: number;
  readonly language: 'zh' | 'en';
  readonly since_day: string;
  readonly version: number;
}

/** A schedule that is on, with what decides when it is due. */
export interface DueRow extends ScheduleRow {
  readonly time_zone: string;
  readonly term_from: string;
  readonly term_to: string | null;
  /** First day of the last period that the clock made; null: none yet. */
  readonly last_from: string | null;
}

const COLUMNS = 's.contract_id, s.kind, s.enabled, s.hour, s.delay_days, s.language, s.since_day::text, s.version';

export async function selectSchedules(db: Queryable, contractId: number): Promise<ScheduleRow[]> {
  const { rows } = await db.query<ScheduleRow>(`select ${COLUMNS} from report_schedule s where s.contract_id = $1`, [
    contractId,
  ]);
  return rows;
}

export async function selectEnabled(db: Queryable): Promise<DueRow[]> {
  const { rows } = await db.query<DueRow>(
    `select ${COLUMNS}, c.time_zone, c.term_from::text, c.term_to::text,
       (select max(p.from_day)::text from report p where p.contract_id = s.contract_id and p.kind = s.kind and p.origin = 'schedule') as last_from
     from report_schedule s join contract c on c.id = s.contract_id where s.enabled order by s.contract_id, s.kind`,
  );
  return rows;
}

/** Sets a schedule that stands at `version` (0: none yet); false if somebody was faster. Switched on anew it begins with `day`. */
export async function upsertSchedule(
  db: Queryable,
  row: Omit<ScheduleRow, 'since_day'>,
  by: { readonly day: string; readonly userId: number; readonly nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into report_schedule as s (contract_id, kind, enabled, hour, delay_days, language, since_day, updated_by, updated_at)
     select $1, $2, $3, $4, $5, $6, $7::date, $8, $9
     where $10 = coalesce((select version from report_schedule where contract_id = $1 and kind = $2), 0)
     on conflict (contract_id, kind) do update set enabled = excluded.enabled, hour = excluded.hour, delay_days = excluded.delay_days,
       language = excluded.language, updated_by = excluded.updated_by, updated_at = excluded.updated_at, version = s.version + 1,
       since_day = case when excluded.enabled and not s.enabled then excluded.since_day else s.since_day end
     where s.version = $10`,
    [
      row.contract_id,
      row.kind,
      row.enabled,
      row.hour,
      row.delay_days,
      row.language,
      by.day,
      by.userId,
      new Date(by.nowMs),
      row.version,
    ],
  );
  return rowCount === 1;
}
