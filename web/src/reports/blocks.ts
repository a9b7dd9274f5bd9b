/** Blocks of a report's preview, as the server words them; of other kinds nothing is shown. */
export type PreviewBlock =
  | { readonly kind: 'paragraph'; readonly text: string; readonly style?: 'normal' | 'note' | 'heading' }
  | { readonly kind: 'facts'; readonly items: readonly (readonly [string, string])[] }
  | {
      readonly kind: 'figures';
      readonly items: readonly { readonly label: string; readonly value: string; readonly note?: string }[];
    }
  | { readonly kind: 'chart'; readonly title: string; readonly unit: string; readonly svg: string | null }
  | PreviewTable;

export interface PreviewTable {
  readonly kind: 'table';
  readonly caption?: string;
  readonly columns: readonly { readonly label: string; readonly align?: 'left' | 'right' | 'center' }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly total?: readonly (string | number | null)[];
  readonly empty?: string;
  /** Of the whole table; `rows` may be cut. */
  readonly row_count: number;
}

/** A drawing as the address of an image: shown, never run. */
export function svgUrl(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}
