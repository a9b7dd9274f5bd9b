import { addDays, dayOf } from '@uptally/sla';
import { inTransaction, type Pool, type PoolClient } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { record } from '../../registry/shared/doer.ts';
import { contractFor, mayAs, requireThisSide } from '../contract.ts';
import type { NewShift, Roster, Shift, ShiftPatch, SkeletonBody } from './schemas.ts';
import { gapsOf, holidaysBetween, isNow, WHOLE_DAY } from './shifts.ts';
import * as sql from './sql.ts';

/** Longest time of one roster, days. */
const MAX_DAYS = 400;

/** Who is on duty from a day to another, with holidays and their gaps. @throws ApiError `unknown_reference`, `duty_days` */
export async function rosterOf(
  pool: Pool,
  by: Member,
  query: { readonly contract: number; readonly from: string; readonly to: string },
): Promise<Roster> {
  const contract = await contractFor(pool, by, query.contract);
  requireSpan(query.from, query.to);
  const { from, to } = query;
  // A night shift of the day before reaches into the first one.
  const rows = await sql.selectShifts(pool, by, { contractId: contract.id, from: addDays(from, -1), to });
  const calendar = await sql.selectCalendar(pool, from, to);
  const holidays = new Map(holidaysBetween(calendar.days, from, to).map(({ day, name }) => [day, name]));
  const shown = rows.filter(({ day }) => day >= from);
  const days = [...new Set([...holidays.keys(), ...shown.map(({ day }) => day)])].sort();
  const manned = rows.map(({ day, from: begin, to: end, person_name }) => ({
    day,
    from: begin,
    to: end,
    manned: person_name !== null,
  }));
  const { id, code, name, time_zone } = contract;
  return {
    contract: { id, code, name, time_zone },
    days: days.map((day) => ({
      day,
      holiday: holidays.get(day) ?? null,
      shifts: shown.filter((row) => row.day === day).map(present),
      gaps: holidays.has(day) ? gapsOf(day, manned) : [],
    })),
    unknown_years: yearsOf(from, to).filter((year) => !calendar.years.includes(year)),
    may_write: mayAs(contract, by, 'duty.plan', 'contractor'),
  };
}

/** Who is on duty at this moment, under any contract that the person sees. */
export async function onDutyNow(pool: Pool, by: Member): Promise<{ items: Shift[]; day: string }> {
  const today = dayOf(by.timeZone, by.nowMs);
  const rows = await sql.selectShifts(pool, by, { contractId: null, from: addDays(today, -2), to: addDays(today, 2) });
  const items = rows.filter(
    (row) => row.person_name !== null && isNow(row, localNow(row.contract.time_zone, by.nowMs)),
  );
  return { items: items.map(present), day: today };
}

/** The contractor puts a shift into the roster. @throws ApiError `duty_other_side`, `already_exists`, `unknown_reference` */
export async function addShift(pool: Pool, by: Member, wish: NewShift): Promise<Shift> {
  return inTransaction(pool, async (client) => {
    const contract = await contractFor(client, by, wish.contract_id);
    requireThisSide(contract, by, 'duty.plan', 'contractor');
    requireSpan(wish.day, addDays(wish.day, 1));
    await requirePerson(client, by, wish);
    const id = await sql.insertShift(client, wish);
    if (id === null) throw apiError('already_exists', 'The day has such a shift');
    const row = await sql.selectShift(client, by, id);
    if (row === null) throw apiError('not_found');
    await record(client, by, 'duty_shift.added', `duty_shift:${id}`, { ...wish });
    return present(row);
  });
}

/** @throws ApiError `not_found`, `version_conflict`, `duty_other_side`, `unknown_reference`, `already_exists` */
export async function changeShift(pool: Pool, by: Member, id: number, patch: ShiftPatch): Promise<Shift> {
  return inTransaction(pool, async (client) => {
    const row = await mine(client, by, id);
    if (row.version !== patch.version) throw apiError('version_conflict');
    await requirePerson(client, by, patch);
    await sql.updateShift(client, id, patch);
    const after = await sql.selectShift(client, by, id);
    await record(client, by, 'duty_shift.changed', `duty_shift:${id}`, { ...patch, day: row.day });
    return present(after ?? row);
  });
}

/** @throws ApiError `not_found`, `duty_other_side` */
export async function removeShift(pool: Pool, by: Member, id: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { day, from, to, person_name } = await mine(client, by, id);
    await sql.deleteShift(client, id);
    await record(client, by, 'duty_shift.removed', `duty_shift:${id}`, { day, from, to, person: person_name });
  });
}

/** Empty shifts for every public holiday of the time; what is there stays. @throws ApiError `duty_other_side`, `duty_days` */
export async function makeSkeleton(
  pool: Pool,
  by: Member,
  wish: SkeletonBody,
): Promise<{ made: number; days: number }> {
  return inTransaction(pool, async (client) => {
    const contract = await contractFor(client, by, wish.contract_id);
    requireThisSide(contract, by, 'duty.plan', 'contractor');
    requireSpan(wish.from, wish.to);
    const { days } = await sql.selectCalendar(client, wish.from, wish.to);
    const holidays = holidaysBetween(days, wish.from, wish.to).map(({ day }) => day);
    const made = await sql.insertSkeleton(client, contract.id, holidays, wish.shifts ?? [WHOLE_DAY]);
    await record(client, by, 'duty_roster.made', `contract:${contract.id}`, { from: wish.from, to: wish.to, made });
    return { made, days: holidays.length };
  });
}

async function mine(client: PoolClient, by: Member, id: number): Promise<sql.ShiftRow> {
  const row = await sql.selectShift(client, by, id);
  if (row === null) throw apiError('not_found');
  requireThisSide(row.parties, by, 'duty.plan', 'contractor');
  return row;
}

/** A user of the own organisation, or a name, not both. @throws ApiError `unknown_reference`, `invalid_request` */
async function requirePerson(client: PoolClient, by: Member, wish: NewShift | ShiftPatch): Promise<void> {
  const { user_id, person_name } = wish;
  if (user_id === undefined || user_id === null) return;
  if (person_name !== undefined && person_name !== null) {
    const message = 'give a user or a name, not both';
    throw apiError('invalid_request', { detail: message, errors: [{ path: '/body/person_name', message }] });
  }
  if (!(await sql.isUserOf(client, user_id, by.org.id)))
    throw apiError('unknown_reference', 'No such user of your organisation');
}

/** @throws ApiError `duty_days` */
function requireSpan(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  if (!(days > 0 && days <= MAX_DAYS)) throw apiError('duty_days', `Give 1 to ${MAX_DAYS} days`);
}

function yearsOf(from: string, to: string): number[] {
  const [first, last] = [Number(from.slice(0, 4)), Number(addDays(to, -1).slice(0, 4))];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function localNow(timeZone: string, nowMs: number): { day: string; time: string } {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return { day: dayOf(timeZone, nowMs), time: time.format(nowMs) };
}

function present({ parties: _, ...shift }: sql.ShiftRow): Shift {
  return shift;
}
