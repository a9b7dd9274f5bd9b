import type { RiskItem } from '../model.ts';

type Metric = NonNullable<RiskItem['risk']>['metrics'][number];

/** `safe`: at the pace so far nothing falls. `falling`: the forecast pays less than the tier reached now. `lost`: nothing more can be lost. */
export type Mood = 'safe' | 'falling' | 'lost' | 'unknown';
export const MOOD_MARKS = { safe: 'online', falling: 'faulty', lost: 'maintenance', unknown: 'unknown' } as const;

export function moodOf({ risk }: Pick<RiskItem, 'risk'>): Mood {
  if (risk === null) return 'unknown';
  if (risk.forecast.amount_fen < risk.amount_fen) return 'falling';
  return risk.amount_fen === risk.worst_fen ? 'lost' : 'safe';
}

/** What may still be lost, fen: from what is reached now to the worst that can come. */
export const stakeOf = ({ risk }: Pick<RiskItem, 'risk'>): number =>
  risk === null ? 0 : Math.max(0, risk.amount_fen - risk.worst_fen);

/** The metric with the least downtime left for what it may cost; null if none has a tier to lose. */
export function tightest({ risk }: Pick<RiskItem, 'risk'>): Metric | null {
  const metrics = risk?.metrics.filter((m) => m.budget !== null && m.stake_fen > 0) ?? [];
  const share = (m: Metric) =>
    m.budget === null || m.budget.allowedMs <= 0 ? -1 : m.budget.leftMs / m.budget.allowedMs;
  return [...metrics].sort((a, b) => share(a) - share(b))[0] ?? null;
}

/** The most at stake and the most urgent first. */
export function byUrgency(items: readonly RiskItem[]): RiskItem[] {
  const rank = { falling: 0, safe: 1, lost: 2, unknown: 3 };
  return [...items].sort((a, b) => rank[moodOf(a)] - rank[moodOf(b)] || stakeOf(b) - stakeOf(a));
}
