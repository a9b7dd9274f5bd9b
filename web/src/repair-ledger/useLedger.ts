import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data, type Item, type QueryOf } from '../api/client.ts';
import { ZONE } from '../format/time.ts';
import { addDays, instantIn } from '../format/zones.ts';
import { usePagedList } from '../ui/table/usePagedList.ts';

export type Line = Item<'/api/v1/ledger'>;
export type LedgerQuery = QueryOf<'/api/v1/ledger/summary'>;
export const FILTERS = ['state', 'contract', 'region', 'from', 'to', 'q'] as const;
export type Filters = Readonly<Record<(typeof FILTERS)[number], string>>;
export const STATES = ['unconfirmed', 'disputed', 'confirmed', 'open'] as const satisfies readonly Line['state'][];
/** As the server has it. */
export const MAX_LINES = 5000;

/** Filters of the address as the API wants them. Days are those of the console's zone, `to` is the last one. */
export function ledgerQuery(filters: Filters): LedgerQuery {
  const instant = (day: string) => new Date(instantIn(ZONE, day)).toISOString();
  return {
    ...(filters.state ? { state: filters.state as Line['state'] } : {}),
    ...(filters.contract ? { contract: Number(filters.contract) } : {}),
    ...(filters.region ? { region: Number(filters.region) } : {}),
    ...(filters.from ? { from: instant(filters.from) } : {}),
    ...(filters.to ? { to: instant(addDays(filters.to, 1)) } : {}),
    ...(filters.q.trim() ? { q: filters.q.trim() } : {}),
  };
}

/** Address of an export of what the filters find. */
export function exportUrl(format: 'csv' | 'xlsx', filters: Filters): string {
  const query = new URLSearchParams(Object.entries(ledgerQuery(filters)).map(([key, value]) => [key, String(value)]));
  return `/api/v1/ledger.${format}?${query}`;
}

export function useLedger(filters: Ref<Filters>) {
  const query = computed(() => ledgerQuery(filters.value));
  const summary = useQuery({
    queryKey: computed(() => ['ledger', 'summary', query.value]),
    queryFn: ({ signal }) => data(api.GET('/api/v1/ledger/summary', { params: { query: query.value }, signal })),
  });
  const lines = usePagedList<Line>({
    key: computed(() => ['ledger', 'list', query.value]),
    fetch: (page, signal) =>
      data(api.GET('/api/v1/ledger', { params: { query: { ...query.value, ...page } }, signal })),
  });
  return { ...lines, summary, query };
}

/** After an act: the ledger, and what is settled by it. */
export function useLedgerChanged() {
  const client = useQueryClient();
  return () =>
    Promise.all(['ledger', 'settlement', 'orders'].map((area) => client.invalidateQueries({ queryKey: [area] })));
}
