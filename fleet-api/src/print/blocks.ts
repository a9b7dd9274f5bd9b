import type { Content, ContentTable, CustomTableLayout, TableCell } from 'pdfmake/interfaces';
import { chartSvg } from './charts.ts';
import type {
  FactsBlock,
  FiguresBlock,
  ImageBlock,
  PaperBlock,
  PaperCell,
  ParagraphBlock,
  Signature,
  SignaturesBlock,
  TableBlock,
} from './document.ts';
import { clean } from './text.ts';
import type { PaperWords } from './words.ts';

const GREY = '#555555';
const LINE = '#b5b5b5';
const HEAD_FILL = '#eef2f7';
const PT_PER_MM = 72 / 25.4;
const CELL_PADDING = 3;
/** The head of a table and its first rows, pt. */
const ROOM_BELOW_CAPTION = 60;
/** What counts as small: rows of a table, characters of a text. */
const SMALL_ROWS = 10;
const SMALL_LENGTH = 600;
/** Height kept free for a signature, pt. */
const SIGNATURE_HEIGHT = 42;

const GRID: CustomTableLayout = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0.5,
  hLineColor: () => LINE,
  vLineColor: () => LINE,
  paddingLeft: () => CELL_PADDING,
  paddingRight: () => CELL_PADDING,
  paddingTop: () => 2,
  paddingBottom: () => 2,
};

/** A block of a section as pdfmake takes it; `width` of the text on the page, pt. */
export function blockContent(block: PaperBlock, words: PaperWords, width: number): Content {
  switch (block.kind) {
    case 'paragraph':
      return paragraph(block);
    case 'table':
      return table(block, words, width);
    case 'facts':
      return facts(block);
    case 'figures':
      return figures(block);
    case 'image':
      return image(block, width);
    case 'chart': {
      const svg = chartSvg(block, width);
      const title = block.title === undefined ? [] : [caption(block.title)];
      const drawing: Content = svg === null ? { text: words.noData, color: GREY } : { svg, width };
      return { stack: [...title, drawing], unbreakable: true, margin: [0, 2, 0, 6] };
    }
    case 'signatures':
      return signatures(block, words);
  }
}

/** True for what fits on a page with the heading above it, and would leave that alone at the bottom of the page before. */
export function staysTogether(block: PaperBlock): boolean {
  switch (block.kind) {
    case 'table':
      return isSmall(block.rows);
    case 'paragraph':
      return block.text.length <= SMALL_LENGTH;
    case 'image':
      return false;
    default:
      return true;
  }
}

/** Never so tall that a page could not hold it. */
function isSmall(rows: TableBlock['rows']): boolean {
  const length = rows.flat().reduce<number>((sum, cell) => sum + String(cell ?? '').length, 0);
  return rows.length <= SMALL_ROWS && length <= SMALL_LENGTH;
}

function paragraph({ text, style = 'normal' }: ParagraphBlock): Content {
  if (style === 'heading') return caption(text);
  return {
    text: clean(text),
    ...(style === 'note' && { color: GREY, fontSize: 8 }),
    lineHeight: 1.3,
    margin: [0, 0, 0, 5],
  };
}

function caption(text: string): Content {
  return { text: clean(text), bold: true, fontSize: 9.5, margin: [0, 5, 0, 3] };
}

function table({ columns, rows, total, caption: title, empty }: TableBlock, words: PaperWords, width: number): Content {
  const above = title === undefined ? [] : [caption(title)];
  if (rows.length === 0) {
    return { stack: [...above, { text: clean(empty ?? words.nothing), color: GREY, margin: [0, 0, 0, 5] }] };
  }
  const fontSize = columns.length > 8 ? 7.5 : 8.5;
  const cell = (value: PaperCell | undefined, i: number): TableCell => ({
    text: value === null || value === undefined ? '' : clean(String(value)),
    alignment: columns[i]?.align ?? 'left',
  });
  const bold = (value: PaperCell | undefined, i: number): TableCell => ({
    ...(cell(value, i) as object),
    text: clean(String(value ?? '')),
    bold: true,
    fillColor: HEAD_FILL,
  });
  const content: ContentTable = {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      keepWithHeaderRows: 1,
      widths: widthsOf(columns, width),
      body: [
        columns.map(({ label }, i) => bold(label, i)),
        ...rows.map((row) => columns.map((_, i) => cell(row[i], i))),
        ...(total === undefined ? [] : [columns.map((_, i) => bold(total[i], i))]),
      ],
    },
    layout: GRID,
    fontSize,
    margin: [0, 0, 0, 8],
  };
  if (isSmall(rows) || title === undefined) return { stack: [...above, content], unbreakable: isSmall(rows) };
  return { stack: withRoomBelow(caption(title), content, ROOM_BELOW_CAPTION) };
}

/** A head and what follows it, which may break over pages: the head stands only where so much fits below it, pt. */
export function withRoomBelow(head: Content, body: Content, room: number): Content[] {
  return [
    { stack: [{ stack: [head], margin: [0, 0, 0, room] }], unbreakable: true },
    { stack: [body], margin: [0, -room, 0, 0] },
  ];
}

/** Fixed widths that fill the page to the point: a long word is broken rather than let out of its cell. */
function widthsOf(columns: TableBlock['columns'], width: number): number[] {
  const shares = columns.map((column) => column.width ?? 1);
  const sum = shares.reduce((a, b) => a + b, 0);
  const free = width - columns.length * 2 * CELL_PADDING - (columns.length + 1) * 0.5;
  return shares.map((share) => (free * share) / sum);
}

function facts({ items }: FactsBlock): Content {
  const pairs: TableCell[][] = [];
  for (let i = 0; i < items.length; i += 2) {
    pairs.push(
      [items[i], items[i + 1]].flatMap((item) => [
        { text: clean(item?.[0] ?? ''), color: GREY, fillColor: HEAD_FILL },
        { text: clean(item?.[1] ?? '') },
      ]),
    );
  }
  if (pairs.length === 0) return { text: '' };
  return {
    table: { widths: [72, '*', 72, '*'], dontBreakRows: true, body: pairs },
    layout: GRID,
    margin: [0, 0, 0, 8],
  };
}

function figures({ items }: FiguresBlock): Content {
  const cells = items.map(({ label, value, note }) => ({
    stack: [
      { text: clean(label), color: GREY, fontSize: 8 },
      { text: clean(value), bold: true, fontSize: 15, margin: [0, 2, 0, 1] },
      { text: clean(note ?? ''), color: GREY, fontSize: 7.5 },
    ],
    alignment: 'center',
  }));
  const body = [cells] as TableCell[][];
  return { table: { widths: cells.map(() => '*'), body, dontBreakRows: true }, layout: GRID, margin: [0, 0, 0, 8] };
}

function image({ content, widthMm = 80, caption: title }: ImageBlock, width: number): Content {
  const source = dataUrl(content);
  const below = title === undefined ? [] : [{ text: clean(title), color: GREY, fontSize: 8 }];
  if (source === null) return { stack: below };
  const side = Math.min(width, widthMm * PT_PER_MM);
  return { stack: [{ image: source, fit: [side, 620] }, ...below], unbreakable: true, margin: [0, 2, 0, 6] };
}

/** Null for what pdfmake would not know how to embed. */
function dataUrl(content: Uint8Array): string | null {
  const type = imageType(content);
  return type === null ? null : `data:${type};base64,${Buffer.from(content).toString('base64')}`;
}

function imageType([a, b, c, d]: Uint8Array): string | null {
  if (a === 0x89 && b === 0x50 && c === 0x4e && d === 0x47) return 'image/png';
  return a === 0xff && b === 0xd8 && c === 0xff ? 'image/jpeg' : null;
}

function signatures({ parties }: SignaturesBlock, words: PaperWords): Content {
  if (parties.length === 0) return { text: '' };
  const body: TableCell[][] = [parties.map((party) => ({ stack: signaturePlace(party, words) }))];
  const content: ContentTable = { table: { widths: parties.map(() => '*'), body }, layout: GRID };
  return { stack: [content], unbreakable: true, margin: [0, 10, 0, 8] };
}

function signaturePlace({ label, name, image: drawn, date }: Signature, words: PaperWords): Content[] {
  const source = drawn === undefined ? null : dataUrl(drawn);
  const space: Content =
    source === null
      ? { text: '', margin: [0, SIGNATURE_HEIGHT, 0, 0] }
      : { image: source, fit: [140, SIGNATURE_HEIGHT], margin: [0, 2, 0, 2] };
  return [
    { text: clean(label), bold: true },
    ...(name === undefined ? [] : [{ text: `${words.name}${words.colon}${clean(name)}` }]),
    { text: `${words.signature}${words.colon}`, color: GREY, fontSize: 8, margin: [0, 4, 0, 0] },
    space,
    { text: `${words.date}${words.colon}${clean(date ?? words.day)}`, color: GREY, fontSize: 8 },
  ];
}
