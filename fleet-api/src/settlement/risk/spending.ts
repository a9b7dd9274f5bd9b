import { type Contract, showPercent } from '@uptally/sla';
import type { Found, StationFigure } from '../../availability/figures/asked.ts';
import type { Queryable } from '../../db/index.ts';
import { availabilityMetrics, countedOf } from './progress.ts';
import type { RunningClause } from './running.ts';
import type { RiskItem } from './schemas.ts';

/** Stations and causes that are told at most. */
const TOP = 10;

interface Spent {
  readonly station: StationFigure['station'];
  readonly network: number;
  readonly equipment: number;
}

/** Which stations and counties spent most of the downtime, as far as a scope shows them; shares are of the whole contract's. */
export function spendingOf(
  document: Contract,
  running: RunningClause,
  found: Found,
  scope: readonly number[] | null,
): Pick<RiskItem['spending'], 'stations' | 'counties'> {
  const dimensions = new Set(availabilityMetrics(document, running).map(({ dimension }) => dimension));
  const downOf = ({ sums }: StationFigure, dimension: 'network' | 'equipment'): number => {
    if (!dimensions.has(dimension)) return 0;
    const metric = { kind: 'availability', dimension, aggregation: 'time_weighted' } as const;
    return countedOf(sums, { ...metric, id: dimension, name: { zh: '', en: '' } }, document).down;
  };
  const spent = found.stations.map((each) => ({
    station: each.station,
    network: downOf(each, 'network'),
    equipment: downOf(each, 'equipment'),
  }));
  const all = spent.reduce((sum, { network, equipment }) => sum + network + equipment, 0);
  const seen = spent.filter(({ station }) => scope === null || station.path.some((id) => scope.includes(id)));
  const numbers = (down: Pick<Spent, 'network' | 'equipment'>) => ({
    down_ms: down.network + down.equipment,
    network_ms: down.network,
    equipment_ms: down.equipment,
    percent: all === 0 ? '0.00' : showPercent({ num: down.network + down.equipment, den: all }),
  });
  const countyOf = ({ path }: StationFigure['station']) =>
    path.map((id) => found.regions.get(id)).find((region) => region?.kind === 'county') ?? null;
  const most = (a: { readonly down_ms: number }, b: { readonly down_ms: number }): number => b.down_ms - a.down_ms;
  const counties = new Map<number | null, { id: number | null; name: string | null; of: Spent[] }>();
  for (const each of seen) {
    const county = countyOf(each.station);
    const known = counties.get(county?.id ?? null);
    if (known === undefined)
      counties.set(county?.id ?? null, { id: county?.id ?? null, name: county?.name ?? null, of: [each] });
    else known.of.push(each);
  }
  return {
    stations: seen
      .map(({ station, ...down }) => ({
        id: station.id,
        code: station.code,
        name: station.name,
        site: station.site_name,
        county: countyOf(station)?.name ?? null,
        ...numbers(down),
      }))
      .filter(({ down_ms }) => down_ms > 0)
      .sort((a, b) => most(a, b) || a.id - b.id)
      .slice(0, TOP),
    counties: [...counties.values()]
      .map(({ id, name, of }) => ({
        id,
        name,
        stations: of.length,
        ...numbers({
          network: of.reduce((sum, { network }) => sum + network, 0),
          equipment: of.reduce((sum, { equipment }) => sum + equipment, 0),
        }),
      }))
      .sort(most),
  };
}

/** Causes of faults by the time for which they were open in a period. */
export async function causesOf(
  db: Queryable,
  contractId: number,
  period: { readonly from: number; readonly to: number },
  scope: readonly number[] | null,
  nowMs: number,
): Promise<RiskItem['spending']['causes']> {
  const { rows } = await db.query<RiskItem['spending']['causes'][number]>(
    `select cause, count(*)::int as faults,
       sum(extract(epoch from least(coalesce(ended_at, $4), $3::timestamptz) - greatest(opened_at, $2::timestamptz)) * 1000)::bigint as down_ms
     from fault where contract_id = $1 and opened_at < $3 and coalesce(ended_at, $4::timestamptz) > $2 and merged_into is null
       and status <> 'cancelled' and ($5::int[] is null or region_path && $5::int[])
     group by cause order by 3 desc, 1 limit ${TOP}`,
    [contractId, new Date(period.from), new Date(Math.min(period.to, nowMs)), new Date(nowMs), scope],
  );
  return rows;
}
