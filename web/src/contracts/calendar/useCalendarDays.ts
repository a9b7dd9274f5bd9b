import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data } from '../../api/client.ts';
import type { CalendarDay } from '../useContracts.ts';

/** Public holidays and make-up workdays of a year. */
export function useCalendarDays(year: Ref<number>) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: computed(() => ['calendar-days', year.value]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/calendar-days', { params: { query: { year: year.value } }, signal })),
  });
  const changed = () =>
    Promise.all(['calendar-days', 'availability'].map((area) => client.invalidateQueries({ queryKey: [area] })));
  async function put(day: string, body: Pick<CalendarDay, 'kind' | 'name'>): Promise<void> {
    await api.PUT('/api/v1/calendar-days/{day}', { params: { path: { day } }, body });
    await changed();
  }
  async function remove(day: string): Promise<void> {
    await api.DELETE('/api/v1/calendar-days/{day}', { params: { path: { day } } });
    await changed();
  }
  return { query, put, remove };
}
