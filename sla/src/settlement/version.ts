/**
 * Version of the rules by which statements are computed. It goes up with any change that could give another amount, or other words,
 * for the same contract and the same values; a statement names the version that it was closed under.
 */
export const RULES_VERSION = 'uptally-settlement/2';
