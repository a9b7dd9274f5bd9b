import { type CountingRule, DEFAULT_COUNTING } from '@uptally/sla';
import { EXCLUSION_KINDS, type Rules, type RulesInput } from './schemas.ts';

/** Percentage that both rates are held to unless a contract says otherwise (R-HN-9). */
const DEFAULT_TARGET = '95';
const DEFAULT_GRACE_DAYS = 3;

/** Rules of a contract with every default filled in, from its jsonb column or from a request. */
export function rulesOf(stored: RulesInput): Rules {
  const dimension = (rules: RulesInput['network']) => ({
    unknown: rules?.unknown ?? DEFAULT_COUNTING.unknown,
    platform: rules?.platform ?? DEFAULT_COUNTING.platform,
    target_percent: rules?.target_percent === undefined ? DEFAULT_TARGET : rules.target_percent,
  });
  return {
    network: dimension(stored.network),
    equipment: dimension(stored.equipment),
    aggregation: stored.aggregation ?? 'time_weighted',
    daily_max_down_ms: stored.daily_max_down_ms ?? 0,
    exclusion_kinds: stored.exclusion_kinds ?? [...EXCLUSION_KINDS],
    evidence_grace_days: stored.evidence_grace_days ?? DEFAULT_GRACE_DAYS,
  };
}

/** How the contract counts what is not known, in one dimension. */
export function countingOf(rules: Rules, dimension: 'network' | 'equipment'): CountingRule {
  const { unknown, platform } = rules[dimension];
  return { unknown, platform };
}

/** What of the rules enters into figures: the same text, the same figures from the same tallies. */
export function figureRules({ network, equipment, aggregation, daily_max_down_ms }: Rules): string {
  return JSON.stringify(
    [network, equipment, aggregation, daily_max_down_ms].map((part) =>
      typeof part === 'object' ? [part.unknown, part.platform, part.target_percent] : part,
    ),
  );
}
