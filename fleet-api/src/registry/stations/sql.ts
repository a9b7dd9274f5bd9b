import type { Queryable } from '../../db/index.ts';
import type { PageOf } from '../../http/paging.ts';
import { Filter, infix, regionCondition, scopeCondition } from '../shared/filter.ts';
import { afterCursor, type Order, orderBy, pageByKeyset, type SortedRow, sortColumns } from '../shared/keyset.ts';
import { setList } from '../shared/patch.ts';
import { regionNamesSql } from '../shared/region-names.ts';
import { type DeviceState, stateOf } from '../shared/state.ts';
import type { NewStation, Station, StationPatch, StationQuery } from './schemas.ts';

const COLUMNS = `st.id, st.code, st.name, json_build_object('id', si.id, 'code', si.code, 'name', si.name) as site,
  ${regionNamesSql('si.region_id')} as region, st.commissioned_at, st.decommissioned_at, st.created_at, st.version,
  l.device_id, l.serial, l.state, i.from_at as since`;

const FROM = `from station st join site si on si.id = st.site_id
  left join installation i on i.station_id = st.id and i.to_at is null
  left join device_list l on l.device_key = i.device_key`;

interface StationRow extends Omit<Station, 'device'>, SortedRow {
  readonly device_id: string | null;
  readonly serial: string;
  readonly state: number;
  readonly since: Date;
}

/** A page of stations in scope. */
export async function selectStations(
  db: Queryable,
  scope: readonly number[] | null,
  query: StationQuery & { readonly limit: number },
  order: Order,
): Promise<PageOf<Station>> {
  const filter = new Filter();
  scopeCondition(filter, 'si.region_id', scope);
  regionCondition(filter, 'si.region_id', query.region);
  filter.optional(query.site, (p) => `st.site_id = ${p}`);
  if (query.vacant !== undefined) filter.where(`i.id is ${query.vacant ? '' : 'not '}null`);
  filter.optional(
    query.q === undefined ? undefined : infix(query.q),
    (p) => `(st.code ilike ${p} or st.name ilike ${p} or si.name ilike ${p})`,
  );
  afterCursor(filter, order, query.cursor);
  const rows = db.query<StationRow>(
    `select ${COLUMNS}, ${sortColumns(order)} ${FROM} ${filter.sql} ${orderBy(order)} limit ${query.limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, query.limit, order, present);
}

/** One station in scope, or null. */
export async function selectStation(
  db: Queryable,
  scope: readonly number[] | null,
  id: number,
): Promise<Station | null> {
  const filter = new Filter();
  scopeCondition(filter, 'si.region_id', scope);
  filter.where(`st.id = ${filter.bind(id)}`);
  const { rows } = await db.query<StationRow>(`select ${COLUMNS} ${FROM} ${filter.sql}`, filter.values);
  const row = rows[0];
  return row === undefined ? null : present(row);
}

/** Id of the new row. */
export async function insertStation(db: Queryable, station: NewStation): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'insert into station (site_id, code, name, commissioned_at) values ($1, $2, $3, $4) returning id',
    [station.site_id, station.code, station.name, station.commissioned_at ?? null],
  );
  return (rows[0] as { id: number }).id;
}

/** New version, or null if the version was another one. */
export async function updateStation(
  db: Queryable,
  id: number,
  patch: StationPatch,
  expected: number | null,
): Promise<number | null> {
  const set = setList(['code', 'name', 'commissioned_at', 'decommissioned_at'], patch, 2);
  const { rows } = await db.query<{ version: number }>(
    `update station set version = version + 1${set === null ? '' : `, ${set.sql}`}
     where id = $1 and version = coalesce($2, version) returning version`,
    [id, expected, ...(set?.values ?? [])],
  );
  return rows[0]?.version ?? null;
}

function present(row: StationRow): Station {
  const { device_id, serial, state, since, sort_value: _value, sort_id: _id, ...station } = row;
  const device = device_id === null ? null : { device_id, serial, state: stateOf(state) satisfies DeviceState, since };
  return { ...station, device };
}
