import { useI18n } from 'vue-i18n';
import { useVocabulary } from '../../fleet/useVocabulary.ts';
import { yuan } from '../../format/money.ts';
import type { LifeEntry } from '../useStock.ts';

/** What an entry of a device's life adds to its kind, in words. */
export function useLifeWords() {
  const { t } = useI18n();
  const words = useVocabulary();

  function repair({ repair }: LifeEntry): string[] {
    if (repair === null) return [];
    const cost = repair.repair_fen + repair.logistics_fen;
    return [
      repair.centre ?? '',
      [repair.carrier, repair.tracking_no].filter(Boolean).join(' '),
      repair.outcome ? t(`stock.outcome.${repair.outcome}`) : '',
      repair.diagnosis ?? '',
      repair.outcome && cost > 0 ? `${yuan(cost)} (${t(`stock.warranty.${repair.warranty}`)})` : '',
    ];
  }
  function place({ kind, from, to, lifecycle }: LifeEntry): string[] {
    if (kind === 'transferred') return [t('stock.life.fromTo', { from: from?.name ?? '–', to: to?.name ?? '–' })];
    if (kind === 'removed') return [t('stock.life.became', { lifecycle: words.lifecycle(lifecycle ?? 'in_stock') })];
    return kind === 'received' || kind === 'returned' ? [to?.name ?? ''] : [];
  }
  function detail(entry: LifeEntry): string {
    const { fault, wipe } = entry;
    const parts = [
      ...place(entry),
      fault ? words.component(fault.component ?? fault.cause) : '',
      wipe ? `${t(`stock.method.${wipe.method}`)} · ${t(`stock.result.${wipe.result}`)}` : '',
      ...repair(entry),
    ];
    return parts.filter(Boolean).join(' · ');
  }
  return { detail };
}
