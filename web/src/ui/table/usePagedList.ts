import { useInfiniteQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';

export interface ListPage<Row> {
  readonly items: readonly Row[];
  readonly next_cursor: string | null;
}

export interface PagedListOptions<Row> {
  /** Area first, then what the answer depends on. */
  readonly key: MaybeRefOrGetter<readonly unknown[]>;
  readonly fetch: (page: { cursor?: string; limit: number }, signal: AbortSignal) => Promise<ListPage<Row>>;
  readonly limit?: number;
}

/** A list that the server hands out page by page, as `DataTable` wants it. */
export function usePagedList<Row>(options: PagedListOptions<Row>) {
  const list = useInfiniteQuery({
    queryKey: computed(() => toValue(options.key)),
    queryFn: ({ pageParam, signal }) =>
      options.fetch({ limit: options.limit ?? 100, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchOnWindowFocus: false,
  });
  const rows = computed<readonly Row[]>(
    () => list.data.value?.pages.flatMap((page) => page.items as readonly Row[]) ?? [],
  );
  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  return { list, rows, more };
}

/** Filters without what is empty. */
export function present<K extends string>(filters: Readonly<Record<K, string>>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== '')) as Partial<Record<K, string>>;
}
