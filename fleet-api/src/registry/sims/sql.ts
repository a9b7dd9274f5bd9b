import type { Queryable } from '../../db/index.ts';
import type { PageOf } from '../../http/paging.ts';
import { Filter, infix } from '../shared/filter.ts';
import { afterCursor, type Order, orderBy, pageByKeyset, type SortedRow, sortColumns } from '../shared/keyset.ts';
import { setList } from '../shared/patch.ts';
import type { NewSim, SimCard, SimPatch, SimQuery } from './schemas.ts';

type Scope = readonly number[] | null;

const columns = (
  month: string,
): string => `c.id, c.iccid, c.imsi, c.msisdn, c.operator, c.quota_bytes, c.state, c.version,
  l.device_id, case when v.sim_month = ${month}::date then v.sim_bytes else 0 end as used_bytes`;

const FROM = `from sim_card c left join device_list l on l.device_key = c.device_key
  left join device_live v on v.device_key = c.device_key`;

/** A card belongs to its device's region; loose cards are the unrestricted callers' only. */
function inScope(filter: Filter, scope: Scope): void {
  if (scope === null) return;
  filter.where(`l.region_id = any (array(select id from region where path && ${filter.bind(scope)}::int[]))`);
}

/** A page of cards in scope. */
export async function selectSims(
  db: Queryable,
  scope: Scope,
  query: SimQuery & { readonly limit: number; readonly month: string },
  order: Order,
): Promise<PageOf<SimCard>> {
  const filter = new Filter();
  inScope(filter, scope);
  filter.optional(query.state, (p) => `c.state = ${p}`);
  if (query.assigned !== undefined) filter.where(`c.device_key is ${query.assigned ? 'not ' : ''}null`);
  filter.optional(
    query.q === undefined ? undefined : infix(query.q.toLowerCase()),
    (p) => `(lower(c.iccid) like ${p} or c.msisdn like ${p} or l.device_id like ${p})`,
  );
  afterCursor(filter, order, query.cursor);
  const monthAt = filter.bind(query.month);
  const rows = db.query<SimCard & SortedRow>(
    `select ${columns(monthAt)}, ${sortColumns(order)} ${FROM} ${filter.sql} ${orderBy(order)} limit ${query.limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, query.limit, order, ({ sort_value: _value, sort_id: _id, ...card }) => card);
}

/** One card in scope, or null. */
export async function selectSim(db: Queryable, scope: Scope, id: number, month: string): Promise<SimCard | null> {
  const filter = new Filter();
  inScope(filter, scope);
  filter.where(`c.id = ${filter.bind(id)}`);
  const monthAt = filter.bind(month);
  const { rows } = await db.query<SimCard>(`select ${columns(monthAt)} ${FROM} ${filter.sql}`, filter.values);
  return rows[0] ?? null;
}

type WithDeviceKey<T> = Omit<T, 'device_id'> & { readonly device_key?: number | null };

/** Id of the new row. A taken ICCID, or a device that has a card, is SQLSTATE 23505. */
export async function insertSim(db: Queryable, sim: WithDeviceKey<NewSim>): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into sim_card (iccid, imsi, msisdn, operator, quota_bytes, state, device_key)
     values ($1, $2, $3, $4, coalesce($5, 524288000), coalesce($6, 'active'), $7) returning id`,
    [
      sim.iccid,
      sim.imsi ?? null,
      sim.msisdn ?? null,
      sim.operator ?? null,
      sim.quota_bytes ?? null,
      sim.state ?? null,
      sim.device_key ?? null,
    ],
  );
  return (rows[0] as { id: number }).id;
}

/** New version, or null if the version was another one. */
export async function updateSim(
  db: Queryable,
  id: number,
  patch: WithDeviceKey<SimPatch>,
  expected: number | null,
): Promise<number | null> {
  const set = setList(['imsi', 'msisdn', 'operator', 'quota_bytes', 'state', 'device_key'], patch, 2);
  const { rows } = await db.query<{ version: number }>(
    `update sim_card set version = version + 1${set === null ? '' : `, ${set.sql}`}
     where id = $1 and version = coalesce($2, version) returning version`,
    [id, expected, ...(set?.values ?? [])],
  );
  return rows[0]?.version ?? null;
}
