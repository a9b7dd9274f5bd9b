/**
 * `set` list of an update from an allow-list of columns: absent fields stay, null clears. Returns null if nothing changes.
 * Placeholders start after `offset` values of the statement.
 */
export function setList<K extends string>(
  columns: readonly K[],
  patch: Readonly<Partial<Record<K, unknown>>>,
  offset: number,
): { readonly sql: string; readonly values: unknown[] } | null {
  const present = columns.filter((column) => patch[column] !== undefined);
  if (present.length === 0) return null;
  return {
    sql: present.map((column, i) => `${column} = $${offset + i + 1}`).join(', '),
    values: present.map((column) => patch[column]),
  };
}
