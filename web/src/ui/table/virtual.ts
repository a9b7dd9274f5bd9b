export interface Slice {
  /** First drawn row, and the one after the last. */
  readonly from: number;
  readonly to: number;
}

/** Rows to draw for a scroll position, `overscan` more on either side. Row heights are equal. */
export function visibleSlice(
  scrollTop: number,
  viewportPx: number,
  rowPx: number,
  count: number,
  overscan = 12,
): Slice {
  const first = Math.floor(Math.max(0, scrollTop) / rowPx);
  const last = Math.ceil((Math.max(0, scrollTop) + viewportPx) / rowPx);
  return { from: Math.max(0, Math.min(first - overscan, count)), to: Math.max(0, Math.min(last + overscan, count)) };
}

/** True once the drawn end comes within `marginRows` of the loaded end: time to fetch the next page. */
export function nearEnd(slice: Slice, loaded: number, marginRows = 60): boolean {
  return loaded > 0 && slice.to >= loaded - marginRows;
}

/** Scroll position that brings a row fully into view, or the present one if it already is. */
export function scrollToRow(index: number, scrollTop: number, viewportPx: number, rowPx: number): number {
  const top = index * rowPx;
  if (top < scrollTop) return top;
  return top + rowPx > scrollTop + viewportPx ? top + rowPx - viewportPx : scrollTop;
}

/** Index after a key, or undefined for a key that does not move. */
export function moveByKey(key: string, index: number, count: number, pageRows: number): number | undefined {
  const last = count - 1;
  const targets: Record<string, number> = {
    ArrowDown: index + 1,
    j: index + 1,
    ArrowUp: index - 1,
    k: index - 1,
    PageDown: index + pageRows,
    PageUp: index - pageRows,
    Home: 0,
    End: last,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.min(Math.max(target, 0), Math.max(last, 0));
}
