import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item } from '../../api/client.ts';
import type { CommandChange } from '../../realtime/protocol.ts';
import { useRooms } from '../../realtime/useRooms.ts';
import { useRowMarks } from '../../ui/table/useRowMarks.ts';
import type { CommandState } from '../commandStates.ts';

export type Command = Item<'/api/v1/command-batches/{id}/commands'>;
type Page = Answer<'/api/v1/command-batches/{id}/commands'>;
export type CommandPages = InfiniteData<Page, string | undefined>;

const PAGE_ROWS = 200;
const COUNT_MS = 1000;
/** Results follow the states at this pace: thousands of devices answer at once. */
const RESULT_MS = 4000;

/** Puts a change of state into the page that holds its row, and leaves the row where it is. */
export function patchCommand(pages: CommandPages, change: Pick<CommandChange, 'id' | 'state'>): CommandPages {
  const state = change.state as CommandState;
  const patched = pages.pages.map((page) =>
    page.items.some((c) => c.id === change.id)
      ? { ...page, items: page.items.map((c) => (c.id === change.id ? { ...c, state } : c)) }
      : page,
  );
  return { ...pages, pages: patched };
}

/** A batch with its counts, and its commands page by page; both live. */
export function useBatch(id: Ref<string>, state: Ref<string>) {
  const client = useQueryClient();
  const { marked, mark } = useRowMarks();
  const batchKey = computed(() => ['commands', 'batch', id.value]);
  const listKey = computed(() => ['commands', 'of-batch', id.value, state.value]);
  const batch = useQuery({
    queryKey: batchKey,
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/command-batches/{id}', { params: { path: { id: id.value } }, signal })),
    // Messages lead; asking again covers the one that got lost while something is under way.
    refetchInterval: (query) => ((query.state.data?.open ?? 0) > 0 ? 10_000 : false),
  });
  const list = useInfiniteQuery({
    queryKey: listKey,
    queryFn: ({ pageParam, signal }) => {
      const filter = state.value ? { state: state.value as CommandState } : {};
      const query = { ...filter, limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) };
      return data(
        api.GET('/api/v1/command-batches/{id}/commands', { params: { path: { id: id.value }, query }, signal }),
      );
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchOnWindowFocus: false,
  });
  const recount = useThrottleFn(() => client.invalidateQueries({ queryKey: batchKey.value }), COUNT_MS, true);
  const relist = useThrottleFn(() => client.invalidateQueries({ queryKey: listKey.value }), RESULT_MS, true);
  const refresh = () => Promise.all([recount(), relist()]);
  useRooms({
    rooms: computed(() => [`commands:${id.value}` as const]),
    on: {
      command: (change) => {
        if (change.batch_id !== id.value) return;
        client.setQueryData<CommandPages>(listKey.value, (pages) => pages && patchCommand(pages, change));
        mark(change.id);
        void refresh();
      },
    },
    refetch: refresh,
  });
  const rows = computed<readonly Command[]>(() => list.data.value?.pages.flatMap((page) => page.items) ?? []);
  function more(): void {
    if (list.hasNextPage.value && !list.isFetching.value) void list.fetchNextPage();
  }
  return { batch, list, rows, more, marked, refresh };
}
