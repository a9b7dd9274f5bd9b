import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data } from '../../api/client.ts';
import { parsePeriod } from '../../availability/period.ts';
import { instantIn } from '../../format/zones.ts';
import type { Contract } from '../useContracts.ts';

/** Proposals that are counted; more show as "50+". */
const MOST = 50;

/** What closing a month freezes: its rates, and proposals in it that nobody has decided and nobody can approve afterwards. */
export function useFreezing(contract: Ref<Contract>, month: Ref<string>, wanted: Ref<boolean>) {
  const enabled = computed(() => wanted.value && month.value !== '');
  const figures = useQuery({
    queryKey: computed(() => ['availability', 'freezing', contract.value.id, month.value]),
    queryFn: ({ signal }) => {
      const query = { contract: contract.value.id, period: month.value, limit: 1 };
      return data(api.GET('/api/v1/availability', { params: { query }, signal }));
    },
    enabled,
  });
  const asked = computed(() => {
    const period = parsePeriod(month.value);
    const at = (day: string) => new Date(instantIn(contract.value.time_zone, `${day}T00:00`) ?? 0).toISOString();
    const time = period ? { from: at(period.fromDay), to: at(period.toDay) } : {};
    return { contract: contract.value.id, state: 'proposed' as const, ...time };
  });
  const proposals = useQuery({
    queryKey: computed(() => ['exclusions', 'freezing', asked.value]),
    queryFn: ({ signal }) => {
      const query = { ...asked.value, limit: MOST };
      return data(api.GET('/api/v1/exclusions', { params: { query }, signal }));
    },
    enabled,
  });
  const undecided = computed(() => {
    const found = proposals.data.value;
    const query = { ...asked.value, contract: String(asked.value.contract) };
    return found && { n: found.items.length, more: found.next_cursor !== null, to: { name: 'exclusions', query } };
  });
  return { figures: figures.data, undecided };
}
