import { useInfiniteQuery, useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data } from '../../api/client.ts';

export type Closing = Answer<'/api/v1/contracts/{id}/closings'>['items'][number];
export type ClosingDetail = Answer<'/api/v1/contracts/{id}/closings/{cid}'>;

export function useClosings(contractId: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ['contracts', contractId.value, 'closings']),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/contracts/{id}/closings', { params: { path: { id: contractId.value } }, signal })),
  });
}

/** A closed period and, page by page, the stations that evidence has changed since. */
export function useClosing(contractId: Ref<string>, closingId: Ref<string>) {
  return useInfiniteQuery({
    queryKey: computed(() => ['contracts', Number(contractId.value), 'closings', Number(closingId.value)]),
    queryFn: ({ pageParam, signal }) => {
      const path = { id: Number(contractId.value), cid: Number(closingId.value) };
      const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return data(api.GET('/api/v1/contracts/{id}/closings/{cid}', { params: { path, query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}
