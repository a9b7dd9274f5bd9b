import type { Region } from '../fleet/useRegions.ts';

/** Regions depth first, siblings in the order they came: the list has parents before children, but not next to them. */
export function depthFirst<R extends Pick<Region, 'id' | 'parent_id'>>(regions: readonly R[]): R[] {
  const known = new Set(regions.map((r) => r.id));
  const children = new Map<number | null, R[]>();
  for (const region of regions) {
    // Whose parent lies outside of one's scope stands at the top.
    const parent = region.parent_id !== null && known.has(region.parent_id) ? region.parent_id : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(region);
    else children.set(parent, [region]);
  }
  const walk = (parent: number | null): R[] => (children.get(parent) ?? []).flatMap((r) => [r, ...walk(r.id)]);
  return walk(null);
}

/** What remains of a tree when some branches are folded. `path` holds a region's ancestors and itself. */
export function unfolded<R extends Pick<Region, 'path'>>(ordered: readonly R[], folded: ReadonlySet<number>): R[] {
  return ordered.filter((r) => !r.path.slice(0, -1).some((id) => folded.has(id)));
}

/** Regions whose name or code holds the text, with the ancestors that lead to them. */
export function matching<R extends Pick<Region, 'id' | 'path' | 'name' | 'code'>>(
  ordered: readonly R[],
  text: string,
): R[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [...ordered];
  const hits = ordered.filter((r) => r.name.toLowerCase().includes(wanted) || r.code.toLowerCase().startsWith(wanted));
  const kept = new Set(hits.flatMap((r) => r.path));
  return ordered.filter((r) => kept.has(r.id));
}

/** The level under a region's; townships have none. */
export function kindBelow(kind: Region['kind'] | undefined): Region['kind'] | null {
  if (kind === undefined) return 'province';
  return kind === 'province' ? 'county' : kind === 'county' ? 'township' : null;
}
