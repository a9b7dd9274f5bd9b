import { CalendarError, parseCalendar } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { figureRules, rulesOf } from './rules.ts';
import type { Contract, ContractPatch, NewContract } from './schemas.ts';
import { checkRegions, orgKind } from './sql.ts';

/** What the schema can't say. @throws ApiError `invalid_request`, `unknown_reference` */
export async function checkContract(
  db: Queryable,
  scope: readonly number[] | null,
  body: NewContract | ContractPatch,
): Promise<void> {
  if (body.time_zone !== undefined) checkZone(body.time_zone);
  if (body.calendar !== undefined) checkCalendar(body.calendar);
  await checkParty(db, 'agency', body.agency_org_id);
  await checkParty(db, 'contractor', body.contractor_org_id);
  if (body.region_ids === undefined) return;
  const { known, nested } = await checkRegions(db, body.region_ids, scope);
  if (known !== body.region_ids.length) throw apiError('unknown_reference', 'No such region');
  if (nested > 0) throw invalid('/body/region_ids', 'must not name a region inside of another one of them');
}

/** Terms must hold after the change, too. @throws ApiError `invalid_request` */
export function checkTerm(termFrom: string, termTo: string | null): void {
  if (!isDate(termFrom)) throw invalid('/body/term_from', 'must be a day of the calendar');
  if (termTo === null) return;
  if (!isDate(termTo)) throw invalid('/body/term_to', 'must be a day of the calendar');
  if (termTo <= termFrom) throw invalid('/body/term_to', 'must lie after term_from');
}

/** Figures that have been frozen must go on meaning the same. @throws ApiError `period_closed` */
export function checkClosedPeriods(before: Contract, patch: ContractPatch): void {
  if (before.closed_to === null) return;
  const refuse = (what: string) =>
    apiError('period_closed', `Periods have been closed under this ${what}: it can no longer change`);
  if (patch.time_zone !== undefined && patch.time_zone !== before.time_zone) throw refuse('time zone');
  if (patch.term_from !== undefined && patch.term_from !== before.term_from) throw refuse('beginning of the term');
  if (patch.term_to != null && patch.term_to < before.closed_to) throw refuse('term');
  if (patch.rules !== undefined && figureRules(rulesOf(patch.rules)) !== figureRules(before.rules)) {
    throw refuse('rule of counting');
  }
}

/** The baseline is about every station, at any time, and has no parties. @throws ApiError `baseline_fixed` */
export function checkBaseline(before: Contract, patch: ContractPatch): void {
  if (!before.is_baseline) return;
  const open: readonly string[] = ['name', 'time_zone', 'calendar', 'rules'] satisfies (keyof ContractPatch)[];
  const refused = Object.keys(patch).find((field) => !open.includes(field));
  if (refused !== undefined) throw apiError('baseline_fixed', `The baseline's ${refused} can not be changed`);
}

async function checkParty(db: Queryable, kind: 'agency' | 'contractor', orgId: number | null | undefined) {
  if (orgId == null) return;
  const found = await orgKind(db, orgId);
  if (found === null) throw apiError('unknown_reference', 'No such organisation');
  if (found !== kind) throw invalid(`/body/${kind}_org_id`, `must be an organisation of kind ${kind}`);
}

function checkZone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
  } catch (cause) {
    throw apiError('invalid_request', {
      errors: [{ path: '/body/time_zone', message: 'is no time zone that is known here' }],
      cause,
    });
  }
}

function checkCalendar(calendar: unknown): void {
  try {
    parseCalendar(calendar);
  } catch (cause) {
    if (!(cause instanceof CalendarError)) throw cause;
    const fault = { path: `/body/calendar${cause.path}`, message: cause.message };
    throw apiError('invalid_request', { errors: [fault], cause });
  }
}

/** True for a day that exists: the pattern lets 2026-02-30 pass. */
function isDate(day: string): boolean {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

function invalid(path: string, message: string): Error {
  return apiError('invalid_request', { detail: `${path} ${message}`, errors: [{ path, message }] });
}
