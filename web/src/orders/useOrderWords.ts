import { useI18n } from 'vue-i18n';
import { useSeverities } from '../fleet/useSeverities.ts';
import { useVocabulary } from '../fleet/useVocabulary.ts';
import type { Order } from './useOrders.ts';

/** Orders in words. */
export function useOrderWords() {
  const { t, te, locale } = useI18n();
  const vocabulary = useVocabulary();
  const known = (key: string, code: string) => (te(key, locale.value) ? t(key) : code);

  /** 打印机缺纸, 打印机, 离线: what is wrong, whoever told of it. */
  function fault({ cause, reason }: { readonly cause: string; readonly reason: string | null }): string {
    if (te(`orders.cause.${cause}`, locale.value)) return t(`orders.cause.${cause}`);
    if (reason === null) return vocabulary.component(cause);
    return vocabulary.fault({ component: cause, state: 'fault', reason });
  }
  /** 金江镇卫生院 · 1 号窗口; of an incident its county. */
  function place(order: Pick<Order, 'kind' | 'site' | 'station' | 'region' | 'faults_total'>): string {
    if (order.kind === 'incident') {
      return `${order.region?.county ?? order.region?.name ?? ''} ${t('orders.stations', { n: order.faults_total })}`.trim();
    }
    return [order.site?.name, order.station?.name].filter(Boolean).join(' · ');
  }
  const title = (order: Pick<Order, 'title' | 'cause' | 'reason'>) => order.title || fault(order);
  const state = (name: string) => t(`orders.state.${name}`);
  const severity = useSeverities().word;
  const causeKind = (name: string) => t(`orders.causeKind.${name}`);
  const entry = (kind: string) => known(`orders.did.${kind}`, kind);
  return { fault, place, title, state, severity, causeKind, entry };
}

/** Fen as yuan: `1,234.50`. */
export function yuan(fen: number): string {
  return (fen / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Yuan as somebody types them, in fen; null: no amount. */
export function fenOf(text: string): number | null {
  const match = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (match === null) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}
