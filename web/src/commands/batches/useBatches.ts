import { useInfiniteQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data } from '../../api/client.ts';
import type { Batch, CommandOp } from '../useSendCommand.ts';

const PAGE_ROWS = 100;
/** While something is under way its counts move; there is no room for all batches. */
const MOVING_MS = 3000;

/** Batches page by page, newest first. */
export function useBatches(op: Ref<string>) {
  const list = useInfiniteQuery({
    queryKey: computed(() => ['commands', 'batches', op.value]),
    queryFn: ({ pageParam, signal }) => {
      const filter = op.value ? { op: op.value as CommandOp } : {};
      const query = { ...filter, limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      return data(api.GET('/api/v1/command-batches', { params: { query }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((batch) => batch.open > 0)) ? MOVING_MS : 60_000,
  });
  const rows = computed<readonly Batch[]>(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  return { list, rows, more };
}
