import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref, watch } from 'vue';
import { api, data, type Item } from '../api/client.ts';
import { usePagedList } from '../ui/table/usePagedList.ts';

export type Report = Item<'/api/v1/reports'>;
export type ReportFiles = NonNullable<Report['draft']>;

export const KINDS = ['day', 'week', 'month', 'quarter', 'half_year'] as const satisfies readonly Report['kind'][];
export const FILTERS = ['kind', 'contract', 'region'] as const;

/** How often a report that is being made is looked at, ms. */
const WATCH_MS = 2_000;

/** The files that stand for a report now: those of its release, else of its draft. */
export function filesOf(report: Report): ReportFiles | null {
  return report.state === 'released' ? report.final : report.draft;
}

export function isBusy(report: Report): boolean {
  const state = filesOf(report)?.state;
  return state === 'queued' || state === 'running';
}

/** Address of a file of a report. */
export function fileUrl(files: ReportFiles, n: number): string {
  return `/api/v1/documents/${files.id}/files/${n}`;
}

/** Reports, newest first; read again while one is being made. */
export function useReports(filters: Ref<Readonly<Record<(typeof FILTERS)[number], string>>>) {
  const query = computed(() => {
    const { kind, contract, region } = filters.value;
    return {
      ...(kind ? { kind: kind as Report['kind'] } : {}),
      ...(contract ? { contract: Number(contract) } : {}),
      ...(region ? { region: Number(region) } : {}),
    };
  });
  const paged = usePagedList<Report>({
    key: computed(() => ['reports', 'list', query.value]),
    fetch: (page, signal) =>
      data(api.GET('/api/v1/reports', { params: { query: { ...query.value, ...page } }, signal })),
    limit: 50,
  });
  const busy = computed(() => paged.rows.value.some(isBusy));
  watch(
    busy,
    (now, _, onCleanup) => {
      if (!now) return;
      const timer = setInterval(() => void paged.list.refetch(), WATCH_MS);
      onCleanup(() => clearInterval(timer));
    },
    { immediate: true },
  );
  return paged;
}

/** One report and, once its figures are there, what it says. */
export function useReport(id: Ref<number>) {
  const report = useQuery({
    queryKey: computed(() => ['reports', 'one', id.value]),
    queryFn: ({ signal }) => data(api.GET('/api/v1/reports/{id}', { params: { path: { id: id.value } }, signal })),
    refetchInterval: (query) => (query.state.data !== undefined && isBusy(query.state.data) ? WATCH_MS : false),
  });
  const preview = useQuery({
    queryKey: computed(() => ['reports', 'preview', id.value, report.data.value?.version]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/reports/{id}/preview', { params: { path: { id: id.value } }, signal })),
    enabled: computed(() => report.data.value?.headline != null),
  });
  return { report, preview };
}

/** After an act. */
export function useReportsChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['reports'] });
}
