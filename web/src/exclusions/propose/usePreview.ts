import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { refDebounced } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { api, data } from '../../api/client.ts';
import type { Wish } from './proposeForm.ts';

const REST_MS = 400;

/** Asks what a wish would come to, once its writer rests. */
export function usePreview(wish: Ref<Wish | null>) {
  const rested = refDebounced(wish, REST_MS);
  const query = useQuery({
    queryKey: computed(() => ['exclusions', 'preview', rested.value]),
    queryFn: ({ signal }) => {
      if (rested.value === null) throw new Error('nothing to preview');
      return data(api.POST('/api/v1/exclusions/preview', { body: rested.value, signal }));
    },
    enabled: computed(() => rested.value !== null),
    placeholderData: keepPreviousData,
    retry: false,
  });
  return query;
}
