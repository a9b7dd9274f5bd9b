import type { DocumentMaker, MadeFile, MakeJob, MakerDeps } from '../../documents/types.ts';
import { renderPdf, workbookOf, XLSX } from '../../print/index.ts';
import { paperOf } from './paper.ts';
import { type PaperData, readForPaper } from './read.ts';
import { sheetsOf } from './sheets.ts';
import { statementNumber } from './words.ts';

/** Kind of document: a statement as PDF or as workbook. */
export const STATEMENT_DOCUMENT = 'statement';
export const PAPER_FORMATS = ['pdf', 'xlsx'] as const;
export type PaperFormat = (typeof PAPER_FORMATS)[number];

export interface StatementParams {
  readonly statement_id: number;
  readonly format: PaperFormat;
}

/** Steps that progress tells: read, laid out. */
const STEPS = 2;

export function statementMaker({ pool }: MakerDeps): DocumentMaker {
  return {
    kind: STATEMENT_DOCUMENT,
    make: async ({ params, nowMs, progress }: MakeJob): Promise<readonly MadeFile[]> => {
      const { statement_id, format } = params as StatementParams;
      await progress(0, STEPS);
      const data = await readForPaper(pool, statement_id, nowMs);
      await progress(1, STEPS);
      const file = await fileOf(data, format, nowMs);
      await progress(STEPS, STEPS);
      return [file];
    },
  };
}

async function fileOf(data: PaperData, format: PaperFormat, nowMs: number): Promise<MadeFile> {
  const name = `${statementNumber(data.row.id)}-${data.contract.code}-${data.row.from_day}`;
  if (format === 'xlsx') return { name: `${name}.xlsx`, mediaType: XLSX, content: await workbookOf(sheetsOf(data)) };
  return { name: `${name}.pdf`, mediaType: 'application/pdf', content: await renderPdf(paperOf(data, nowMs)) };
}
