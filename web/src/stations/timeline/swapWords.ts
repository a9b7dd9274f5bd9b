import { useI18n } from 'vue-i18n';
import type { Swap } from './useStationTimeline.ts';

/** `换机：SN1 → SN2`, `装上 SN2`, `拆下 SN1` */
export function useSwapWords() {
  const { t } = useI18n();
  return ({ left, came }: Swap): string => {
    if (left !== null && came !== null) return t('timeline.swapped', { left, came });
    return came === null ? t('timeline.removed', { serial: left ?? '' }) : t('timeline.installed', { serial: came });
  };
}
