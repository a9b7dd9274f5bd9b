import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item, type QueryOf } from '../api/client.ts';
import { useRooms } from '../realtime/useRooms.ts';
import { useRowMarks } from '../ui/table/useRowMarks.ts';

export type Order = Item<'/api/v1/orders'>;
export type OrderDetail = Answer<'/api/v1/orders/{id}'>;
export type OrderQuery = QueryOf<'/api/v1/orders'>;
export type OrderFault = OrderDetail['faults'][number];
export type Entry = OrderDetail['story'][number];
export type Pause = OrderDetail['pauses'][number];
export type Board = Answer<'/api/v1/orders/board'>;

export const FILTERS = [
  'state',
  'late',
  'kind',
  'region',
  'contract',
  'station',
  'assignee',
  'unassigned',
  'q',
] as const;
export type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;
export const SORTS = ['next_due_at', 'opened_at-'] as const;
const PAGE_ROWS = 100;
const REFRESH_MS = 1000;
const POLL_MS = 60_000;

/** Filters of the URL as the API wants them; without a state the open ones are shown. */
export function orderQuery(filters: Filters): OrderQuery {
  const { state } = filters;
  return {
    ...(state === 'all' ? {} : { state: (state || 'open') as NonNullable<OrderQuery['state']> }),
    ...(filters.late === '1' ? { late: true } : {}),
    ...(filters.kind ? { kind: filters.kind as NonNullable<OrderQuery['kind']> } : {}),
    ...(filters.region ? { region: Number(filters.region) } : {}),
    ...(filters.contract ? { contract: Number(filters.contract) } : {}),
    ...(filters.station ? { station: Number(filters.station) } : {}),
    ...(filters.assignee === 'me' ? { mine: true } : {}),
    ...(filters.unassigned === '1' ? { unassigned: true } : {}),
    ...(filters.q ? { q: filters.q } : {}),
  };
}

/** Orders page by page, kept live. */
export function useOrders(query: Ref<OrderQuery>) {
  const client = useQueryClient();
  const { marked, mark } = useRowMarks();
  const list = useInfiniteQuery({
    queryKey: computed(() => ['orders', 'list', query.value]),
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      return data(api.GET('/api/v1/orders', { params: { query: { ...query.value, ...page } }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: POLL_MS,
  });
  const counts = useQuery({
    queryKey: computed(() => ['orders', 'count', query.value]),
    queryFn: ({ signal }) => {
      const { sort: _sort, cursor: _cursor, limit: _limit, ...filters } = query.value;
      return data(api.GET('/api/v1/orders/count', { params: { query: filters }, signal }));
    },
    refetchInterval: POLL_MS,
  });
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: ['orders'] }), REFRESH_MS, true);
  useRooms({
    rooms: ['repair'],
    on: {
      repair: ({ kind, ids }) => {
        if (kind !== 'order') return;
        for (const id of ids) mark(String(id));
        void refresh();
      },
    },
    refetch: refresh,
  });
  const rows = computed<readonly Order[]>(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  return { list, counts, rows, more, marked };
}

export function useBoard(query: Ref<QueryOf<'/api/v1/orders/board'>>) {
  const client = useQueryClient();
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: ['orders', 'board'] }), REFRESH_MS, true);
  useRooms({ rooms: ['repair'], on: { repair: () => void refresh() }, refetch: refresh });
  return useQuery({
    queryKey: computed(() => ['orders', 'board', query.value]),
    queryFn: ({ signal }) => data(api.GET('/api/v1/orders/board', { params: { query: query.value }, signal })),
    refetchInterval: POLL_MS,
  });
}

export function useOrder(id: Ref<string>) {
  const client = useQueryClient();
  const key = computed(() => ['orders', 'one', Number(id.value)]);
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: key.value }), REFRESH_MS, true);
  useRooms({
    rooms: ['repair'],
    on: {
      repair: ({ kind, ids }) => (kind === 'order' && ids.includes(Number(id.value)) ? void refresh() : undefined),
    },
    refetch: refresh,
  });
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/orders/{id}', { params: { path: { id: Number(id.value) } }, signal })),
    refetchInterval: POLL_MS,
  });
}

/** After an act: orders and faults may be others. */
export function useOrdersChanged() {
  const client = useQueryClient();
  return () => Promise.all(['orders', 'faults'].map((area) => client.invalidateQueries({ queryKey: [area] })));
}

/** Headers of an act on what was seen: whoever was faster is told of. */
export const seen = (order: Pick<Order, 'version'>): { headers: Record<string, string> } => ({
  headers: { 'if-match': `"${order.version}"` },
});
