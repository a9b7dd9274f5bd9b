import { useI18n } from 'vue-i18n';
import type { Dimension, Part } from './figures.ts';

/** Words for the five numbers: what is up and down is called differently for the network and the equipment, the rest alike. */
export function usePartWords() {
  const { t } = useI18n();
  return (dimension: Dimension, part: Part): string =>
    part === 'up' || part === 'down' ? t(`availability.part.${dimension}.${part}`) : t(`availability.part.${part}`);
}
