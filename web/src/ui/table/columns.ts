export interface Column {
  readonly key: string;
  readonly label: string;
  /** Least width, px. */
  readonly width: number;
  /** Share of the spare width; 0 keeps the column at its width. */
  readonly grow?: number;
  readonly align?: 'start' | 'end';
  /** Name under which the server sorts by it. Without it the head is no button. */
  readonly sort?: string;
  /** First direction of a click on the head; `desc` suits numbers and times. */
  readonly first?: 'asc' | 'desc';
}

/** `grid-template-columns` of head and rows alike: that keeps them aligned without measuring. */
export function gridTemplate(columns: readonly Column[], selectable: boolean): string {
  const tracks = columns.map((c) => (c.grow ? `minmax(${c.width}px, ${c.grow}fr)` : `${c.width}px`));
  return [...(selectable ? ['32px'] : []), ...tracks].join(' ');
}

export function leastWidth(columns: readonly Column[], selectable: boolean): number {
  return columns.reduce((sum, c) => sum + c.width, selectable ? 32 : 0);
}

/** The sort after a click: `name` ascending, `-name` descending; a second click turns round, a third one goes back to the default. */
export function nextSort(current: string, column: Column, fallback: string): string {
  if (!column.sort) return current;
  const first = column.first === 'desc' ? `-${column.sort}` : column.sort;
  const second = column.first === 'desc' ? column.sort : `-${column.sort}`;
  if (current === first) return second;
  return current === second && fallback !== second ? fallback : first;
}

export function ariaSort(current: string, column: Column): 'ascending' | 'descending' | 'none' {
  if (current === column.sort) return 'ascending';
  return current === `-${column.sort}` ? 'descending' : 'none';
}
