import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import { keptMine } from '../mine/store.ts';
import type { TaskDetail } from '../useInspections.ts';

/** One inspection; without a network as it was taken along. */
export function useTask(id: Ref<string>, userId: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ['inspections', 'one', Number(id.value)]),
    queryFn: async ({ signal }): Promise<TaskDetail> => {
      try {
        const params = { path: { id: Number(id.value) } };
        return await data(api.GET('/api/v1/inspections/{id}', { params, signal }));
      } catch (error) {
        if (!(error instanceof ApiProblem) || !error.retryable) throw error;
        const kept = (await keptMine(userId.value))?.items.find((task) => task.id === Number(id.value));
        if (kept === undefined) throw error;
        return kept;
      }
    },
    networkMode: 'always',
    retry: false,
  });
}
