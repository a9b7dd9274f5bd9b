import type { Queryable } from '../../db/index.ts';

export interface RegionNode {
  readonly id: number;
  readonly name: string;
  readonly code: string;
  readonly kind: string;
  /** Ids from the root down to itself. */
  readonly path: readonly number[];
}

export type Regions = ReadonlyMap<number, RegionNode>;

/** Every region: a few hundred rows, to name places by. */
export async function selectRegionTree(db: Queryable): Promise<Regions> {
  const { rows } = await db.query<RegionNode>('select id, name, code, kind, path from region');
  return new Map(rows.map((row) => [row.id, row]));
}

/** Name of the region of a kind on the way down to another, or null. */
export function nameOnPath(regions: Regions, path: readonly number[], kind: string): string | null {
  return path.map((id) => regions.get(id)).find((region) => region?.kind === kind)?.name ?? null;
}
