const PARTS = ['required', 'up', 'down', 'unknown', 'platform', 'excluded'] as const;
export type Part = (typeof PARTS)[number];
type Wire = Readonly<Record<`${Part}_ms`, number>>;

/** What changed, by part; parts that stayed as they were are left out. */
export function changes(difference: Wire): { readonly part: Part; readonly ms: number }[] {
  return PARTS.map((part) => ({ part, ms: difference[`${part}_ms`] })).filter((c) => c.ms !== 0);
}
