/** Zones to test with: none, an hour, half an hour of daylight saving; east and west. */
export const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'] as const;

/** Days on which their clocks change in 2026; none in Shanghai. */
export const CLOCK_CHANGES: readonly (readonly [string, string])[] = [
  ['Asia/Shanghai', '2026-03-29'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
];
