import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { api, data, type Item } from '../api/client.ts';

export type Org = Item<'/api/v1/orgs'>;
export const ORG_KINDS = ['platform', 'agency', 'contractor', 'vendor'] as const satisfies readonly Org['kind'][];

export function useOrgs() {
  const query = useQuery({
    queryKey: ['orgs'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/orgs', { signal })),
  });
  return { ...query, orgs: computed(() => query.data.value?.items ?? []) };
}
