import { useI18n } from 'vue-i18n';
import { useSeverities } from '../fleet/useSeverities.ts';
import { useVocabulary } from '../fleet/useVocabulary.ts';
import type { Fault } from './useFaults.ts';

/** What telemetry and people can tell; the order of filters and forms. */
export const CAUSES = [
  'offline', 'program', 'printer', 'card_reader', 'id_reader', 'scanner', 'screen', 'power', 'modem', 'ports', 'storage',
  'temperature', 'cpu', 'memory', 'door', 'slow', 'software', 'damage', 'missing', 'other',
] as const; // biome-ignore format: one list
export type Cause = (typeof CAUSES)[number];

/** Faults in words. */
export function useFaultWords() {
  const { t, te } = useI18n();
  const vocabulary = useVocabulary();
  const cause = (name: string) => (te(`faults.cause.${name}`) ? t(`faults.cause.${name}`) : vocabulary.component(name));
  /** 打印机缺纸: the cause with what the device itself says of it. */
  function what(fault: Pick<Fault, 'cause' | 'component' | 'reason'>): string {
    const { component, reason } = fault;
    return component === null || reason === null
      ? cause(fault.cause)
      : vocabulary.fault({ component, reason, state: 'fault' });
  }
  /** 甲卫生院 · 一号窗口 */
  const where = (fault: Pick<Fault, 'site' | 'station'>) =>
    [...new Set([fault.site.name, fault.station?.name].filter((part) => part !== undefined))].join(' · ');
  const severity = useSeverities().word;
  const clockOf = (fault: Fault) => ({ ...fault, open: fault.state === 'open' }) as const;
  return { cause, what, where, severity, clockOf, source: (name: string) => t(`faults.source.${name}`) };
}
