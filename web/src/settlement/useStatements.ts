import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data } from '../api/client.ts';
import { useRooms } from '../realtime/useRooms.ts';
import { usePagedList } from '../ui/table/usePagedList.ts';
import type { StatementDetail, StatementRow, StatementState } from './model.ts';

/** A draft moves with what is measured; what people do is told at once. */
const REFRESH_MS = 60_000;

export function useStatementList(filters: Ref<{ readonly contract: string; readonly state: string }>) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['statements'] });
  useRooms({
    rooms: ['settlement'],
    on: { settlement: () => void refresh() },
    refetch: refresh,
  });
  return usePagedList<StatementRow>({
    key: computed(() => ['statements', 'list', filters.value]),
    fetch: (page, signal) => {
      const { contract, state } = filters.value;
      const query = {
        ...page,
        ...(contract ? { contract: Number(contract) } : {}),
        ...(state ? { state: state as StatementState } : {}),
      };
      return data(api.GET('/api/v1/statements', { params: { query }, signal }));
    },
  });
}

/** What the schedule of a contract has: periods that are over, the running one, those to come. */
export function useSchedule(contractId: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ['statements', 'schedule', contractId.value]),
    queryFn: ({ signal }) => {
      const params = { path: { id: contractId.value ?? 0 } };
      return data(api.GET('/api/v1/contracts/{id}/statement-periods', { params, signal }));
    },
    enabled: computed(() => contractId.value !== null),
  });
}

export function useStatement(id: Ref<string>) {
  const client = useQueryClient();
  const key = computed(() => ['statements', 'one', Number(id.value)]);
  const refresh = () => client.invalidateQueries({ queryKey: key.value });
  useRooms({
    rooms: ['settlement'],
    on: {
      settlement: (change) =>
        change.kind === 'statement' && change.id !== Number(id.value) ? undefined : void refresh(),
    },
    refetch: refresh,
  });
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const params = { path: { id: Number(id.value) } };
      // The API's document says of the core's own forms only that they are JSON; `model.ts` names them.
      return (await data(api.GET('/api/v1/statements/{id}', { params, signal }))) as unknown as StatementDetail;
    },
    refetchInterval: REFRESH_MS,
  });
}

/** After an act on a statement: it, the lists, the schedule, and what is at risk. */
export function useStatementsChanged() {
  const client = useQueryClient();
  return () => Promise.all(['statements', 'risk'].map((area) => client.invalidateQueries({ queryKey: [area] })));
}
