import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item, type paths, type QueryOf } from '../../api/client.ts';
import { usePagedList } from '../../ui/table/usePagedList.ts';

export type Complaint = Item<'/api/v1/complaints'>;
export type ComplaintDetail = Answer<'/api/v1/complaints/{id}'>;
export type NewComplaint = paths['/api/v1/complaints']['post']['requestBody']['content']['application/json'];
export type Word = Complaint['words'][number];

export const THROUGH = ['phone', 'letter', 'page', 'visit', 'other'] as const satisfies readonly Complaint['through'][];
export const WORDS = ['serious', 'ordinary', 'invalid'] as const satisfies readonly Word[];
export const VIEWS = ['awaiting', 'all', 'disputed', 'valid', 'invalid'] as const;

export function useComplaints(filters: Ref<{ readonly view: string; readonly contract: string }>) {
  const query = computed<QueryOf<'/api/v1/complaints'>>(() => {
    const { view, contract } = filters.value;
    return {
      ...(contract ? { contract: Number(contract) } : {}),
      ...(view === 'awaiting' ? { awaiting: true } : {}),
      ...(view === 'disputed' || view === 'valid' || view === 'invalid' ? { state: view } : {}),
    };
  });
  return usePagedList<Complaint>({
    key: computed(() => ['complaints', 'list', query.value]),
    fetch: (page, signal) =>
      data(api.GET('/api/v1/complaints', { params: { query: { ...query.value, ...page } }, signal })),
  });
}

export function useComplaint(id: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['complaints', 'one', Number(id.value)]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/complaints/{id}', { params: { path: { id: Number(id.value) } }, signal })),
    refetchInterval: 60_000,
  });
}
