import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item, type QueryOf } from '../api/client.ts';

export type Task = Item<'/api/v1/inspections'>;
export type TaskDetail = Answer<'/api/v1/inspections/{id}'>;
export type ChecklistItem = TaskDetail['checklist'][number];
export type ItemAnswer = TaskDetail['answers'][string];
export type StationReadings = TaskDetail['stations'][number];
export type ArchiveItem = Item<'/api/v1/inspections/archive'>;
export type CalendarAnswer = Answer<'/api/v1/inspections/calendar'>;
export type RateAnswer = Answer<'/api/v1/inspection-rates'>;
export type TaskQuery = QueryOf<'/api/v1/inspections'>;
export type Status = Task['status'];

const PAGE_ROWS = 100;
const REFRESH_MS = 60_000;

/** Inspections page by page. */
export function useTasks(query: Ref<TaskQuery>) {
  const list = useInfiniteQuery({
    queryKey: computed(() => ['inspections', 'list', query.value]),
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      return data(api.GET('/api/v1/inspections', { params: { query: { ...query.value, ...page } }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });
  const rows = computed<readonly Task[]>(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  return { list, rows, more };
}

export function useCalendar(query: Ref<QueryOf<'/api/v1/inspections/calendar'>>) {
  return useQuery({
    queryKey: computed(() => ['inspections', 'calendar', query.value]),
    queryFn: ({ signal }) => data(api.GET('/api/v1/inspections/calendar', { params: { query: query.value }, signal })),
    refetchInterval: REFRESH_MS,
  });
}

export function useRates(query: Ref<QueryOf<'/api/v1/inspection-rates'>>) {
  return useQuery({
    queryKey: computed(() => ['inspections', 'rates', query.value]),
    queryFn: ({ signal }) => data(api.GET('/api/v1/inspection-rates', { params: { query: query.value }, signal })),
  });
}

/** Who may be sent; empty until a contract is known. */
export function usePeople(contractId: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ['inspections', 'people', contractId.value]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/inspection-people', { params: { query: { contract: contractId.value ?? 0 } }, signal })),
    enabled: computed(() => contractId.value !== null),
    staleTime: 300_000,
  });
}

/** After an act: lists, counts and rates may be others. */
export function useInspectionsChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['inspections'] });
}
