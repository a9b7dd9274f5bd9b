import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { api, data } from '../api/client.ts';

/** Device models, for choices. */
export function useModels() {
  const query = useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/models', { signal })),
    staleTime: 3_600_000,
  });
  return { ...query, models: computed(() => query.data.value?.items ?? []) };
}
