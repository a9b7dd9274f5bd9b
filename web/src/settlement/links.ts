import type { RouteLocationRaw } from 'vue-router';
import { lastDay, parsePeriod, periodText } from '../availability/period.ts';
import type { StatementDetail } from './model.ts';

interface About {
  readonly contractId: number;
  /** Days `[from, to)`. */
  readonly from: string;
  readonly to: string;
}

/** The period as other pages name it: a month stays a month. */
export function periodOf({ from, to }: Pick<About, 'from' | 'to'>): string {
  const days = parsePeriod(`${from}/${to}`);
  if (days === null) return '';
  const candidates = [
    from.slice(0, 7),
    `${from.slice(0, 4)}-Q${Math.ceil(Number(from.slice(5, 7)) / 3)}`,
    from.slice(0, 4),
  ];
  const named = candidates.map(parsePeriod).find((p) => p !== null && p.fromDay === from && p.toDay === to);
  return periodText(named ?? days);
}

/**
 * Where a metric's value comes from: the figures of the period, its faults, inspections, documents, complaints, rating sheets; else what
 * people fill in.
 */
export function madeOf(
  metric: {
    readonly id: string;
    readonly source: StatementDetail['metrics'][number]['source'];
    readonly dimension?: string | undefined;
  },
  { contractId, from, to }: About,
): RouteLocationRaw {
  const contract = String(contractId);
  const period = periodOf({ from, to });
  switch (metric.source) {
    case 'figures':
      return {
        name: 'availability',
        query: { contract, period, ...(metric.dimension === 'equipment' ? { sort: 'equipment' } : {}) },
      };
    case 'repair':
      return { name: 'faults', query: { state: 'all', from, to: lastDay({ kind: 'days', fromDay: from, toDay: to }) } };
    case 'inspections':
      return { name: 'inspection-rate', query: { contract, period } };
    case 'documents':
      return { name: 'duties', query: { contract, view: 'all' } };
    case 'complaints':
      return { name: 'complaints', query: { contract } };
    case 'ratings':
      return { name: 'ratings', query: { contract } };
    case 'agreed':
    case 'none':
      return { name: 'metric-inputs', params: { id: contract }, query: { metric: metric.id, from, to } };
  }
}
