/**
 * A piece of paper as data: what it says, not how it looks. Every text is shown as it is; figures are worded by whoever makes the
 * document. Plain data throughout, since it travels to a worker thread.
 */
export interface PaperDocument {
  readonly title: string;
  readonly subtitle?: string;
  /** Number of the document, e.g. `W-000123`; stands on every page. */
  readonly number?: string;
  readonly language: PaperLanguage;
  /** Label and value each, below the title: contract, period, parties. */
  readonly meta: readonly (readonly [label: string, value: string])[];
  readonly sections: readonly PaperSection[];
  /** When it was made, as shown, zone included where it matters. */
  readonly madeAt: string;
  /** Stands at the bottom of every page, left. */
  readonly footer?: string;
  /** Wide tables: the long side lies. */
  readonly isLandscape?: boolean;
  /** Across every page, pale: a draft, say. */
  readonly watermark?: string;
}

export type PaperLanguage = 'zh' | 'en';

export interface PaperSection {
  readonly heading?: string;
  readonly blocks: readonly PaperBlock[];
  /** Begins on a new page. */
  readonly isOnNewPage?: boolean;
}

export type PaperBlock =
  | ParagraphBlock
  | TableBlock
  | FactsBlock
  | FiguresBlock
  | ImageBlock
  | ChartBlock
  | SignaturesBlock;

export interface ParagraphBlock {
  readonly kind: 'paragraph';
  /** Line breaks are kept. */
  readonly text: string;
  /** `note`: small and grey, for explanations. `heading`: of a part of the section. */
  readonly style?: 'normal' | 'note' | 'heading';
}

export interface TableColumn {
  readonly label: string;
  readonly align?: 'left' | 'right' | 'center';
  /** Share of the width of the page, relative to the other columns; 1 if not given. */
  readonly width?: number;
}

export interface TableBlock {
  readonly kind: 'table';
  readonly columns: readonly TableColumn[];
  /** A cell for each column; missing ones stay empty. Numbers are shown as they are. */
  readonly rows: readonly (readonly PaperCell[])[];
  /** The last row, set off. */
  readonly total?: readonly PaperCell[];
  readonly caption?: string;
  /** Said in place of a table without rows. */
  readonly empty?: string;
}

export type PaperCell = string | number | null;

/** Label and value, in two columns of pairs. */
export interface FactsBlock {
  readonly kind: 'facts';
  readonly items: readonly (readonly [label: string, value: string])[];
}

/** The few numbers that matter most, large; at most five in a row. */
export interface FiguresBlock {
  readonly kind: 'figures';
  readonly items: readonly { readonly label: string; readonly value: string; readonly note?: string }[];
}

/** PNG or JPEG; anything else is shown as its caption alone. */
export interface ImageBlock {
  readonly kind: 'image';
  readonly content: Uint8Array;
  /** 80 if not given; never beyond the page. */
  readonly widthMm?: number;
  readonly caption?: string;
}

export interface ChartSeries {
  readonly name: string;
  /** One for each label; null is a gap and drawn as one. */
  readonly values: readonly (number | null)[];
}

export interface ChartBlock {
  readonly kind: 'chart';
  readonly type: 'line' | 'bar';
  readonly title?: string;
  /** Along the x axis. */
  readonly labels: readonly string[];
  readonly series: readonly ChartSeries[];
  /** At the y axis, e.g. `%`. */
  readonly unit: string;
  /** Horizontal lines with a word each: targets. */
  readonly thresholds?: readonly { readonly value: number; readonly label: string }[];
  /** Ends of the y axis; found from the values if not given. */
  readonly min?: number;
  readonly max?: number;
}

export interface Signature {
  /** Who signs: a side or a role. */
  readonly label: string;
  readonly name?: string;
  /** PNG of a signature given on a screen. */
  readonly image?: Uint8Array;
  /** As shown; a line to be filled in if not given. */
  readonly date?: string;
}

/** Places to sign at, side by side, never torn apart over pages. */
export interface SignaturesBlock {
  readonly kind: 'signatures';
  readonly parties: readonly Signature[];
}
