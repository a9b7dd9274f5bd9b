import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { useThrottleFn } from '@vueuse/core';
import { type Answer, api, data } from '../../api/client.ts';
import { useRooms } from '../../realtime/useRooms.ts';

export type Decisions = Answer<'/api/v1/orders/decisions'>;
export type Decision = Decisions['items'][number];

const REFRESH_MS = 3000;
const POLL_MS = 60_000;

/** What waits for the word of one side: under 'orders', so that every act on an order asks for it again. */
export function useDecisions() {
  const client = useQueryClient();
  const refresh = useThrottleFn(
    () => client.invalidateQueries({ queryKey: ['orders', 'decisions'] }),
    REFRESH_MS,
    true,
  );
  useRooms({ rooms: ['repair'], on: { repair: () => void refresh() }, refetch: refresh });
  return useQuery({
    queryKey: ['orders', 'decisions'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/orders/decisions', { signal })),
    refetchInterval: POLL_MS,
  });
}
