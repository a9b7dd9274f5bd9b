import { apiError } from '../../http/errors.ts';
import type { Regions } from './regions.ts';
import type { ScopeRef } from './schemas.ts';
import type { StationPlace } from './stations-sql.ts';

export interface PlaceAsked {
  readonly region?: number;
  readonly site?: number;
  readonly station?: number;
}

type Step = ScopeRef['parents'][number];

/** @throws ApiError `invalid_request` */
export function checkPlace({ region, site, station }: PlaceAsked): void {
  const named = [region, site, station].filter((id) => id !== undefined);
  if (named.length > 1) throw apiError('invalid_request', 'Name a region, a site or a station, not several');
}

/** The regions at which the fleet begins for somebody: the roots, or the tops of what the scope names. */
function topRegions(regions: Regions, scope: readonly number[] | null, stations: readonly StationPlace[]): number[] {
  const tops = new Set<number>();
  for (const { path } of stations) {
    const top = scope === null ? path[0] : path.find((id) => scope.includes(id));
    if (top !== undefined && regions.has(top)) tops.add(top);
  }
  return [...tops];
}

/**
 * What the figures are of. Who names no place gets the one region that all stations in scope lie in, or everything.
 * @throws ApiError `unknown_reference` for a place that does not exist in scope
 */
export function placeOf(
  regions: Regions,
  scope: readonly number[] | null,
  asked: PlaceAsked,
  stations: readonly StationPlace[],
): ScopeRef {
  const first = stations[0];
  if (asked.station !== undefined) {
    if (first === undefined) throw apiError('unknown_reference', 'No such station under this contract');
    return {
      kind: 'station',
      id: first.id,
      name: first.name,
      parents: [...stepsTo(regions, first.path), siteStep(first)],
    };
  }
  if (asked.site !== undefined) {
    if (first === undefined) throw apiError('unknown_reference', 'No such site under this contract');
    return { kind: 'site', id: first.site_id, name: first.site_name, parents: stepsTo(regions, first.path) };
  }
  if (asked.region !== undefined) return regionPlace(regions, scope, asked.region);
  const tops = topRegions(regions, scope, stations);
  const [only] = tops;
  return only !== undefined && tops.length === 1
    ? regionPlace(regions, scope, only)
    : { kind: 'all', id: null, name: '', parents: [] };
}

function regionPlace(regions: Regions, scope: readonly number[] | null, id: number): ScopeRef {
  const region = regions.get(id);
  const isSeen =
    scope === null ||
    region?.path.some((each) => scope.includes(each)) ||
    scope.some((each) => regions.get(each)?.path.includes(id));
  if (region === undefined || !isSeen) throw apiError('unknown_reference', 'No such region');
  return { kind: 'region', id, name: region.name, parents: stepsTo(regions, region.path.slice(0, -1)) };
}

function stepsTo(regions: Regions, path: readonly number[]): Step[] {
  return path.flatMap((id) => {
    const region = regions.get(id);
    return region === undefined ? [] : [{ kind: 'region' as const, id, name: region.name }];
  });
}

function siteStep({ site_id, site_name }: StationPlace): Step {
  return { kind: 'site', id: site_id, name: site_name };
}
