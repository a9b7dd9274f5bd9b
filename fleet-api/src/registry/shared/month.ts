/** First day of the month that `nowMs` (Unix ms) falls in, `YYYY-MM-01`, in a time zone. */
export function monthOf(nowMs: number, timeZone: string): string {
  return `${dayOf(nowMs, timeZone).slice(0, 7)}-01`;
}

/** The day that `nowMs` falls in, `YYYY-MM-DD`, in a time zone. */
export function dayOf(nowMs: number, timeZone: string): string {
  const parts = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-CA', parts).format(nowMs);
}
