/** Instants cross SQL as integer Unix ms; columns are timestamptz. */
export const ms = (expression: string): string => `(extract(epoch from ${expression}) * 1000)::int8`;

export const iso = (instantMs: number): string => new Date(instantMs).toISOString();

/** Beginning and end of time, as far as intervals of ours go; both are instants that `Date` can express. */
export const ALWAYS_MS = -8_640_000_000_000_000;
export const NEVER_MS = 8_640_000_000_000_000;

/** Longest that a beat can prove, ms: two and a half of the longest beat interval that the protocol allows. */
export const MAX_LIVENESS_MS = 9_000_000;
/** L of beats whose row tells none, ms. */
export const DEFAULT_LIVENESS_MS = 150_000;
