import type { Stock, StockCell } from './useStock.ts';

export interface ModelColumn {
  readonly id: number | null;
  readonly code: string;
  readonly name: string;
}

export interface MatrixRow {
  readonly store: Stock['stores'][number]['store'];
  /** By {@link ModelColumn}; undefined: the store has nothing of it and needs nothing. */
  readonly cells: readonly (StockCell | undefined)[];
  readonly missing: number;
}

/** Models that any store holds or should hold, by code; devices of no known model last. */
export function modelsOf(stock: Stock): ModelColumn[] {
  const byId = new Map<number | null, ModelColumn>();
  for (const { models } of stock.stores) {
    for (const { model } of models) byId.set(model?.id ?? null, model ?? { id: null, code: '', name: '' });
  }
  return [...byId.values()].sort((a, b) => Number(a.id === null) - Number(b.id === null) || (a.code < b.code ? -1 : 1));
}

/** Stores by what they lack, else in their own order. `lowOnly`: only those that lack something. */
export function rowsOf(stock: Stock, columns: readonly ModelColumn[], lowOnly: boolean): MatrixRow[] {
  return stock.stores
    .map(({ store, models }) => ({
      store,
      cells: columns.map(({ id }) => models.find((cell) => (cell.model?.id ?? null) === id)),
      missing: models.reduce((sum, cell) => sum + cell.missing, 0),
    }))
    .filter((row) => !lowOnly || row.missing > 0);
}

/** How a cell looks: red is for what needs a person. */
export function cellMark(cell: StockCell): 'online' | 'offline' | 'faulty' | 'never' {
  if (cell.missing > 0) return cell.in_stock === 0 ? 'offline' : 'faulty';
  return cell.in_stock > 0 ? 'online' : 'never';
}
