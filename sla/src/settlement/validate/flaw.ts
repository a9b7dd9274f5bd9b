/** Stable codes of what can be wrong with a contract; documented in docs/contracts.md. */
export const FLAW_CODES = [
  'not_an_object',
  'unknown_format',
  'missing_field',
  'unknown_field',
  'wrong_type',
  'malformed',
  'out_of_range',
  'negative_amount',
  'unknown_kind',
  'percent_over_100',
  'duplicate_id',
  'unknown_metric',
  'unknown_clause',
  'unknown_price',
  'unknown_duty',
  'unknown_party',
  'unknown_tier',
  'unknown_option',
  'outside_instalment',
  'unused_clause',
  'reference_cycle',
  'wrong_measure',
  'no_points',
  'tier_empty',
  'tier_gap',
  'tier_overlap',
  'tiers_not_monotone',
  'combination_missing',
  'combination_repeated',
  'combinations_not_wanted',
  'option_missing',
  'floor_above_ceiling',
  'not_a_day',
  'not_a_time_zone',
  'bad_calendar',
  'term_empty',
  'sub_period_gap',
  'sub_period_overlap',
  'parts_not_one',
  'unknown_reading',
] as const;
export type FlawCode = (typeof FLAW_CODES)[number];

/** What is wrong with a contract, and where: a JSON pointer (RFC 6901). */
export interface Flaw {
  readonly path: string;
  readonly code: FlawCode;
  readonly reason: string;
}

export const flaw = (path: string, code: FlawCode, reason: string): Flaw => ({ path, code, reason });
