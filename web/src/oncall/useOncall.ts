import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data, type Item } from '../api/client.ts';
import { useRegions } from '../fleet/useRegions.ts';

export type Oncall = Item<'/api/v1/oncall'>;

/** What a number may hear of besides outages, faults and repair limits; by day only. */
export const TOPICS = ['stock', 'settlement'] as const satisfies readonly Oncall['topics'][number][];

/** Nobody has more people on call than this; more are named as such rather than left out silently. */
const LIMIT = 500;

/** Numbers that would get the SMS of a region: those of the region itself, of what it lies in, and those for everything. */
export function servesRegion(number: Pick<Oncall, 'region'>, path: readonly number[]): boolean {
  return number.region === null || path.includes(number.region.id);
}

/** Numbers on call; with a region, those that serve it. */
export function useOncall(regionId: Ref<number | null>) {
  const { byId } = useRegions();
  const query = useQuery({
    queryKey: ['oncall'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/oncall', { params: { query: { limit: LIMIT } }, signal })),
    // The provider's answers flag numbers behind our back.
    refetchInterval: 60_000,
  });
  const numbers = computed(() => {
    const all = query.data.value?.items;
    const path = regionId.value === null ? undefined : byId.value.get(regionId.value)?.path;
    return path ? all?.filter((number) => servesRegion(number, path)) : all;
  });
  return { query, numbers };
}
