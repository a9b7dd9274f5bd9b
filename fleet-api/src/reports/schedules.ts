import { dayOf } from '@uptally/sla';
import { getContract } from '../availability/contracts/service.ts';
import { inTransaction, type Pool } from '../db/index.ts';
import { type Member, viewerOf } from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import { record } from '../registry/shared/doer.ts';
import { nextDueAt } from './due.ts';
import { REPORT_KINDS, type ReportKind } from './kinds.ts';
import { type ScheduleRow, selectSchedules, upsertSchedule } from './schedule-sql.ts';
import type { Schedule, ScheduleBody } from './schemas.ts';

const DEFAULTS = { enabled: false, hour: 6, delay_days: 0, language: 'zh', version: 0 } as const;

/** What is made by the clock for a contract, every kind. @throws ApiError `not_found` */
export async function listSchedules(pool: Pool, by: Member, contractId: number): Promise<{ items: Schedule[] }> {
  const contract = await getContract(pool, viewerOf(by), contractId);
  const today = dayOf(contract.time_zone, by.nowMs);
  const rows = await selectSchedules(pool, contractId);
  const items = REPORT_KINDS.map((kind) => {
    const { time_zone, term_from, term_to } = contract;
    const row: ScheduleRow = rows.find((each) => each.kind === kind) ?? {
      ...DEFAULTS,
      contract_id: contractId,
      kind,
      since_day: today,
    };
    const { enabled, hour, delay_days, language, version } = row;
    const nextMs = enabled ? nextDueAt({ ...row, time_zone, term_from, term_to: term_to ?? null }, by.nowMs) : null;
    return { kind, enabled, hour, delay_days, language, version, next_at: nextMs === null ? null : new Date(nextMs) };
  });
  return { items };
}

/** @throws ApiError `not_found`, `version_conflict` */
export async function setSchedule(
  pool: Pool,
  by: Member,
  contractId: number,
  kind: ReportKind,
  body: ScheduleBody,
): Promise<{ items: Schedule[] }> {
  const contract = await getContract(pool, viewerOf(by), contractId);
  if (by.scope !== null) throw apiError('out_of_scope', 'Reports by schedule are about the whole contract');
  await inTransaction(pool, async (client) => {
    const day = dayOf(contract.time_zone, by.nowMs);
    const done = await upsertSchedule(
      client,
      { contract_id: contractId, kind, ...body },
      { day, userId: by.userId, nowMs: by.nowMs },
    );
    if (!done) throw apiError('version_conflict');
    await record(client, by, 'report.scheduled', `contract:${contract.code}`, { kind, ...body });
  });
  return listSchedules(pool, by, contractId);
}
