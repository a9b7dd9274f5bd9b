const QUARTERS = 8;
const MONTHS = 6;

/** Periods to choose from, the present quarter first: quarters, since that is how the rate is assessed (R-DG-9), then months, then years. */
export function recentPeriods(today: string): string[] {
  const year = Number(today.slice(0, 4));
  const month = year * 12 + Number(today.slice(5, 7)) - 1;
  const quarter = Math.floor(month / 3);
  const quarters = Array.from({ length: QUARTERS }, (_, i) => quarter - i).map(
    (q) => `${Math.floor(q / 4)}-Q${(q % 4) + 1}`,
  );
  const months = Array.from({ length: MONTHS }, (_, i) => month - i).map(
    (m) => `${Math.floor(m / 12)}-${String((m % 12) + 1).padStart(2, '0')}`,
  );
  return [...quarters, ...months, String(year), String(year - 1)];
}
