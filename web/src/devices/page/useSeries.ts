import { keepPreviousData, useQueries } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, type Ref, toValue } from 'vue';
import { type Answer, api, data } from '../../api/client.ts';
import { CHARTS, type Metric } from './chartList.ts';
import type { Span } from './useRange.ts';

export type Series = Answer<'/api/v1/devices/{id}/series'>;

const METRICS: readonly Metric[] = CHARTS.flatMap((c) => c.metrics);

/** All series of a device for a span. What is on its way keeps the old picture, so that a moving span does not blink. */
export function useSeries(deviceId: MaybeRefOrGetter<string>, span: Ref<Span>) {
  const results = useQueries({
    queries: computed(() =>
      METRICS.map((metric) => ({
        queryKey: ['device', toValue(deviceId), 'series', metric, span.value.fromMs, span.value.toMs],
        queryFn: ({ signal }: { signal: AbortSignal }) => {
          const query = {
            metric,
            from: new Date(span.value.fromMs).toISOString(),
            to: new Date(span.value.toMs).toISOString(),
          };
          return data(
            api.GET('/api/v1/devices/{id}/series', { params: { path: { id: toValue(deviceId) }, query }, signal }),
          );
        },
        placeholderData: keepPreviousData,
        staleTime: 60_000,
        gcTime: 120_000,
      })),
    ),
    shallow: true,
  });
  const series = computed<ReadonlyMap<Metric, Series>>(() => {
    const pairs = METRICS.flatMap((metric, i): [Metric, Series][] => {
      const answer = results.value[i]?.data as Series | undefined;
      return answer ? [[metric, answer]] : [];
    });
    return new Map(pairs);
  });
  const failed = computed(() => results.value.filter((r) => r.error !== null && r.data === undefined));
  return {
    series,
    error: computed(() => failed.value[0]?.error ?? null),
    retry: () => Promise.all(failed.value.map((r) => r.refetch())),
  };
}
