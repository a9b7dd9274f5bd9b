import { type Asked, type Found, find } from '../../availability/figures/asked.ts';
import { figuresOf } from '../../availability/figures/figure.ts';
import { pageOfFigures } from '../../availability/figures/order.ts';
import { nameOnPath, rankOf } from '../../availability/figures/regions.ts';
import { childFigures, itemOf, totalOf } from '../../availability/figures/service.ts';
import { trendOf } from '../../availability/figures/trend.ts';
import type { AvailabilityPart, StationLine } from './types.ts';

const WORST = 20;

export interface Place {
  readonly contractId: number;
  readonly fromDay: string;
  readonly toDay: string;
  readonly regionId: number | null;
}

/** What the availability pages say of the place and period, to the digit: from the same functions. Also the stations that it found. */
export async function availabilityPart(
  asked: Asked,
  place: Place,
  withStations: boolean,
): Promise<{ readonly part: AvailabilityPart; readonly found: Found }> {
  const query = {
    contract: place.contractId,
    from: place.fromDay,
    to: place.toDay,
    ...(place.regionId !== null && { region: place.regionId }),
  };
  const found = await find(asked, query);
  const trend = await trendOf(asked, query);
  const children = childFigures(found);
  const areas = pageOfFigures(children, { sort: 'name', limit: children.length + 1 }).items.map(itemOf);
  const lines = byPlace(found).map((each) => stationLine(found, each));
  const { days_missing, closed, as_of } = found.periodRef;
  const part: AvailabilityPart = {
    period: { days_missing, closed, asOfMs: as_of === null ? null : new Date(as_of).getTime() },
    stations: found.stations.length,
    total: totalOf(found).pair,
    days: trend.days.map(({ day, final, network, equipment }) => ({ day, final, network, equipment })),
    areas: areas.map(({ name, stations, network, equipment }) => ({ name, stations, network, equipment })),
    worst: lines
      .filter((line) => downOf(line) > 0)
      .sort(byDowntime)
      .slice(0, WORST),
    all: withStations ? lines : [],
  };
  return { part, found };
}

function stationLine(found: Found, { station, sums }: Found['stations'][number]): StationLine {
  const { code, name, site_name: site, path } = station;
  const county = nameOnPath(found.regions, path, 'county');
  return { code, name, site, county, ...figuresOf([sums], found.contract.rules).pair };
}

const downOf = ({ network, equipment }: StationLine): number => network.counted_down_ms + equipment.counted_down_ms;

function byDowntime(a: StationLine, b: StationLine): number {
  return downOf(b) - downOf(a) || (a.code < b.code ? -1 : 1);
}

/** Stations region by region, as the registry orders them, then by code. */
function byPlace({ stations, regions }: Found): Found['stations'][number][] {
  const rank = ({ station: { path, code } }: Found['stations'][number]) => `${rankOf(regions, path)}/${code}`;
  return stations
    .map((each) => ({ each, rank: rank(each) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ each }) => each);
}
