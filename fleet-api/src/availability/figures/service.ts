import { type Asked, type Found, find, headOf } from './asked.ts';
import { type Child, childrenKind, childrenOf } from './children.ts';
import { type Figures, figuresOf } from './figure.ts';
import { pageOfFigures } from './order.ts';
import { nameOnPath } from './regions.ts';
import type { Availability, AvailabilityItem, AvailabilityQuery, Worst, WorstQuery } from './schemas.ts';
import type { Sums } from './sums-sql.ts';

const DEFAULT_WORST = 10;

export interface ChildFigures extends Child {
  readonly figures: Figures;
}

/** Rates of a part of the fleet and of what it consists of. @throws ApiError as {@link find} */
export async function availabilityOf(asked: Asked, query: AvailabilityQuery): Promise<Availability> {
  const found = await find(asked, query);
  const children = childFigures(found);
  const page = pageOfFigures(children, query);
  return {
    ...headOf(found),
    total: { stations: found.stations.length, ...totalOf(found).pair },
    children_kind: childrenKind(found.place, children),
    items: page.items.map(itemOf),
    next_cursor: page.next_cursor,
  };
}

/** Figures of all that was found. */
export function totalOf({ stations, contract }: Found): Figures {
  return figuresOf(
    stations.map(({ sums }) => sums),
    contract.rules,
  );
}

/** Every child of the place with its figures, in no particular order. */
export function childFigures(found: Found): ChildFigures[] {
  const sums = new Map(found.stations.map(({ station, sums }) => [station.id, sums]));
  const places = found.stations.map(({ station }) => station);
  return childrenOf(found.regions, found.place, places).map((child) => ({
    ...child,
    figures: figuresOf(
      child.stations.map(({ id }) => sums.get(id) as Sums),
      found.contract.rules,
    ),
  }));
}

export function itemOf({ kind, id, name, code, stations, figures }: ChildFigures): AvailabilityItem {
  return { kind, id, name, code, stations: stations.length, ...figures.pair };
}

/** Stations with the most counted downtime of a dimension; those without any are not among them. @throws ApiError as {@link find} */
export async function worstOf(asked: Asked, query: WorstQuery): Promise<Worst> {
  const found = await find(asked, query);
  const dimension = query.dimension ?? 'network';
  const worst = found.stations
    .map(({ station, sums }) => ({ station, pair: figuresOf([sums], found.contract.rules).pair }))
    .filter(({ pair }) => pair[dimension].counted_down_ms > 0)
    .sort(
      (a, b) => b.pair[dimension].counted_down_ms - a.pair[dimension].counted_down_ms || a.station.id - b.station.id,
    )
    .slice(0, query.limit ?? DEFAULT_WORST);
  return {
    ...headOf(found),
    dimension,
    items: worst.map(({ station, pair }) => ({
      id: station.id,
      code: station.code,
      name: station.name,
      site: { id: station.site_id, name: station.site_name },
      county: nameOnPath(found.regions, station.path, 'county'),
      township: nameOnPath(found.regions, station.path, 'township'),
      ...pair,
    })),
  };
}
