import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item, type QueryOf } from '../api/client.ts';
import { ZONE } from '../format/time.ts';
import { addDays, instantIn } from '../format/zones.ts';
import { useRooms } from '../realtime/useRooms.ts';
import { useRowMarks } from '../ui/table/useRowMarks.ts';

export type Fault = Item<'/api/v1/faults'>;
export type FaultDetail = Answer<'/api/v1/faults/{id}'>;
export type Evidence = FaultDetail['evidence'][number];
export type Query = Omit<QueryOf<'/api/v1/faults'>, 'cursor' | 'limit'>;

export const FILTERS = [
  'state',
  'cause',
  'severity',
  'source',
  'region',
  'station',
  'site',
  'device',
  'order',
  'from',
  'to',
  'q',
] as const;
export type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;
export const VIEWS = ['open', 'late', 'recurring', 'ended', 'cancelled', 'merged', 'all'] as const;
export const SOURCES = ['telemetry', 'person', 'site'] as const;

const PAGE_ROWS = 60;
const REFRESH_MS = 1_500;

const dayInstant = (text: string, end: boolean): string | undefined => {
  if (text === '') return undefined;
  const ms = instantIn(ZONE, end ? addDays(text, 1) : text);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
};

/** Filters of the URL as the API wants them; `view` is the tab. */
export function faultQuery(filters: Filters, view: string): Query {
  const [from, to] = [dayInstant(filters.from, false), dayInstant(filters.to, true)];
  const id = (name: 'region' | 'station' | 'site' | 'order') =>
    filters[name] ? { [name]: Number(filters[name]) } : {};
  const text = (name: 'cause' | 'severity' | 'device' | 'q') => (filters[name] ? { [name]: filters[name] } : {});
  return {
    ...(view === 'late' ? { late: true } : {}),
    ...(view === 'recurring' ? { recurring: true } : {}),
    ...(['open', 'ended', 'cancelled', 'merged'].includes(view) ? { state: view as NonNullable<Query['state']> } : {}),
    ...(filters.source ? { source: filters.source as Fault['source'] } : {}),
    ...id('region'),
    ...id('station'),
    ...id('site'),
    ...id('order'),
    ...text('cause'),
    ...text('severity'),
    ...text('device'),
    ...text('q'),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

/** Keeps everything that shows faults fresh while the page is open. */
function useLive(onChange?: (ids: readonly number[]) => void): void {
  const client = useQueryClient();
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: ['faults'] }), REFRESH_MS, true);
  useRooms({
    rooms: ['repair'],
    on: {
      repair: (change) => {
        if (change.kind === 'fault') onChange?.(change.ids);
        void refresh();
      },
    },
    refetch: refresh,
  });
}

/** Faults page by page, kept live. */
export function useFaultList(filters: Ref<Filters>, view: Ref<string>, sort: Ref<string>) {
  const { marked, mark } = useRowMarks();
  const list = useInfiniteQuery({
    queryKey: computed(() => ['faults', 'list', filters.value, view.value, sort.value]),
    queryFn: ({ pageParam, signal }) => {
      const query = {
        ...faultQuery(filters.value, view.value),
        ...(sort.value === 'next_due_at' ? { sort: 'next_due_at' as const } : {}),
        limit: PAGE_ROWS,
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return data(api.GET('/api/v1/faults', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: 60_000,
  });
  const counts = useQuery({
    queryKey: computed(() => ['faults', 'count', filters.value, view.value]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/faults/count', { params: { query: faultQuery(filters.value, view.value) }, signal })),
    refetchInterval: 60_000,
  });
  useLive((ids) => {
    for (const id of ids.slice(0, 50)) mark(String(id));
  });
  const rows = computed<readonly Fault[]>(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  return { list, rows, more, marked, counts };
}

export function useFault(id: Ref<string>) {
  const query = useQuery({
    queryKey: computed(() => ['faults', 'one', Number(id.value)]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/faults/{id}', { params: { path: { id: Number(id.value) } }, signal })),
    refetchInterval: 60_000,
  });
  useLive();
  return query;
}

/** Faults of a place, newest first; kept live. */
export function useFaultsOf(of: Ref<Query>, enabled: Ref<boolean>) {
  const query = useQuery({
    queryKey: computed(() => ['faults', 'of', of.value]),
    queryFn: ({ signal }) => data(api.GET('/api/v1/faults', { params: { query: { ...of.value, limit: 20 } }, signal })),
    enabled,
    refetchInterval: 60_000,
  });
  useLive();
  return query;
}

/** After an act: faults, orders, and whatever else shows either. */
export function useFaultsChanged() {
  const client = useQueryClient();
  return () => Promise.all(['faults', 'orders', 'order'].map((area) => client.invalidateQueries({ queryKey: [area] })));
}
