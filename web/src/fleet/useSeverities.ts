import { useQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { api, data } from '../api/client.ts';
import { useSession } from '../app/session.ts';

const STALE_MS = 600_000;

/** Severities in words: the contract's own, else the usual ones. One that nobody has a word for is shown as people wrote it. */
export function useSeverities() {
  const { t, te, locale } = useI18n();
  const session = useSession();
  const query = useQuery({
    queryKey: ['contracts', 'severities'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/severities', { signal })),
    enabled: computed(() => session.can('repair.read')),
    staleTime: STALE_MS,
  });
  const names = computed(() => new Map(query.data.value?.items.map((s) => [`${s.contract_id}/${s.severity}`, s.name])));
  const usual = (code: string) => (te(`orders.severity.${code}`, locale.value) ? t(`orders.severity.${code}`) : code);
  const word = (code: string, contractId: number): string =>
    names.value.get(`${contractId}/${code}`)?.[locale.value.startsWith('zh') ? 'zh' : 'en'] ?? usual(code);
  /** All that may be asked for in a list, each once. */
  const choices = computed(() => {
    const own = (query.data.value?.items ?? []).map((s) => ({
      value: s.severity,
      label: word(s.severity, s.contract_id),
    }));
    const all = [...['ordinary', 'major'].map((value) => ({ value, label: usual(value) })), ...own];
    return [...new Map(all.map((each) => [each.value, each])).values()];
  });
  return { word, choices };
}
