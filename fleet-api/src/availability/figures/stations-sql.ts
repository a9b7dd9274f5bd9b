import { inScope } from '../../auth/scope.ts';
import type { Queryable } from '../../db/index.ts';
import { Filter } from '../../registry/shared/filter.ts';
import type { Contract } from '../contracts/schemas.ts';

export interface StationPlace {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly site_id: number;
  readonly site_code: string;
  readonly site_name: string;
  /** Regions from the root down to that of the site. */
  readonly path: readonly number[];
  readonly commissioned_at: Date | null;
  readonly decommissioned_at: Date | null;
  /** Days of the contract's zone on which it is in commission, `[from_day, to_day)`; null: never, or without end. */
  readonly from_day: string | null;
  readonly to_day: string | null;
}

export interface StationsAsked {
  readonly scope: readonly number[] | null;
  readonly contract: Contract;
  /** Closings whose stations count even where the contract is no longer about them. */
  readonly closedIds: readonly number[];
  readonly region?: number | undefined;
  readonly site?: number | undefined;
  readonly station?: number | undefined;
}

/** Stations of a contract in scope, of a region, site or one alone. They are where the registry says they are now. */
export async function selectStationPlaces(db: Queryable, asked: StationsAsked): Promise<StationPlace[]> {
  const { contract } = asked;
  const filter = new Filter();
  const zone = `${filter.bind(contract.time_zone)}::text`;
  if (asked.scope !== null) filter.where(inScope('r.path', filter.bind(asked.scope)));
  if (!contract.is_baseline) {
    const held = `r.path && ${filter.bind(contract.regions.map(({ id }) => id))}::int[]`;
    const frozen = (ids: string): string =>
      `exists (select from closed_accrual f where f.closed_id = any (${ids}::int[]) and f.station_id = st.id)`;
    const { closedIds } = asked;
    filter.where(closedIds.length === 0 ? held : `(${held} or ${frozen(filter.bind(closedIds))})`);
  }
  filter.optional(asked.region, (p) => `r.path @> array[${p}::int]`);
  filter.optional(asked.site, (p) => `st.site_id = ${p}`);
  filter.optional(asked.station, (p) => `st.id = ${p}`);
  const { rows } = await db.query<StationPlace>(
    `select st.id, st.code, st.name, st.site_id, si.code as site_code, si.name as site_name, r.path,
       st.commissioned_at, st.decommissioned_at,
       (st.commissioned_at at time zone ${zone})::date::text as from_day,
       (((st.decommissioned_at - interval '1 millisecond') at time zone ${zone})::date + 1)::text as to_day
     from station st join site si on si.id = st.site_id join region r on r.id = si.region_id ${filter.sql}`,
    filter.values,
  );
  return rows;
}
