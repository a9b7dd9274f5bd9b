import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item } from '../api/client.ts';

export type Contract = Item<'/api/v1/contracts'>;
export type Calendar = Contract['calendar'];
export type WeeklyCalendar = Extract<Calendar, { kind: 'weekly' }>;
export type Rules = Contract['rules'];
export type Hours = WeeklyCalendar['hours']['mon'][number];
export type CalendarDay = Answer<'/api/v1/calendar-days'>['items'][number];

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export const UNKNOWN_AS = ['down', 'excluded', 'up'] as const;
export const AGGREGATIONS = ['time_weighted', 'mean_of_stations', 'daily_count'] as const;
export const EXCLUSION_KINDS = [
  'planned_maintenance',
  'site_power_cut',
  'site_closed',
  'force_majeure',
  'customer_request',
] as const;

/** The contracts that the user may see; they hardly change. */
export function useContracts() {
  const query = useQuery({
    queryKey: ['contracts', 'list'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/contracts', { signal })),
    staleTime: 300_000,
  });
  const contracts = computed<readonly Contract[]>(() => query.data.value?.items ?? []);
  const byId = computed(() => new Map(contracts.value.map((c) => [c.id, c])));
  /** The one that figures are of if none is named. */
  const standard = computed(() => byId.value.get(query.data.value?.default_id ?? 0) ?? contracts.value[0]);
  return { ...query, contracts, byId, standard };
}

export function useContract(id: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['contracts', 'one', Number(id.value)]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/contracts/{id}', { params: { path: { id: Number(id.value) } }, signal })),
  });
}

/** After a change of a contract or its calendar: every figure may be another one. */
export function useContractsChanged() {
  const client = useQueryClient();
  return () => {
    const areas = ['contracts', 'availability', 'calendar-days'];
    return Promise.all(areas.map((area) => client.invalidateQueries({ queryKey: [area] })));
  };
}
