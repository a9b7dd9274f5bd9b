import { type Regions, rankOf } from './regions.ts';
import type { Availability, ScopeRef } from './schemas.ts';
import type { StationPlace } from './stations-sql.ts';

export type ChildKind = Availability['children_kind'];

/** A part of a place, with the stations that are in it. */
export interface Child {
  readonly kind: ChildKind;
  readonly id: number;
  readonly name: string;
  readonly code: string;
  /** What it is sorted by where names are asked for: regions as the registry orders them, others by name. */
  readonly rank: string;
  readonly stations: StationPlace[];
}

/** Divides the stations of a place: every one of them is in exactly one child, so that the children's numbers add up to the whole. */
export function childrenOf(regions: Regions, place: ScopeRef, stations: readonly StationPlace[]): Child[] {
  const children = new Map<string, Child>();
  for (const station of stations) {
    const child = childFor(regions, place, station);
    const key = `${child.kind} ${child.id}`;
    const known = children.get(key);
    if (known === undefined) children.set(key, { ...child, stations: [station] });
    else known.stations.push(station);
  }
  return [...children.values()];
}

/** What most children are. */
export function childrenKind(place: ScopeRef, children: readonly Child[]): ChildKind {
  if (place.kind === 'site' || place.kind === 'station') return 'station';
  return children.length > 0 && children.every(({ kind }) => kind === 'site') ? 'site' : 'region';
}

function childFor(regions: Regions, place: ScopeRef, station: StationPlace): Omit<Child, 'stations'> {
  if (place.kind === 'site' || place.kind === 'station') {
    return { kind: 'station', id: station.id, name: station.name, code: station.code, rank: station.name };
  }
  const below = station.path[place.id === null ? 0 : station.path.indexOf(place.id) + 1];
  const region = below === undefined ? undefined : regions.get(below);
  return region === undefined
    ? {
        kind: 'site',
        id: station.site_id,
        name: station.site_name,
        code: station.site_code,
        rank: station.site_name,
      }
    : { kind: 'region', id: region.id, name: region.name, code: region.code, rank: rankOf(regions, region.path) };
}
