import { useInfiniteQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item, type QueryOf } from '../api/client.ts';

export type SiteRow = Item<'/api/v1/sites'>;
export type Site = Answer<'/api/v1/sites/{id}'>;
export type SiteKind = Site['kind'];

export const KINDS: readonly SiteKind[] = ['township_hospital', 'village_clinic', 'community', 'other'];
export const SITE_FILTERS = ['q', 'kind', 'region'] as const;
export type SiteFilters = Readonly<Record<(typeof SITE_FILTERS)[number], string>>;
const PAGE_ROWS = 200;

/** Filters of the URL as the API wants them: without what is empty, the region as a number. */
export function siteQuery(filters: SiteFilters): QueryOf<'/api/v1/sites'> {
  return {
    ...(filters.q ? { q: filters.q } : {}),
    ...(filters.kind ? { kind: filters.kind as SiteKind } : {}),
    ...(filters.region ? { region: Number(filters.region) } : {}),
  };
}

/** Sites page by page. */
export function useSites(filters: Ref<SiteFilters>, sort: Ref<string>) {
  const list = useInfiniteQuery({
    queryKey: computed(() => ['sites', 'list', filters.value, sort.value]),
    queryFn: ({ pageParam, signal }) => {
      const page = { sort: sort.value as never, limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      return data(api.GET('/api/v1/sites', { params: { query: { ...siteQuery(filters.value), ...page } }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchOnWindowFocus: false,
  });
  const rows = computed<readonly SiteRow[]>(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  return { list, rows, more };
}
