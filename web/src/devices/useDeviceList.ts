import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item, type QueryOf } from '../api/client.ts';
import type { DeviceChange } from '../realtime/protocol.ts';

export type DeviceRow = Item<'/api/v1/devices'>;
export type DeviceQuery = QueryOf<'/api/v1/devices'>;
type Page = Answer<'/api/v1/devices'>;
type Pages = InfiniteData<Page, string | undefined>;

export const FILTER_NAMES = ['q', 'state', 'lifecycle', 'region', 'site', 'model', 'component'] as const;
export type FilterName = (typeof FILTER_NAMES)[number];
export type Filters = Readonly<Record<FilterName, string>>;

const NUMERIC: ReadonlySet<string> = new Set(['region', 'site', 'model']);
const PAGE_ROWS = 200;
const RECOUNT_MS = 5000;

/** Filters of the URL as the API wants them: without what is empty, ids as numbers. */
export function toQuery(filters: Partial<Filters>): DeviceQuery {
  const entries = Object.entries(filters).filter(([, value]) => value !== '');
  return Object.fromEntries(
    entries.map(([name, value]) => [name, NUMERIC.has(name) ? Number(value) : value]),
  ) as DeviceQuery;
}

/** Puts live changes into the pages that hold their rows, leaving every row where it is. Pages without a change stay the same objects. */
export function patchPages(pages: Pages, changes: ReadonlyMap<string, DeviceChange>): Pages {
  const patched = pages.pages.map((page) => {
    if (!page.items.some((row) => changes.has(row.device_id))) return page;
    return { ...page, items: page.items.map((row) => changes.get(row.device_id) ?? row) };
  });
  return { ...pages, pages: patched };
}

/** How many devices of each state the other filters leave. */
function useCounts(filters: Ref<Filters>) {
  return useQuery({
    queryKey: computed(() => ['devices', 'count', { ...filters.value, state: '' }]),
    queryFn: ({ signal }) => {
      const { state: _state, ...rest } = filters.value;
      return data(api.GET('/api/v1/devices/count', { params: { query: toQuery(rest) }, signal }));
    },
    placeholderData: keepPreviousData,
  });
}

/**
 * The device list page by page, and how many devices there are by state. `inService` counts as the overview does: unless another life cycle
 * is asked for, only devices in service can be missed.
 */
export function useDeviceList(filters: Ref<Filters>, sort: Ref<string>) {
  const client = useQueryClient();
  const key = computed(() => ['devices', 'list', filters.value, sort.value]);
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        ...toQuery(filters.value),
        sort: sort.value as never,
        limit: PAGE_ROWS,
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return data(api.GET('/api/v1/devices', { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // Live changes come by socket; fetching all loaded pages again at every focus would be a storm.
    refetchOnWindowFocus: false,
    staleTime: 60_000,
    shallow: true,
  });
  const counts = useCounts(filters);
  const inService = useCounts(
    computed(() => ({ ...filters.value, lifecycle: filters.value.lifecycle || 'in_service' })),
  );
  const rows = computed<readonly DeviceRow[]>(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);

  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  const recount = useThrottleFn(() => Promise.all([counts.refetch(), inService.refetch()]), RECOUNT_MS, true);
  const current = (deviceId: string) => rows.value.find((row) => row.device_id === deviceId);
  function apply(changes: ReadonlyMap<string, DeviceChange>): void {
    if ([...changes.values()].some((change) => current(change.device_id)?.state !== change.state)) void recount();
    client.setQueryData<Pages>(key.value, (pages) => pages && patchPages(pages, changes));
  }
  return { list, counts, inService, rows, more, current, apply };
}
