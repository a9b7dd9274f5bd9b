import { chartSvg } from '../print/charts.ts';
import type { PaperBlock, PaperDocument } from '../print/document.ts';

/** Rows of a table that the console shows; the files have all. */
const ROWS = 30;
const CHART_WIDTH = 720;

/** The paper as the console shows it: charts drawn, long tables cut, without what is only of use on paper. */
export function previewOf({ title, subtitle = '', sections }: PaperDocument) {
  return {
    title,
    subtitle,
    sections: sections
      .map(({ heading = '', blocks }) => ({
        heading,
        blocks: blocks.flatMap((block) => shown(block)),
      }))
      .filter(({ blocks }) => blocks.length > 0),
  };
}

function shown(block: PaperBlock): object[] {
  if (block.kind === 'signatures' || block.kind === 'image') return [];
  if (block.kind === 'table') return [{ ...block, rows: block.rows.slice(0, ROWS), row_count: block.rows.length }];
  if (block.kind !== 'chart') return [block];
  const { title = '', unit } = block;
  return [{ kind: 'chart', title, unit, svg: chartSvg(block, CHART_WIDTH) }];
}
