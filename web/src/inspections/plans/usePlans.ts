import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { refDebounced } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item, type paths } from '../../api/client.ts';

export type Plan = Item<'/api/v1/inspection-plans'>;
export type PlanDetail = Answer<'/api/v1/inspection-plans/{id}'>;
export type PlanInput = paths['/api/v1/inspection-plans']['post']['requestBody']['content']['application/json'];
export type PlanPreview =
  paths['/api/v1/inspection-plans/preview']['post']['responses'][200]['content']['application/json'];

const REST_MS = 500;

export function usePlans() {
  return useQuery({
    queryKey: ['inspections', 'plans'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/inspection-plans', { signal })),
    // Tasks of a new plan appear within seconds: its line says so until they are there.
    refetchInterval: (query) => (query.state.data?.items.some(({ making }) => making) ? 3_000 : 60_000),
  });
}

export function usePlan(id: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ['inspections', 'plan', id.value]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/inspection-plans/{id}', { params: { path: { id: id.value ?? 0 } }, signal })),
    enabled: computed(() => id.value !== null),
  });
}

/** The checklist of R-HN-3, to begin with. */
export function useStandardChecklist() {
  return useQuery({
    queryKey: ['inspections', 'checklist'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/inspection-checklist', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What a plan would come to, once its writer rests. */
export function usePlanPreview(wish: Ref<PlanInput | null>, planId: Ref<number | null>) {
  const rested = refDebounced(wish, REST_MS);
  return useQuery({
    queryKey: computed(() => ['inspections', 'preview', planId.value, rested.value]),
    queryFn: ({ signal }) => {
      if (rested.value === null) throw new Error('nothing to preview');
      const query = planId.value === null ? {} : { plan: planId.value };
      return data(api.POST('/api/v1/inspection-plans/preview', { params: { query }, body: rested.value, signal }));
    },
    enabled: computed(() => rested.value !== null),
    placeholderData: keepPreviousData,
    retry: false,
  });
}
