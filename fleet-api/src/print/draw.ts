import pdfmake from 'pdfmake';
import type { PaperDocument } from './document.ts';
import { FONT, fontFiles } from './fonts.ts';
import { layoutOf } from './layout.ts';

/**
 * Draws the document in this thread, which is busy until it is done: a server calls `renderPdf`. The font is embedded as the subset of
 * glyphs that occur. Nothing outside of the font's own files is read or fetched, whatever a document says.
 */
export async function drawPdf(
  paper: PaperDocument,
  options: { readonly isCompressed?: boolean } = {},
): Promise<Buffer> {
  const { normal, bold } = fontFiles();
  pdfmake.setFonts({ [FONT]: { normal, bold, italics: normal, bolditalics: bold } });
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path === normal || path === bold);
  return pdfmake.createPdf({ ...layoutOf(paper), compress: options.isCompressed ?? true }).getBuffer();
}
