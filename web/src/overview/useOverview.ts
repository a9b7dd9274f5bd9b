import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, watch } from 'vue';
import { type Answer, api, data, type Item } from '../api/client.ts';
import { useRooms } from '../realtime/useRooms.ts';
import { useRowMarks } from '../ui/table/useRowMarks.ts';

export type Overview = Answer<'/api/v1/overview'>;
export type County = Overview['regions'][number];
export type AttentionGroup = Overview['attention'][number];
export type AttentionDevice = AttentionGroup['devices'][number];
export type Incident = Item<'/api/v1/incidents'>;

/** However much happens, the whole is asked for again at most this often. */
const REFRESH_MS = 3000;
/** `public/start.js` asks for the same before this code is there. */
const INCIDENTS = 50;

export function countyKey(county: Pick<County, 'id' | 'name'>): string {
  return String(county.id ?? county.name);
}

/** Counties whose figures differ between two pictures. */
export function changedCounties(before: readonly County[], after: readonly County[]): string[] {
  const known = new Map(before.map((c) => [countyKey(c), c]));
  return after.flatMap((now) => {
    const old = known.get(countyKey(now));
    const same =
      old &&
      old.online === now.online &&
      old.offline === now.offline &&
      old.faulty === now.faulty &&
      old.never === now.never;
    return old && !same ? [countyKey(now)] : [];
  });
}

/** What is wrong now and the state of the whole, kept live. */
export function useOverview() {
  const client = useQueryClient();
  const { marked, mark } = useRowMarks();
  const overview = useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/overview', { signal })),
    refetchInterval: 60_000,
  });
  const incidents = useQuery({
    queryKey: ['incidents', 'unresolved'],
    queryFn: async ({ signal }) => {
      const list = (state: 'open' | 'acked') =>
        data(api.GET('/api/v1/incidents', { params: { query: { state, limit: INCIDENTS } }, signal }));
      const [open, acked] = await Promise.all([list('open'), list('acked')]);
      return [...open.items, ...acked.items];
    },
    refetchInterval: 60_000,
  });
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: ['overview'] }), REFRESH_MS, true);
  const refreshIncidents = useThrottleFn(() => client.invalidateQueries({ queryKey: ['incidents'] }), 1000, true);
  useRooms({
    rooms: ['overview', 'incidents'],
    on: { overview: () => void refresh(), incident: () => void refreshIncidents() },
    refetch: () => Promise.all([refresh(), refreshIncidents()]),
  });
  watch(
    () => overview.data.value?.regions,
    (now, before) => {
      for (const key of changedCounties(before ?? [], now ?? [])) mark(key);
    },
  );
  return { overview, incidents, marked, attention: computed(() => overview.data.value?.attention ?? []) };
}
