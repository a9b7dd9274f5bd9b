import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import { type Answer, api, data } from '../../api/client.ts';
import { useRooms } from '../../realtime/useRooms.ts';

export type Device = Answer<'/api/v1/devices/{id}'>;
export type DeviceComponent = Device['components'][number];

/** One device, kept live: state changes, events and commands of its room ask the server for what they concern. */
export function useDevice(id: Ref<string>) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: computed(() => ['device', id.value]),
    queryFn: ({ signal }) => data(api.GET('/api/v1/devices/{id}', { params: { path: { id: id.value } }, signal })),
    refetchInterval: 60_000,
  });
  const refresh = useThrottleFn(() => client.invalidateQueries({ queryKey: ['device', id.value] }), 1000, true);
  useRooms({
    rooms: computed(() => [`device:${id.value}` as const]),
    on: {
      device: (change) => change.device_id === id.value && void refresh(),
      event: (event) =>
        event.device_id === id.value && void client.invalidateQueries({ queryKey: ['device', id.value, 'events'] }),
      command: (command) =>
        command.device_id === id.value && void client.invalidateQueries({ queryKey: ['commands', 'device', id.value] }),
    },
    refetch: refresh,
  });
  return query;
}
