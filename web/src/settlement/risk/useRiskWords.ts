import { useI18n } from 'vue-i18n';
import { count } from '../../format/number.ts';
import { useFormat } from '../../format/useFormat.ts';
import type { RiskItem } from '../model.ts';
import { useStatementWords } from '../useStatementWords.ts';

type Metric = NonNullable<RiskItem['risk']>['metrics'][number];

const DAY_MS = 86_400_000;

export function useRiskWords() {
  const { t } = useI18n();
  const format = useFormat();
  const words = useStatementWords();
  const metricOf = (item: RiskItem, id: string) => item.metrics.find((m) => m.metric === id);
  const metric = (item: RiskItem, id: string) => {
    const found = metricOf(item, id);
    return found ? words.said(found.name) : id;
  };
  /** Downtime, in words of time or in station-days where the contract counts those. */
  const span = (n: number, unit: Metric['unit']) =>
    unit === 'ms'
      ? format.duration(Math.abs(n))
      : t('settlement.risk.stationDays', { n: count(Math.abs(n)) }, Math.abs(n));
  /** Downtime that all stations share: a day of one of them is a station-day. */
  function shared(n: number, unit: Metric['unit']): string {
    const days = Math.floor(Math.abs(n) / DAY_MS);
    return unit === 'ms' && days > 0 ? t('settlement.risk.stationDays', { n: count(days) }, days) : span(n, unit);
  }
  /** `还可中断 41 小时，否则降档`: what a metric may still afford. */
  function left(item: RiskItem, m: Metric): string {
    const name = metric(item, m.metric);
    if (m.budget === null) return t('settlement.risk.lowest', { name });
    const key = m.budget.leftMs < 0 ? 'spent' : 'left';
    return t(`settlement.risk.${key}`, { name, left: shared(m.budget.leftMs, m.unit), threshold: m.threshold ?? '' });
  }
  const percent = (item: RiskItem, id: string) => {
    const p = metricOf(item, id)?.percent;
    return p == null ? '–' : `${p}%`;
  };
  return { metric, span, left, percent, words };
}
