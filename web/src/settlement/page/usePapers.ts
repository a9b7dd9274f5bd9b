import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data, type Item } from '../../api/client.ts';

export type Paper = Item<'/api/v1/documents'>;

/** How often a paper that is being made is looked at, ms. */
const WATCH_MS = 1_500;
const SHOWN = 6;

/** Papers made of a statement, by whoever asked; read again while one is being made. They are found again after leaving the page. */
export function usePapers(statementId: Ref<number>) {
  const client = useQueryClient();
  const queryKey = computed(() => ['documents', 'statement', statementId.value]);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const params = { query: { subject: `statement:${statementId.value}`, limit: SHOWN } };
      return (await data(api.GET('/api/v1/documents', { params, signal }))).items;
    },
    refetchInterval: ({ state }) => (state.data?.some(isBusy) ? WATCH_MS : false),
  });
  const papers = computed<readonly Paper[]>(() => query.data.value ?? []);
  return { papers, refresh: () => client.invalidateQueries({ queryKey: queryKey.value }) };
}

export const isBusy = ({ state }: Pick<Paper, 'state'>): boolean => state === 'queued' || state === 'running';
