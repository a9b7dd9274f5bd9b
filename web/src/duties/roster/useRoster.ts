import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type paths } from '../../api/client.ts';

export type Roster = Answer<'/api/v1/duty-roster'>;
export type RosterDay = Roster['days'][number];
export type Shift = RosterDay['shifts'][number];
export type ShiftPatch = paths['/api/v1/duty-roster/{id}']['patch']['requestBody']['content']['application/json'];
export type NewShift = paths['/api/v1/duty-roster']['post']['requestBody']['content']['application/json'];

export function useRoster(contract: Ref<number>, year: Ref<number>) {
  return useQuery({
    queryKey: computed(() => ['roster', contract.value, year.value]),
    queryFn: ({ signal }) => {
      const query = { contract: contract.value, from: `${year.value}-01-01`, to: `${year.value + 1}-01-01` };
      return data(api.GET('/api/v1/duty-roster', { params: { query }, signal }));
    },
    enabled: computed(() => contract.value > 0),
  });
}

/** Who is on duty at this moment. */
export function useOnDuty() {
  return useQuery({
    queryKey: ['roster', 'now'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/duty-roster/now', { signal })),
    refetchInterval: 300_000,
    staleTime: 60_000,
  });
}

/** Runs of days of one holiday: what people call "the National Day holiday". */
export function blocksOf(days: readonly RosterDay[]): { readonly name: string | null; readonly days: RosterDay[] }[] {
  const blocks: { name: string | null; days: RosterDay[] }[] = [];
  for (const day of days) {
    const last = blocks.at(-1);
    const before = last?.days.at(-1);
    const follows = before !== undefined && Date.parse(day.day) - Date.parse(before.day) === 86_400_000;
    if (last && follows && last.name === day.holiday) last.days.push(day);
    else blocks.push({ name: day.holiday, days: [day] });
  }
  return blocks;
}
