import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query';
import { computed, type Ref, shallowRef } from 'vue';
import type { Dimension } from './figures.ts';
import { fetchAvailability, fetchBudget, fetchContracts, fetchTrend, fetchWorst, type Question } from './requests.ts';
import type { Sort } from './useView.ts';

/** Rows of the table that come at once; more on demand. */
const PAGE_ROWS = 100;
const WORST = 10;
/** Figures of the running day are computed every few minutes: asking more often shows nothing new. */
const REFRESH_MS = 120_000;

const running = { refetchInterval: REFRESH_MS, refetchOnWindowFocus: false } as const;

export function useContracts() {
  return useQuery({
    queryKey: ['contracts'],
    queryFn: ({ signal }) => fetchContracts(signal),
    staleTime: 300_000,
  });
}

/** Everything that the availability page shows of a contract, a period and a place. A step in the tree keeps the old picture until the new one is there. */
export function useAvailability(question: Ref<Question>, sort: Ref<Sort>) {
  const figures = useInfiniteQuery({
    queryKey: computed(() => ['availability', question.value, sort.value]),
    queryFn: ({ pageParam, signal }) => {
      const page = { sort: sort.value, limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      return fetchAvailability(question.value, page, signal);
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    ...running,
  });
  const first = computed(() => figures.data.value?.pages[0]);
  const rows = computed(() => figures.data.value?.pages.flatMap((page) => page.items) ?? []);

  const trend = useQuery({
    queryKey: computed(() => ['availability', 'trend', question.value]),
    queryFn: ({ signal }) => fetchTrend(question.value, signal),
    placeholderData: keepPreviousData,
    ...running,
  });
  const budget = useQuery({
    queryKey: computed(() => ['availability', 'budget', question.value]),
    queryFn: ({ signal }) => fetchBudget(question.value, signal),
    placeholderData: keepPreviousData,
    ...running,
  });
  return { figures, first, rows, trend, budget };
}

/** Stations that have lost most, by network or by equipment. */
export function useWorst(question: Ref<Question>) {
  const dimension = shallowRef<Dimension>('network');
  const worst = useQuery({
    queryKey: computed(() => ['availability', 'worst', question.value, dimension.value]),
    queryFn: ({ signal }) => fetchWorst(question.value, { dimension: dimension.value, limit: WORST }, signal),
    placeholderData: keepPreviousData,
    ...running,
  });
  return { dimension, worst };
}
