import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data } from '../../api/client.ts';
import { useSession } from '../../app/session.ts';
import type { RiskItem } from '../model.ts';

const REFRESH_MS = 300_000;

/** Money that running periods may still gain or lose, of one contract or of all. What can be looked at costs the server something: not often. */
export function useRisk(contract: Ref<number | null>) {
  const session = useSession();
  return useQuery({
    queryKey: computed(() => ['risk', contract.value]),
    queryFn: async ({ signal }) => {
      const query = contract.value === null ? {} : { contract: contract.value };
      // The core's form passes as JSON; `model.ts` names it.
      return (await data(api.GET('/api/v1/money-at-risk', { params: { query }, signal })))
        .items as unknown as RiskItem[];
    },
    enabled: computed(() => session.can('settlement.read')),
    refetchInterval: REFRESH_MS,
  });
}
