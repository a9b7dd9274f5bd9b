import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, type Ref, toValue } from 'vue';
import { type Answer, api, data } from '../../api/client.ts';
import type { Band } from '../../charts/BandTimeline.vue';
import type { Span } from './useRange.ts';

type Presence = Answer<'/api/v1/devices/{id}/presence'>;

/** Online spans and what lies between them as bands that cover the whole; before it was enrolled or first heard nothing is known of a device. */
export function presenceBands(presence: Pick<Presence, 'from' | 'to' | 'online'>, enrolledMs = 0): Band[] {
  const bands: Band[] = [];
  let atMs = Date.parse(presence.from);
  const endMs = Date.parse(presence.to);
  const [first] = presence.online;
  const knownMs = Math.min(enrolledMs, first ? Date.parse(first.from) : endMs, endMs);
  if (knownMs > atMs) {
    bands.push({ fromMs: atMs, toMs: knownMs, state: 'unknown' });
    atMs = knownMs;
  }
  for (const span of presence.online) {
    const fromMs = Math.max(Date.parse(span.from), atMs);
    const toMs = Date.parse(span.to);
    if (toMs <= fromMs) continue;
    if (fromMs > atMs) bands.push({ fromMs: atMs, toMs: fromMs, state: 'offline' });
    bands.push({ fromMs, toMs, state: 'online' });
    atMs = toMs;
  }
  if (atMs < endMs) bands.push({ fromMs: atMs, toMs: endMs, state: 'offline' });
  return bands;
}

/** When the device was online, by its live beats, over a span. */
export function usePresence(deviceId: MaybeRefOrGetter<string>, span: Ref<Span>, enrolledAt: () => string | null) {
  const query = useQuery({
    queryKey: computed(() => ['device', toValue(deviceId), 'presence', span.value.fromMs, span.value.toMs]),
    queryFn: ({ signal }) => {
      const window = { from: new Date(span.value.fromMs).toISOString(), to: new Date(span.value.toMs).toISOString() };
      return data(
        api.GET('/api/v1/devices/{id}/presence', {
          params: { path: { id: toValue(deviceId) }, query: window },
          signal,
        }),
      );
    },
    placeholderData: keepPreviousData,
    gcTime: 120_000,
  });
  return {
    bands: computed(() =>
      query.data.value ? presenceBands(query.data.value, Date.parse(enrolledAt() ?? '') || 0) : [],
    ),
  };
}
