import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { type Answer, api, data } from '../../api/client.ts';
import { useRooms } from '../../realtime/useRooms.ts';

export type IncidentDetail = Answer<'/api/v1/incidents/{id}'>;
export type Alert = IncidentDetail['alerts'][number];
export type Notification = IncidentDetail['notifications'][number];

/** What is sent on its own way to the provider and back tells nobody; while something is under way, it is asked for. */
const UNDER_WAY: ReadonlySet<string> = new Set(['queued', 'sending', 'sent', 'unknown']);
const SENDING_MS = 5000;
const QUIET_MS = 60_000;

/** One incident with its alerts and what was sent about it, kept live. */
export function useIncident(id: Ref<string>) {
  const client = useQueryClient();
  const key = computed(() => ['incidents', 'one', Number(id.value)]);
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/incidents/{id}', { params: { path: { id: Number(id.value) } }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.notifications.some((n) => UNDER_WAY.has(n.state)) ? SENDING_MS : QUIET_MS,
  });
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: key.value }), 1000, true);
  // Alerts name themselves, not their incident: any of them may be of this one.
  useRooms({ rooms: ['incidents'], on: { incident: () => void refresh() }, refetch: refresh });
  return query;
}
