import type { RouteLocationRaw } from 'vue-router';
import { lastDay, parsePeriod, periodText } from '../availability/period.ts';

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

/** Pages that show what a metric is made of, by its kind. The first that exists is taken. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  availability: ['availability'],
  repair_timeliness: ['faults', 'orders'],
  inspection_rate: ['inspections'],
  late_documents: ['duties', 'documents'],
  complaints: ['complaints', 'duties'],
  rating: ['ratings', 'duties'],
  count: ['faults'],
};

/** Where a metric's value comes from: the figures of the period, its faults, inspections, documents, complaints; else what was filled in. */
export function madeOf(
  metric: {
    readonly id: string;
    readonly kind: string;
    readonly dimension?: string | undefined;
    readonly isFilledIn: boolean;
  },
  { contractId, from, to }: About,
  hasRoute: (name: string) => boolean,
): RouteLocationRaw {
  const contract = String(contractId);
  const name = metric.isFilledIn ? undefined : PAGES[metric.kind]?.find(hasRoute);
  if (name === undefined)
    return { name: 'metric-inputs', params: { id: contract }, query: { metric: metric.id, from, to } };
  const period = periodOf({ from, to });
  if (name === 'availability') {
    return { name, query: { contract, period, ...(metric.dimension === 'equipment' ? { sort: 'equipment' } : {}) } };
  }
  const last = lastDay({ kind: 'days', fromDay: from, toDay: to });
  return { name, query: { contract, period, from, to: last } };
}
