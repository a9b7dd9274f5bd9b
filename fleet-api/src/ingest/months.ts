const SLOT_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

/** Returns a function from an instant to the first day of its month in `timeZone`, as days since 1970. Quarter hours are remembered. */
export function monthsOf(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: 'numeric' });
  const known = new Map<number, number>();
  return (ms) => {
    const slot = Math.floor(ms / SLOT_MS);
    const day = known.get(slot);
    if (day !== undefined) return day;
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const first = Date.UTC(parts.year ?? 1970, (parts.month ?? 1) - 1, 1) / DAY_MS;
    if (known.size > 50_000) known.clear();
    known.set(slot, first);
    return first;
  };
}
