import { useI18n } from 'vue-i18n';
import { useRegions } from '../fleet/useRegions.ts';
import { useFormat } from '../format/useFormat.ts';

/** `全部区域`, or the names of the regions that somebody may see. */
export function useScopeWords() {
  const { t } = useI18n();
  const format = useFormat();
  const { byId } = useRegions();
  return (ids: readonly number[] | null) =>
    ids === null ? t('users.everywhere') : format.list(ids.map((id) => byId.value.get(id)?.name ?? `#${id}`));
}
