import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces';
import { blockContent, staysTogether, withRoomBelow } from './blocks.ts';
import type { PaperDocument, PaperSection } from './document.ts';
import { FONT } from './fonts.ts';
import { clean } from './text.ts';
import { PAPER_WORDS, type PaperWords } from './words.ts';

/** A4, pt. */
const SHORT_SIDE = 595.28;
const LONG_SIDE = 841.89;
const MARGIN_X = 48;
const MARGIN_TOP = 56;
const MARGIN_BOTTOM = 52;
const GREY = '#555555';
/** A caption, the head of a table and its first rows, pt. */
const ROOM_BELOW_HEADING = 96;

/** The document as pdfmake takes it. */
export function layoutOf(paper: PaperDocument): TDocumentDefinitions {
  const words = PAPER_WORDS[paper.language];
  const width = (paper.isLandscape ? LONG_SIDE : SHORT_SIDE) - 2 * MARGIN_X;
  const title = clean(paper.title);
  return {
    pageSize: 'A4',
    pageOrientation: paper.isLandscape ? 'landscape' : 'portrait',
    pageMargins: [MARGIN_X, MARGIN_TOP, MARGIN_X, MARGIN_BOTTOM],
    version: '1.7',
    language: paper.language === 'zh' ? 'zh-CN' : 'en',
    displayTitle: true,
    info: { title, creator: 'Uptally', producer: 'Uptally', ...(paper.number && { subject: clean(paper.number) }) },
    defaultStyle: { font: FONT, fontSize: 9, lineHeight: 1.15 },
    header: (page) => headerOf(paper, words, page),
    footer: (page, pages) => footerOf(paper, words, page, pages),
    ...(paper.watermark !== undefined && {
      watermark: { text: clean(paper.watermark), color: '#888888', opacity: 0.1, bold: true, fontSize: 90, angle: -40 },
    }),
    content: [
      ...titleBlock(paper, words),
      ...paper.sections.flatMap((section, i) => sectionContent(section, paper, i, width)),
    ],
  };
}

function titleBlock({ title, subtitle, number, meta }: PaperDocument, words: PaperWords): Content[] {
  const facts = [...(number === undefined ? [] : [[words.number, number] as const]), ...meta];
  const below: Content[] =
    subtitle === undefined
      ? []
      : [{ text: clean(subtitle), fontSize: 12, alignment: 'center', color: GREY, margin: [0, 0, 0, 4] }];
  return [
    { text: clean(title), fontSize: 20, bold: true, alignment: 'center', margin: [0, 0, 0, 4] },
    ...below,
    { stack: [blockContent({ kind: 'facts', items: facts }, words, 0)], margin: [0, 8, 0, 4] },
  ];
}

function sectionContent(section: PaperSection, paper: PaperDocument, index: number, width: number): Content[] {
  const words = PAPER_WORDS[paper.language];
  const blocks = section.blocks.map((block) => blockContent(block, words, width));
  const pageBreak = section.isOnNewPage && index > 0 ? { pageBreak: 'before' as const } : {};
  if (section.heading === undefined) {
    const [first, ...rest] = blocks;
    return first === undefined ? [] : [{ stack: [first], ...pageBreak }, ...rest];
  }
  const heading: Content = { text: clean(section.heading), fontSize: 12.5, bold: true, margin: [0, 14, 0, 6] };
  const [block] = section.blocks;
  const [first, ...rest] = blocks;
  if (block === undefined || first === undefined) return [{ stack: [heading], ...pageBreak }];
  if (staysTogether(block)) return [{ stack: [heading, first], unbreakable: true, ...pageBreak }, ...rest];
  return [{ stack: withRoomBelow(heading, first, ROOM_BELOW_HEADING), ...pageBreak }, ...rest];
}

/** On the first page the title says it all. */
function headerOf({ title, number }: PaperDocument, words: PaperWords, page: number): Content | null {
  if (page === 1) return null;
  return {
    columns: [
      { text: clean(title), color: GREY, fontSize: 8 },
      {
        text: number === undefined ? '' : `${words.number}${words.colon}${clean(number)}`,
        color: GREY,
        fontSize: 8,
        alignment: 'right',
      },
    ],
    margin: [MARGIN_X, 28, MARGIN_X, 0],
  };
}

function footerOf({ footer, madeAt }: PaperDocument, words: PaperWords, page: number, pages: number): Content {
  const left = [footer, `${words.madeAt}${words.colon}${madeAt}`].filter((part) => part !== undefined).join('　');
  return {
    columns: [
      { text: clean(left), color: GREY, fontSize: 8, width: '*' },
      { text: words.page(page, pages), color: GREY, fontSize: 8, alignment: 'right', width: 110 },
    ],
    margin: [MARGIN_X, 18, MARGIN_X, 0],
  };
}
