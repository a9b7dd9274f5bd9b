import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item, type QueryOf } from '../api/client.ts';
import { day, ZONE } from '../format/time.ts';
import { addDays, instantIn } from '../format/zones.ts';
import { useRooms } from '../realtime/useRooms.ts';
import { useRowMarks } from '../ui/table/useRowMarks.ts';

export type Exclusion = Item<'/api/v1/exclusions'>;
export type ExclusionDetail = Answer<'/api/v1/exclusions/{id}'>;
export type ExclusionFile = ExclusionDetail['files'][number];
export type Effect = ExclusionDetail['effect'];
export type Overlap = ExclusionDetail['overlaps'][number];
export type Query = QueryOf<'/api/v1/exclusions'>;
export type Kind = Exclusion['kind'];

export const FILTERS = ['state', 'contract', 'kind', 'region', 'station', 'from', 'to'] as const;
export type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;
/** Tabs of a party; of the others, who decide nothing. The first needs no word in the address. */
export const PARTY_VIEWS = ['awaiting', 'ours', 'approved', 'rejected', 'withdrawn', 'all'] as const;
export const OTHER_VIEWS = ['proposed', 'approved', 'rejected', 'withdrawn', 'all'] as const;
const PAGE_ROWS = 100;
const REFRESH_MS = 1000;

/** Days of the address are those of the console's zone; instants (from links of other pages) stay what they are. */
function instant(text: string, end: boolean): string | undefined {
  if (text === '') return undefined;
  if (text.length > 10) return text;
  const ms = instantIn(ZONE, end ? addDays(text, 1) : text);
  return Number.isFinite(ms) ? new Date(ms).toISOString() : undefined;
}

/** A filter as the day that it shows: an exclusive end shows its last day. */
export function dayShown(text: string, end: boolean): string {
  if (text.length <= 10) return text;
  return day(end ? Date.parse(text) - 1 : text);
}

/** Filters of the URL as the API wants them; `view` is the tab. */
export function exclusionQuery(filters: Filters, view: string): Query {
  const [from, to] = [instant(filters.from, false), instant(filters.to, true)];
  return {
    ...(view === 'awaiting' ? { awaiting: true } : {}),
    ...(view === 'ours' ? { state: 'proposed' as const, mine: true } : {}),
    ...(['proposed', 'approved', 'rejected', 'withdrawn'].includes(view) ? { state: view as Exclusion['state'] } : {}),
    ...(filters.kind ? { kind: filters.kind as Kind } : {}),
    ...(filters.contract ? { contract: Number(filters.contract) } : {}),
    ...(filters.region ? { region: Number(filters.region) } : {}),
    ...(filters.station ? { station: Number(filters.station) } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

/** Exclusions page by page, kept live. */
export function useExclusions(filters: Ref<Filters>, view: Ref<string>) {
  const client = useQueryClient();
  const { marked, mark } = useRowMarks();
  const list = useInfiniteQuery({
    queryKey: computed(() => ['exclusions', 'list', filters.value, view.value]),
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      const query = { ...exclusionQuery(filters.value, view.value), ...page };
      return data(api.GET('/api/v1/exclusions', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: 60_000,
  });
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: ['exclusions'] }), REFRESH_MS, true);
  useRooms({
    rooms: ['exclusions'],
    on: {
      exclusion: (change) => {
        mark(String(change.id));
        void refresh();
      },
    },
    refetch: refresh,
  });
  const rows = computed<readonly Exclusion[]>(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  return { list, rows, more, marked };
}

export function useExclusion(id: Ref<string>) {
  const client = useQueryClient();
  const key = computed(() => ['exclusions', 'one', Number(id.value)]);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/exclusions/{id}', { params: { path: { id: Number(id.value) } }, signal })),
    refetchInterval: 60_000,
  });
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: key.value }), REFRESH_MS, true);
  useRooms({
    rooms: ['exclusions'],
    on: { exclusion: (change) => (change.id === Number(id.value) ? void refresh() : undefined) },
    refetch: refresh,
  });
  return query;
}

/** After an act: the list, the exclusion, and every figure that it may touch. */
export function useExclusionsChanged() {
  const client = useQueryClient();
  return () =>
    Promise.all(['exclusions', 'availability'].map((area) => client.invalidateQueries({ queryKey: [area] })));
}
