import type { Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { api, data, type Item } from '../api/client.ts';
import { present, usePagedList } from '../ui/table/usePagedList.ts';

export type Quarantined = Item<'/api/v1/quarantine'>;
export const QUARANTINE_FILTERS = ['device_id', 'code'] as const;
export type QuarantineFilters = Readonly<Record<(typeof QUARANTINE_FILTERS)[number], string>>;

export function useQuarantine(filters: Ref<QuarantineFilters>) {
  return usePagedList<Quarantined>({
    key: () => ['quarantine', filters.value],
    fetch: (page, signal) =>
      data(api.GET('/api/v1/quarantine', { params: { query: { ...page, ...present(filters.value) } }, signal })),
  });
}

/** Words for why a message could not be used; a reason the console does not know is shown by its code. */
export function useQuarantineWords() {
  const { t, te, locale } = useI18n();
  return (code: string) => (te(`quarantine.code.${code}`, locale.value) ? t(`quarantine.code.${code}`) : code);
}

/** Bytes in hex as a dump of 16 a line with their offset; text stays as it is. */
export function readable(payload: string): string {
  if (!/^(?:[0-9a-f]{2})+$/.test(payload)) return payload;
  const lines = payload.match(/.{1,32}/g) ?? [];
  return lines
    .map((line, i) => `${(i * 16).toString(16).padStart(4, '0')}  ${line.replace(/(..)(?=.)/g, '$1 ')}`)
    .join('\n');
}
