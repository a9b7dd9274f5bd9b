import type { Queryable } from '../../db/index.ts';
import type { Member, Parties } from '../../exclusions/parties.ts';
import { Filter } from '../../registry/shared/filter.ts';
import { CONTRACT_JSON, contractsOf, PARTIES_JSON } from '../contract.ts';
import type { NewShift, Shift, ShiftPatch } from './schemas.ts';
import type { HolidayDay, ShiftTimes } from './shifts.ts';

export interface ShiftRow extends Shift {
  readonly parties: Parties;
}

const COLUMNS = `s.id, ${CONTRACT_JSON} as contract, ${PARTIES_JSON} as parties, s.day::text, s.from_time as "from", s.to_time as "to", s.name,
  case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as "user",
  coalesce(u.name, s.person_name) as person_name, coalesce(s.person_phone, u.phone) as person_phone, s.note, s.version`;
const FROM = 'from duty_shift s join contract c on c.id = s.contract_id left join app_user u on u.id = s.user_id';

/** Shifts of `[from, to)`, in order; of one contract, or with null of all that the person sees. */
export async function selectShifts(
  db: Queryable,
  by: Member,
  query: { readonly contractId: number | null; readonly from: string; readonly to: string },
): Promise<ShiftRow[]> {
  const filter = new Filter();
  contractsOf(filter, by);
  filter.where(`s.day >= ${filter.bind(query.from)}::date and s.day < ${filter.bind(query.to)}::date`);
  if (query.contractId !== null) filter.where(`s.contract_id = ${filter.bind(query.contractId)}`);
  const { rows } = await db.query<ShiftRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} order by s.day, s.from_time, s.name, s.id limit 5000`,
    filter.values,
  );
  return rows;
}

export async function selectShift(db: Queryable, by: Member, id: number): Promise<ShiftRow | null> {
  const filter = new Filter();
  contractsOf(filter, by);
  filter.where(`s.id = ${filter.bind(id)}`);
  const { rows } = await db.query<ShiftRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} for no key update of s`,
    filter.values,
  );
  return rows[0] ?? null;
}

/** Id of the new shift; null if the day has one that begins then under this name. */
export async function insertShift(db: Queryable, wish: NewShift): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>(
    `insert into duty_shift (contract_id, day, from_time, to_time, name, user_id, person_name, person_phone, note)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning id`,
    [
      wish.contract_id,
      wish.day,
      wish.from,
      wish.to,
      wish.name ?? '',
      wish.user_id ?? null,
      wish.person_name ?? null,
      wish.person_phone ?? null,
      wish.note ?? null,
    ],
  );
  return rows[0]?.id ?? null;
}

/** Sets what the patch names; a person as a user takes the place of a name, and the other way round. */
export async function updateShift(db: Queryable, id: number, patch: ShiftPatch): Promise<void> {
  const { from, to, name, user_id, person_name, person_phone, note } = patch;
  const isUser = user_id !== undefined && user_id !== null;
  const isName = person_name !== undefined && person_name !== null;
  await db.query(
    `update duty_shift set from_time = coalesce($2, from_time), to_time = coalesce($3, to_time), name = coalesce($4, name),
       user_id = case when $5 then $6 when $8 then null else user_id end,
       person_name = case when $7 then $9 when $10 then null else person_name end,
       person_phone = case when $11 then $12 when $10 then null else person_phone end,
       note = case when $13 then $14 else note end, version = version + 1
     where id = $1`,
    [
      id,
      from ?? null,
      to ?? null,
      name ?? null,
      user_id !== undefined,
      user_id ?? null,
      person_name !== undefined && !isUser,
      isName,
      person_name ?? null,
      isUser,
      person_phone !== undefined,
      person_phone ?? null,
      note !== undefined,
      note ?? null,
    ],
  );
}

export async function deleteShift(db: Queryable, id: number): Promise<void> {
  await db.query('delete from duty_shift where id = $1', [id]);
}

/** Empty shifts for days that have none yet that begin so; returns how many are new. */
export async function insertSkeleton(
  db: Queryable,
  contractId: number,
  days: readonly string[],
  shifts: readonly ShiftTimes[],
): Promise<number> {
  const each = days.flatMap((day) => shifts.map((shift) => ({ day, ...shift })));
  const { rowCount } = await db.query(
    `insert into duty_shift (contract_id, day, from_time, to_time, name)
     select $1, p.day, p.from_time, p.to_time, p.name
     from unnest($2::date[], $3::text[], $4::text[], $5::text[]) as p(day, from_time, to_time, name) on conflict do nothing`,
    [
      contractId,
      each.map(({ day }) => day),
      each.map(({ from }) => from),
      each.map(({ to }) => to),
      each.map(({ name }) => name),
    ],
  );
  return rowCount ?? 0;
}

/** Entries of the calendar in `[from, to)`, and the years of it that have any. */
export async function selectCalendar(
  db: Queryable,
  from: string,
  to: string,
): Promise<{ readonly days: HolidayDay[]; readonly years: number[] }> {
  const { rows: days } = await db.query<HolidayDay>(
    'select day::text, kind, name from calendar_day where day >= $1 and day < $2 order by day',
    [from, to],
  );
  const { rows: years } = await db.query<{ year: number }>(
    'select distinct extract(year from day)::int as year from calendar_day',
  );
  return { days, years: years.map(({ year }) => year) };
}

/** True if the user exists and belongs to the organisation. */
export async function isUserOf(db: Queryable, userId: number, orgId: number): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from app_user where id = $1 and org_id = $2 and disabled_at is null', [
    userId,
    orgId,
  ]);
  return rowCount === 1;
}
