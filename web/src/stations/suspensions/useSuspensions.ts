import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data, type Item } from '../../api/client.ts';

export type Suspension = Item<'/api/v1/stations/{id}/suspensions'>;
const MOST = 100;

/** When a station was not required, newest first. */
export function useSuspensions(stationId: Ref<number>) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: computed(() => ['stations', 'suspensions', stationId.value]),
    queryFn: ({ signal }) => {
      const params = { path: { id: stationId.value }, query: { limit: MOST } };
      return data(api.GET('/api/v1/stations/{id}/suspensions', { params, signal }));
    },
  });
  const changed = () =>
    Promise.all(['stations', 'availability'].map((area) => client.invalidateQueries({ queryKey: [area] })));
  return { query, changed };
}
