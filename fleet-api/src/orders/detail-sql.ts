import { inScope } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';
import type { Parties } from '../exclusions/parties.ts';
import type { OrderDetail } from './detail-schemas.ts';
import type { Confirmation, Entry, OrderFault, Part } from './schemas.ts';
import type { OrderState } from './steps.ts';

/** Faults of an order that are shown with it. */
const SHOWN_FAULTS = 100;

const person = (id: string): string =>
  `(select json_build_object('id', who.id, 'name', who.name) from app_user who where who.id = ${id})`;
const org = (id: string): string =>
  `(select json_build_object('id', their.id, 'name', their.name) from org their where their.id = ${id})`;

/** What decides about who may do what with an order; locked for the transaction if asked. */
export interface StandingRow {
  readonly id: number;
  readonly state: OrderState;
  readonly version: number;
  readonly severity: string;
  readonly contract_id: number;
  readonly region_path: readonly number[];
  readonly org_id: number | null;
  readonly assignee_id: number | null;
  readonly opened_at: Date;
  readonly ended_at: Date | null;
  readonly faults_open: number;
  readonly parties: Parties;
  /** Kind of the organisation that has the order. */
  readonly org_kind: string | null;
}

export async function selectStanding(
  db: Queryable,
  scope: readonly number[] | null,
  id: number,
  { lock }: { readonly lock: boolean },
): Promise<StandingRow | null> {
  const { rows } = await db.query<StandingRow>(
    `select o.id, o.state, o.version, o.severity, o.contract_id, o.region_path, o.org_id, o.assignee_id, o.opened_at, o.ended_at,
       o.faults_open, json_build_object('is_baseline', c.is_baseline, 'agency_org_id', c.agency_org_id,
         'contractor_org_id', c.contractor_org_id) as parties, (select kind from org where id = o.org_id) as org_kind
     from work_order o join contract c on c.id = o.contract_id
     where o.id = $1 and ${inScope('o.region_path', '$2')} ${lock ? 'for no key update of o' : ''}`,
    [id, scope],
  );
  return rows[0] ?? null;
}

export type MoreRow = Pick<
  OrderDetail,
  | 'address'
  | 'contact'
  | 'labour_fen'
  | 'logistics_fen'
  | 'warranty'
  | 'cause_kind'
  | 'cause_analysis'
  | 'advice'
  | 'recovered_at'
>;

/** What a page shows of an order and lists don't. */
export async function selectMore(db: Queryable, id: number): Promise<MoreRow> {
  const { rows } = await db.query<MoreRow>(
    `select si.address, case when si.id is not null then json_build_object('name', si.contact_name, 'phone', si.contact_phone) end
       as contact, o.labour_fen, o.logistics_fen, o.warranty, o.cause_kind, o.cause_analysis, o.advice,
       case when o.faults_open = 0 then (select max(f.recovered_at) from fault f
         where f.work_order_id = o.id and f.merged_into is null) end as recovered_at
     from work_order o left join site si on si.id = o.site_id where o.id = $1`,
    [id],
  );
  return rows[0] as MoreRow;
}

export type FaultRow = Omit<OrderFault, 'number' | 'clocks'>;

/** Faults of an order: open ones first, those that fall due first on top. */
export async function selectFaults(db: Queryable, orderId: number): Promise<FaultRow[]> {
  const { rows } = await db.query<FaultRow>(
    `select f.id, f.cause, f.component, f.reason, f.severity, f.source, f.description, f.status, f.verdict, f.opened_at,
       f.recovered_at, f.ended_at, f.recurrence_of, d.device_id, json_build_object('id', si.id, 'name', si.name) as site,
       case when st.id is not null then json_build_object('id', st.id, 'code', st.code, 'name', st.name) end as station
     from fault f join site si on si.id = f.site_id left join station st on st.id = f.station_id
       left join device d on d.device_key = f.device_key
     where f.work_order_id = $1 and f.merged_into is null
     order by (f.status = 'open') desc, f.next_due_at nulls last, f.id limit ${SHOWN_FAULTS}`,
    [orderId],
  );
  return rows;
}

/** Ids of the faults that an act on the order concerns: all that were not withdrawn, or those of them that are named. */
export async function selectConcerned(
  db: Queryable,
  orderId: number,
  only: readonly number[] | null,
  state: 'open' | 'ended' | 'any',
): Promise<number[]> {
  const status = { open: `= 'open'`, ended: `in ('repaired', 'confirmed')`, any: `<> 'cancelled'` }[state];
  const { rows } = await db.query<{ id: number }>(
    `select id from fault where work_order_id = $1 and merged_into is null and status ${status}
       and ($2::int[] is null or id = any ($2)) order by id`,
    [orderId, only],
  );
  return rows.map(({ id }) => id);
}

/** The story of an order, oldest first. */
export async function selectStory(
  db: Queryable,
  orderId: number,
): Promise<(Entry & { at: Date; recorded_at: Date })[]> {
  const { rows } = await db.query<Entry & { at: Date; recorded_at: Date }>(
    `select e.id, e.at, e.recorded_at, e.kind, ${person('e.user_id')} as "user", ${org('e.org_id')} as org, e.note, e.detail
     from work_order_entry e where e.work_order_id = $1 order by e.id`,
    [orderId],
  );
  return rows;
}

export interface NewEntry {
  readonly orderId: number;
  readonly atMs: number;
  readonly nowMs: number;
  readonly kind: string;
  /** Null: the site, without an account. */
  readonly userId: number | null;
  readonly orgId: number | null;
  readonly note?: string | null;
  readonly detail?: object;
}

/** Writes a line of the story and gives its id. */
export async function insertEntry(db: Queryable, entry: NewEntry): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into work_order_entry (work_order_id, at, recorded_at, kind, user_id, org_id, note, detail)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [
      entry.orderId,
      new Date(entry.atMs),
      new Date(entry.nowMs),
      entry.kind,
      entry.userId,
      entry.orgId,
      entry.note?.trim() || null,
      JSON.stringify(entry.detail ?? {}),
    ],
  );
  return (rows[0] as { id: number }).id;
}

/** Parts used, in the order in which they were written down. */
export async function selectParts(db: Queryable, orderId: number): Promise<Part[]> {
  const { rows } = await db.query<Part>(
    `select p.id, p.name, p.qty, p.unit_fen, p.serial, p.part_id, ${person('p.added_by')} as added_by, p.added_at
     from work_order_part p where p.work_order_id = $1 order by p.id`,
    [orderId],
  );
  return rows;
}

/** The confirmation that stands, or null. */
export async function selectConfirmation(db: Queryable, orderId: number): Promise<Confirmation | null> {
  const { rows } = await db.query<Confirmation>(
    `select c.via, c.name, c.phone, c.note, c.at, c.signature_id, ${person('c.user_id')} as "user"
     from work_order_confirmation c where c.work_order_id = $1 and c.voided_at is null`,
    [orderId],
  );
  return rows[0] ?? null;
}

/** Somebody who may have an order: active, with a role that works on orders, of the organisation that has it. */
export async function selectAssignable(
  db: Queryable,
  userId: number,
  orgId: number | null,
): Promise<{ id: number; name: string; org_id: number } | null> {
  const { rows } = await db.query<{ id: number; name: string; org_id: number }>(
    `select u.id, u.name, u.org_id from app_user u where u.id = $1 and u.disabled_at is null
       and u.role in ('manager', 'engineer', 'oncall') and ($2::int is null or u.org_id = $2)`,
    [userId, orgId],
  );
  return rows[0] ?? null;
}

/** Everybody who may have an order of the organisation, those with the least to do first. */
export async function selectPeople(
  db: Queryable,
  orgId: number | null,
  path: readonly number[],
): Promise<{ id: number; name: string; open: number }[]> {
  const { rows } = await db.query<{ id: number; name: string; open: number }>(
    `select u.id, u.name, (select count(*)::int from work_order o where o.assignee_id = u.id
         and o.state not in ('closed', 'cancelled')) as open
     from app_user u where u.disabled_at is null and u.role in ('manager', 'engineer', 'oncall')
       and case when $1::int is null then (select kind from org where id = u.org_id) = 'contractor' else u.org_id = $1 end
       and (not exists (select from user_region ur where ur.user_id = u.id)
         or exists (select from user_region ur where ur.user_id = u.id and ur.region_id = any ($2)))
     order by 3, u.name limit 200`,
    [orgId, path],
  );
  return rows;
}
