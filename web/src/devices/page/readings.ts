/** Newest readings as the device sent them: whatever a newer device may add is left alone. */
export type Readings = Readonly<Record<string, unknown>>;

export function reading(readings: Readings | null | undefined, name: string): number | undefined {
  const value = readings?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function textReading(readings: Readings | null | undefined, name: string): string | undefined {
  const value = readings?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Said elsewhere on the page. */
const TOLD: ReadonlySet<string> = new Set(['serial', 'model', 'agent']);

/** Plain values of the inventory, as term and text; nested ones are left to the export. */
export function inventoryFacts(
  inventory: unknown,
  term: (key: string) => string,
): { key: string; term: string; text: string }[] {
  if (typeof inventory !== 'object' || inventory === null) return [];
  return Object.entries(inventory)
    .filter(([key, value]) => !TOLD.has(key) && (typeof value === 'string' || typeof value === 'number'))
    .slice(0, 12)
    .map(([key, value]) => ({ key, term: term(key), text: String(value) }));
}
