import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { api, data, type Item } from '../api/client.ts';

export type Region = Item<'/api/v1/regions'>;

/** The regions that the user may see, in tree order. They hardly change: asked for once an hour. */
export function useRegions() {
  const query = useQuery({
    queryKey: ['regions'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/regions', { signal })),
    staleTime: 3_600_000,
  });
  const regions = computed<readonly Region[]>(() => query.data.value?.items ?? []);
  const byId = computed(() => new Map(regions.value.map((r) => [r.id, r])));

  /** Counties; where there are none (a small installation), whatever stands at the top. */
  const counties = computed(() => {
    const list = regions.value.filter((r) => r.kind === 'county');
    return list.length > 0 ? list : regions.value.filter((r) => r.parent_id === null);
  });
  function childrenOf(id: number): Region[] {
    return regions.value.filter((r) => r.parent_id === id);
  }
  /** The county that a region lies in, or is. */
  function countyOf(id: number): Region | undefined {
    const path = byId.value.get(id)?.path ?? [];
    return path.map((p) => byId.value.get(p)).find((r) => r?.kind === 'county') ?? byId.value.get(id);
  }
  return { ...query, regions, byId, counties, childrenOf, countyOf };
}
