import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item, type paths, type QueryOf } from '../../api/client.ts';
import { usePagedList } from '../../ui/table/usePagedList.ts';

export type Due = Item<'/api/v1/documents-due'>;
export type DueDetail = Answer<'/api/v1/documents-due/{id}'>;
export type Duty = Item<'/api/v1/document-duties'>;
export type DutyWish = paths['/api/v1/document-duties']['post']['requestBody']['content']['application/json'];
type DueQuery = QueryOf<'/api/v1/documents-due'>;

export const DOCUMENT_KINDS = [
  'inspection_report',
  'service_report',
  'weekly_report',
  'run_sheet',
  'backup_restore',
  'training_sheet',
  'requirement_sheet',
  'ledger',
  'other',
] as const satisfies readonly Due['duty']['kind'][];
export const MARKS = ['missing', 'pending', 'on_time', 'late', 'waived'] as const satisfies readonly Due['mark'][];
export const CYCLES = ['once', 'week', 'month', 'quarter', 'half_year', 'year'] as const;
/** Cards of the board at most: whoever has more to do than that looks at the list. */
const BOARD_ROWS = 300;
const WEEK_MS = 7 * 86_400_000;

export const GROUPS = ['missing', 'week', 'review', 'later'] as const;
export type Group = (typeof GROUPS)[number];

/** Where a document stands on the board. */
export function groupOf(due: Pick<Due, 'state' | 'mark' | 'due_at'>, nowMs: number): Group {
  if (due.state === 'submitted') return 'review';
  if (due.mark === 'missing') return 'missing';
  return Date.parse(String(due.due_at)) <= nowMs + WEEK_MS ? 'week' : 'later';
}

/** What somebody has to act on, the earliest due first. */
export function useBoard(contract: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['documents-due', 'board', contract.value]),
    queryFn: ({ signal }) => {
      const query = { open: true, limit: BOARD_ROWS, ...(contract.value ? { contract: Number(contract.value) } : {}) };
      return data(api.GET('/api/v1/documents-due', { params: { query }, signal }));
    },
    refetchInterval: 60_000,
  });
}

export function useDueList(filters: Ref<Readonly<Record<'contract' | 'kind' | 'mark', string>>>, on: Ref<boolean>) {
  const query = computed<DueQuery>(() => ({
    ...(filters.value.contract ? { contract: Number(filters.value.contract) } : {}),
    ...(filters.value.kind ? { kind: filters.value.kind as Due['duty']['kind'] } : {}),
    ...(filters.value.mark ? { mark: filters.value.mark as Due['mark'] } : {}),
  }));
  return usePagedList<Due>({
    key: computed(() => ['documents-due', 'list', query.value, on.value]),
    fetch: (page, signal) =>
      data(api.GET('/api/v1/documents-due', { params: { query: { ...query.value, ...page } }, signal })),
  });
}

export function useDue(id: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['documents-due', 'one', Number(id.value)]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/documents-due/{id}', { params: { path: { id: Number(id.value) } }, signal })),
  });
}

/** Document timeliness of this quarter. */
export function useDocumentRate(contract: Ref<string>, period: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['documents-due', 'figures', contract.value, period.value]),
    queryFn: ({ signal }) => {
      const query = { contract: Number(contract.value), period: period.value };
      return data(api.GET('/api/v1/documents-due/figures', { params: { query }, signal }));
    },
    enabled: computed(() => contract.value !== ''),
  });
}

export function useDutyList(contract: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['duties', 'list', contract.value]),
    queryFn: ({ signal }) => {
      const query = { limit: 500, ...(contract.value ? { contract: Number(contract.value) } : {}) };
      return data(api.GET('/api/v1/document-duties', { params: { query }, signal }));
    },
  });
}

/** Reports that were made of a contract and are there still: what can be handed in without a detour over the own disk. */
export function useReports(contract: Ref<number>) {
  const query = useQuery({
    queryKey: computed(() => ['documents', 'reports', contract.value]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/documents', { params: { query: { contract: contract.value, limit: 100 } }, signal })),
    staleTime: 60_000,
  });
  return computed(() =>
    (query.data.value?.items ?? [])
      .filter((made) => made.subject.startsWith('report:') && made.state === 'done' && made.files.length > 0)
      .map((made) => ({ id: made.id, name: `${made.files[0]?.name ?? ''} · ${String(made.created_at).slice(0, 10)}` })),
  );
}
