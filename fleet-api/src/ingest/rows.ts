import { bytea, type Column, type ColumnType, date, float4, instant, int2, int4, int8, json, text } from './columns.ts';
import { SHAPES, type ShapeName } from './shapes.ts';

type Cell<T> = (T extends 'text' | 'jsonb' ? string : T extends 'bytea' ? Uint8Array : number) | null;
type Cells<S> = { readonly [I in keyof S]: S[I] extends readonly [string, infer T] ? Cell<T> : never };

const MAKE: Record<ColumnType, (expected: number) => Column<number> | Column<string> | Column<Uint8Array>> = {
  bytea,
  int8,
  int2,
  int4,
  text,
  float4,
  date,
  timestamptz: instant,
  jsonb: json,
};

type AnyColumn = { push(value: unknown): void; bytes(): Buffer };

/** Rows of one shape, column by column. Instants in Unix ms, dates in days since 1970, jsonb as JSON text. */
export class Rows<N extends ShapeName> {
  readonly #columns: readonly AnyColumn[];
  length = 0;

  constructor(name: N, expected: number) {
    this.#columns = SHAPES[name].map(([, type]) => MAKE[type](expected)) as AnyColumn[];
  }

  push(...cells: Cells<(typeof SHAPES)[N]>): void {
    this.length += 1;
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i += 1) columns[i]?.push(cells[i]);
  }

  /** One bind parameter a column. */
  params(): readonly Buffer[] {
    return this.#columns.map((column) => column.bytes());
  }
}

/** The row sets of one flush, each made when its first row comes. */
export class RowSets {
  readonly monthOf: (ms: number) => number;
  readonly #expectedBeats: number;
  readonly #sets: { [N in ShapeName]?: Rows<N> } = {};

  constructor(options: { readonly expectedBeats: number; readonly monthOf: (ms: number) => number }) {
    this.#expectedBeats = options.expectedBeats;
    this.monthOf = options.monthOf;
  }

  /** Names of the sets that have rows. */
  used(): readonly ShapeName[] {
    return Object.keys(this.#sets) as ShapeName[];
  }

  of<N extends ShapeName>(name: N): Rows<N> {
    const known = this.#sets[name] as Rows<N> | undefined;
    if (known !== undefined) return known;
    const rows = new Rows(name, name === 'beat' ? this.#expectedBeats : 64);
    (this.#sets as Record<ShapeName, unknown>)[name] = rows;
    return rows;
  }
}
