import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, shallowRef, watch } from 'vue';
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router';
import { day } from '../../format/time.ts';
import { useFormat } from '../../format/useFormat.ts';
import { readFilters, writeFilters } from '../../ui/table/useListUrl.ts';
import type { Compare } from '../model.ts';
import { addDays, daysIn, type Period, parsePeriod, periodAround, periodText, shiftPeriod } from '../period.ts';
import { fetchCompare } from '../requests.ts';
import { useContracts } from '../useAvailability.ts';
import { type Scope, type Sort, scopeOf, sortOf } from '../useView.ts';

/** Parts of a place that are shown at once. */
const MOST_ROWS = 500;

/** The two periods of an address: the running month and the one before it unless said otherwise. */
export function comparedPeriods(a: string, b: string, today: string): { readonly a: Period; readonly b: Period } {
  const later = parsePeriod(b) ?? periodAround('month', today);
  return { a: parsePeriod(a) ?? shiftPeriod(later, -1), b: later };
}

/** The latest whole days of a period, a week at most, and as many before them; null if it has not two of them. */
export function latestDays(period: Period, today: string): { readonly a: Period; readonly b: Period } | null {
  const toDay = period.toDay < today ? period.toDay : today;
  const length = Math.min(7, Math.floor(daysIn({ ...period, toDay }) / 2));
  if (length < 1) return null;
  const b: Period = { kind: 'days', fromDay: addDays(toDay, -length), toDay };
  return { a: shiftPeriod(b, -1), b };
}

const isEmpty = ({ a }: Compare['total']) => a === null || (a.network.percent === null && a.equipment.percent === null);

/** Two periods of a place side by side; which ones, and where, stands in the URL. */
export function useCompare() {
  const route = useRoute();
  const router = useRouter();
  const { now } = useFormat();
  const today = computed(() => day(now.value));
  const asked = computed(() => readFilters(['a', 'b', 'contract', 'sort'], route.query));
  /** Nothing is known of an earlier period that nobody chose; nor is it where the contract began later. Days are compared then. */
  const short = shallowRef(false);
  const contracts = useContracts();
  const periods = computed(() => {
    const pair = comparedPeriods(asked.value.a, asked.value.b, today.value);
    const { default_id, items } = contracts.data.value ?? { default_id: undefined, items: [] };
    const term = items.find((c) => c.id === (Number(asked.value.contract) || default_id))?.term_from ?? '';
    const isUnknown = asked.value.a === '' && (short.value || pair.a.toDay <= term);
    return (isUnknown && latestDays(pair.b, today.value)) || pair;
  });
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
    enabled: computed(() => !contracts.isPending.value),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  watch(
    answer.data,
    (found) => {
      if (found && !answer.isPlaceholderData.value && asked.value.a === '' && isEmpty(found.total)) short.value = true;
    },
    { immediate: true },
  );
  /** Not the answer that days are about to take the place of. */
  const shown = computed(() => (short.value && answer.isPlaceholderData.value ? undefined : answer.data.value));
  const changed = (changes: Record<string, string>) => writeFilters(route.query, changes) as LocationQueryRaw;
  return {
    today,
    periods,
    contract,
    sort,
    answer,
    shown,
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
