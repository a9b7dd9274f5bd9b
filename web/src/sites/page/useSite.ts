import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { api, data, type Item } from '../../api/client.ts';
import type { Room } from '../../realtime/protocol.ts';
import { useRooms } from '../../realtime/useRooms.ts';

export type StationRow = Item<'/api/v1/stations'>;
/** More stations than any site has. */
const LIMIT = 500;

/** A site and its stations, kept live by the rooms of the devices that stand there. */
export function useSite(id: Ref<string>) {
  const client = useQueryClient();
  const site = useQuery({
    queryKey: computed(() => ['sites', 'one', Number(id.value)]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/sites/{id}', { params: { path: { id: Number(id.value) } }, signal })),
  });
  const stations = useQuery({
    queryKey: computed(() => ['stations', 'site', Number(id.value)]),
    queryFn: async ({ signal }) => {
      const query = { site: Number(id.value), limit: LIMIT };
      return (await data(api.GET('/api/v1/stations', { params: { query }, signal }))).items;
    },
    refetchInterval: 60_000,
  });
  const refresh = useThrottleFn(
    () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['stations', 'site', Number(id.value)] }),
        client.invalidateQueries({ queryKey: ['sites', 'one', Number(id.value)] }),
      ]),
    2000,
    true,
  );
  const shown = computed(
    () =>
      new Map(stations.data.value?.flatMap((s) => (s.device ? [[s.device.device_id, s.device.state] as const] : []))),
  );
  useRooms({
    rooms: computed<Room[]>(() => [...shown.value.keys()].map((device): Room => `device:${device}`)),
    on: {
      device: (change) => {
        const state = shown.value.get(change.device_id);
        if (state !== undefined && state !== change.state) void refresh();
      },
    },
    refetch: refresh,
  });
  return { site, stations };
}
