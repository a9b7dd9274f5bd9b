import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { type Answer, api, data } from '../api/client.ts';
import type { Room } from '../realtime/protocol.ts';
import { useRooms } from '../realtime/useRooms.ts';

export type Station = Answer<'/api/v1/stations/{id}'>;
const HISTORY = 200;

/** A station, what stands there now and what stood there before. */
export function useStation(id: Ref<string>) {
  const client = useQueryClient();
  const key = computed(() => ['stations', 'one', Number(id.value)]);
  const station = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/stations/{id}', { params: { path: { id: Number(id.value) } }, signal })),
    refetchInterval: 60_000,
  });
  const history = useQuery({
    queryKey: computed(() => ['stations', 'history', Number(id.value)]),
    queryFn: ({ signal }) => {
      const params = { path: { id: Number(id.value) }, query: { limit: HISTORY } };
      return data(api.GET('/api/v1/stations/{id}/installations', { params, signal }));
    },
  });
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: key.value }), 1000, true);
  const device = computed(() => station.data.value?.device ?? null);
  useRooms({
    rooms: computed<Room[]>(() => (device.value ? [`device:${device.value.device_id}`] : [])),
    on: {
      device: (change) => {
        if (change.device_id === device.value?.device_id && change.state !== device.value.state) void refresh();
      },
    },
    refetch: refresh,
  });
  return { station, history };
}

/** After an act at a station: its own page, its site, the devices concerned and the counts. */
export function useStationChanged() {
  const client = useQueryClient();
  return () => {
    const areas = ['stations', 'sites', 'device', 'devices', 'overview'];
    return Promise.all(areas.map((area) => client.invalidateQueries({ queryKey: [area] })));
  };
}
