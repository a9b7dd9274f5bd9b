import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router';
import { day } from '../../format/time.ts';
import { useFormat } from '../../format/useFormat.ts';
import { readFilters, writeFilters } from '../../ui/table/useListUrl.ts';
import { type Period, parsePeriod, periodAround, periodText, shiftPeriod } from '../period.ts';
import { fetchCompare } from '../requests.ts';
import { type Scope, type Sort, scopeOf, sortOf } from '../useView.ts';

/** Parts of a place that are shown at once. */
const MOST_ROWS = 500;

/** The two periods of an address: the running month and the one before it unless said otherwise. */
export function comparedPeriods(a: string, b: string, today: string): { readonly a: Period; readonly b: Period } {
  const later = parsePeriod(b) ?? periodAround('month', today);
  return { a: parsePeriod(a) ?? shiftPeriod(later, -1), b: later };
}

/** Two periods of a place side by side; which ones, and where, stands in the URL. */
export function useCompare() {
  const route = useRoute();
  const router = useRouter();
  const { now } = useFormat();
  const today = computed(() => day(now.value));
  const asked = computed(() => readFilters(['a', 'b', 'contract', 'sort'], route.query));
  const periods = computed(() => comparedPeriods(asked.value.a, asked.value.b, today.value));
  const scope = computed(() => scopeOf(route.query));
  const sort = computed<Sort>(() => (asked.value.sort ? sortOf(asked.value.sort) : 'down'));
  const contract = computed(() => Number(asked.value.contract) || undefined);

  const query = computed(() => ({
    a: periodText(periods.value.a),
    b: periodText(periods.value.b),
    ...scope.value,
    ...(contract.value ? { contract: contract.value } : {}),
    sort: sort.value,
    limit: MOST_ROWS,
  }));
  const answer = useQuery({
    queryKey: computed(() => ['availability', 'compare', query.value]),
    queryFn: ({ signal }) => fetchCompare(query.value, signal),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  const changed = (changes: Record<string, string>) => writeFilters(route.query, changes) as LocationQueryRaw;
  return {
    today,
    periods,
    contract,
    sort,
    answer,
    named: computed(() => Object.keys(scope.value).length > 0),
    rows: computed(() => answer.data.value?.items ?? []),
    scopeQuery: (to: Scope) =>
      changed({ region: to.region ? String(to.region) : '', site: to.site ? String(to.site) : '' }),
    setPeriod(which: 'a' | 'b', period: Period): void {
      const both = { a: periodText(periods.value.a), b: periodText(periods.value.b) };
      void router.push({ query: changed({ ...both, [which]: periodText(period) }) });
    },
    setContract: (id: string) => void router.push({ query: changed({ contract: id, region: '', site: '' }) }),
    setSort: (value: Sort) => void router.replace({ query: changed({ sort: value === 'down' ? '' : value }) }),
  };
}
