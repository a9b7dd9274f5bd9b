import { useI18n } from 'vue-i18n';
import { amount } from '../format/money.ts';
import { useFormat } from '../format/useFormat.ts';
import { absoluteIn } from '../format/zones.ts';
import { useOrderWords } from '../orders/useOrderWords.ts';
import type { Line } from './useLedger.ts';

/** Lines in words, as they stand in the table and on paper. */
export function useLineWords() {
  const { t } = useI18n();
  const format = useFormat();
  const orders = useOrderWords();
  const where = (line: Line) => [line.region?.county, line.site?.name, line.station?.name].filter(Boolean).join(' · ');
  const what = (line: Line) => [line.title || orders.fault(line), line.description].filter(Boolean).join(' · ');
  const causeKind = (line: Line) => (line.cause_kind === null ? '' : orders.causeKind(line.cause_kind));
  /** To the minute, in the contract's zone. */
  const at = (line: Line, instant: string | null) =>
    instant === null ? '–' : absoluteIn(line.contract.time_zone, instant).slice(0, 16);
  const lasted = (line: Line) =>
    line.ended_at === null
      ? '–'
      : format.duration(Date.parse(String(line.ended_at)) - Date.parse(String(line.opened_at)));
  const parts = (line: Line) => format.list(line.parts.map(({ name, qty }) => `${name} ×${qty}`));
  const swap = (line: Line) => [line.spare, parts(line)].filter(Boolean).join(' / ');
  const money = (fen: number) => (fen === 0 ? '–' : amount(fen));
  const warranty = (line: Line) => (line.warranty === null ? '' : t(`ledger.warranty.${line.warranty}`));
  const why = (line: Line) => [line.cause_analysis, line.advice].filter(Boolean).join(' → ');
  return { causeKind, where, what, at, lasted, parts, swap, money, warranty, why };
}
