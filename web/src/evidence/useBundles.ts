import { useQuery } from '@tanstack/vue-query';
import { computed, watch } from 'vue';
import { api, data, type Item } from '../api/client.ts';
import { usePagedList } from '../ui/table/usePagedList.ts';

export type Bundle = Item<'/api/v1/evidence-bundles'>;

/** States of a bundle in the one language of state. */
export const STATE_MARKS = { queued: 'unknown', running: 'excluded', done: 'online', failed: 'offline' } as const;

/** How often a bundle that is being made is looked at, ms. */
const WATCH_MS = 2_000;

/** Bundles, newest first; read again while one is being made. */
export function useBundles() {
  const paged = usePagedList<Bundle>({
    key: ['evidence-bundles'],
    fetch: (page, signal) => data(api.GET('/api/v1/evidence-bundles', { params: { query: page }, signal })),
    limit: 50,
  });
  const busy = computed(() => paged.rows.value.some(({ state }) => state === 'queued' || state === 'running'));
  watch(
    busy,
    (now, _, onCleanup) => {
      if (!now) return;
      const timer = setInterval(() => void paged.list.refetch(), WATCH_MS);
      onCleanup(() => clearInterval(timer));
    },
    { immediate: true },
  );
  return paged;
}

/** The key that bundles are signed with: it changes once in years. */
export function useEvidenceKey() {
  return useQuery({
    queryKey: ['evidence-key'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/evidence-key', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
