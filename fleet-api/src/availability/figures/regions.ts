import type { Queryable } from '../../db/index.ts';

export interface RegionNode {
  readonly id: number;
  readonly name: string;
  readonly code: string;
  readonly kind: string;
  /** Its place among its siblings, as the registry orders them. */
  readonly sort: number;
  /** Ids from the root down to itself. */
  readonly path: readonly number[];
}

export type Regions = ReadonlyMap<number, RegionNode>;

/** Every region: a few hundred rows, to name places by. */
export async function selectRegionTree(db: Queryable): Promise<Regions> {
  const { rows } = await db.query<RegionNode>('select id, name, code, kind, sort, path from region');
  return new Map(rows.map((row) => [row.id, row]));
}

/** Name of the region of a kind on the way down to another, or null. */
export function nameOnPath(regions: Regions, path: readonly number[], kind: string): string | null {
  return path.map((id) => regions.get(id)).find((region) => region?.kind === kind)?.name ?? null;
}

/** Sorts as the registry does, region by region from the root down. */
export function rankOf(regions: Regions, path: readonly number[]): string {
  return path
    .flatMap((id) => {
      const region = regions.get(id);
      return region === undefined ? [] : [`${String(region.sort).padStart(9, '0')} ${region.code}`];
    })
    .join('/');
}
