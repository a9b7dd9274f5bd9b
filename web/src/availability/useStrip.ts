import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { useSession } from '../app/session.ts';
import { day } from '../format/time.ts';
import { useFormat } from '../format/useFormat.ts';
import { periodAround } from './period.ts';
import { fetchAvailability, fetchBudget } from './requests.ts';
import { DEFAULT_SORT } from './useView.ts';

const REFRESH_MS = 300_000;

/** Both rates and what is left of the budget for the running month, of everything that the reader may see. */
export function useStrip() {
  const session = useSession();
  const { now } = useFormat();
  const today = computed(() => day(now.value));
  const allowed = computed(() => session.can('availability.read'));
  const question = computed(() => ({ contract: undefined, period: periodAround('month', today.value), scope: {} }));
  const figures = useQuery({
    queryKey: computed(() => ['availability', 'strip', question.value]),
    queryFn: ({ signal }) => fetchAvailability(question.value, { sort: DEFAULT_SORT, limit: 1 }, signal),
    enabled: allowed,
    refetchInterval: REFRESH_MS,
  });
  const budget = useQuery({
    queryKey: computed(() => ['availability', 'budget', question.value]),
    queryFn: ({ signal }) => fetchBudget(question.value, signal),
    enabled: allowed,
    refetchInterval: REFRESH_MS,
  });
  return { allowed, question, figures, budget };
}
