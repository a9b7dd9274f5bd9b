import { useInfiniteQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { api, data, type Item, type QueryOf } from '../api/client.ts';
import { useRooms } from '../realtime/useRooms.ts';
import { useRowMarks } from '../ui/table/useRowMarks.ts';

export type Incident = Item<'/api/v1/incidents'>;
type Query = QueryOf<'/api/v1/incidents'>;

export const INCIDENT_FILTERS = ['state', 'rule', 'region'] as const;
export type IncidentFilters = Readonly<Record<(typeof INCIDENT_FILTERS)[number], string>>;
/** Choices of the list; the first is what nobody has taken in charge, and needs no word in the address. */
export const VIEWS = ['open', 'acked', 'resolved', 'all'] as const;
const PAGE_ROWS = 100;
const REFRESH_MS = 1000;

/** Filters of the URL as the API wants them: no state means "open", `all` means no state. */
export function incidentQuery(filters: IncidentFilters): Query {
  const state = filters.state || 'open';
  return {
    ...(state === 'all' ? {} : { state }),
    ...(filters.rule ? { rule: filters.rule } : {}),
    ...(filters.region ? { region: Number(filters.region) } : {}),
  } as Query;
}

/** Incidents page by page, kept live: a message of the room asks the server again, once a second at most. */
export function useIncidents(filters: Ref<IncidentFilters>) {
  const client = useQueryClient();
  const { marked, mark } = useRowMarks();
  const list = useInfiniteQuery({
    queryKey: computed(() => ['incidents', 'list', filters.value]),
    queryFn: ({ pageParam, signal }) => {
      const query = { ...incidentQuery(filters.value), limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      return data(api.GET('/api/v1/incidents', { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: 60_000,
  });
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: ['incidents'] }), REFRESH_MS, true);
  useRooms({
    rooms: ['incidents'],
    on: {
      incident: (change) => {
        if (change.kind === 'incident') mark(String(change.id));
        void refresh();
      },
    },
    refetch: refresh,
  });
  const rows = computed<readonly Incident[]>(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  return { list, rows, more, marked };
}
