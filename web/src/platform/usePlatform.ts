import { useQuery } from '@tanstack/vue-query';
import { type Answer, api, data } from '../api/client.ts';
import type { Band } from '../charts/BandTimeline.vue';
import { toMs } from '../format/time.ts';

export type Platform = Answer<'/api/v1/platform'>;
export type Liveness = Platform['liveness'][number];

const REFRESH_MS = 10_000;
/** A component that has not said it is alive for so long is taken for dead; it says so every 5 s. */
export const SILENT_MS = 30_000;
export const WINDOW_MS = 30 * 86_400_000;

export function usePlatform() {
  return useQuery({
    queryKey: ['platform'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/platform', { signal })),
    refetchInterval: REFRESH_MS,
  });
}

/** Time alive and outages of a component as bands. What lies before it was first seen stays empty. */
export function livenessBands(live: Liveness, nowMs: number): Band[] {
  const fromMs = Math.max(toMs(live.since), nowMs - WINDOW_MS);
  const outages = live.outages
    .map((o): Band => ({ fromMs: toMs(o.from), toMs: toMs(o.to), state: 'offline' }))
    .sort((a, b) => a.fromMs - b.fromMs);
  const silent = nowMs - toMs(live.last_alive_at) > SILENT_MS;
  if (silent) outages.push({ fromMs: toMs(live.last_alive_at), toMs: nowMs, state: 'offline' });
  const bands: Band[] = [];
  let at = fromMs;
  for (const outage of outages) {
    if (outage.toMs <= at) continue;
    if (outage.fromMs > at) bands.push({ fromMs: at, toMs: outage.fromMs, state: 'online' });
    bands.push(outage);
    at = outage.toMs;
  }
  return at < nowMs ? [...bands, { fromMs: at, toMs: nowMs, state: 'online' }] : bands;
}
