import type { DocumentMaker, MadeFile, MakeJob, MakerDeps } from '../documents/types.ts';
import { renderPdf, workbookOf, XLSX } from '../print/index.ts';
import { collectFigures } from './figures/collect.ts';
import type { ReportFigures } from './figures/types.ts';
import { paperOf } from './paper/report.ts';
import { sheetsOf } from './paper/sheets.ts';
import { keepFigures, type MakeRow, selectForMaking } from './sql.ts';
import { headlineOf, packed, unpacked } from './store.ts';

export const REPORT_DOCUMENT = 'report';
/** Drawing the PDF, writing the workbook. */
const PRINT_STEPS = 2;

export interface ReportParams {
  readonly reportId: number;
}

/** Makes the files of a report: from the figures that it has, or else from those of now, which it keeps. */
export function reportMaker({ pool, clock }: MakerDeps): DocumentMaker {
  return {
    kind: REPORT_DOCUMENT,
    make: async (job) => {
      const row = await selectForMaking(pool, reportIdOf(job.params));
      if (row === null) throw new Error('the report is gone');
      let total = 1;
      const step = (done: number, of: number): Promise<void> => {
        total = of + PRINT_STEPS;
        return job.progress(done, total);
      };
      if (row.figures === null) {
        const { contract_id: contractId, region_id: regionId, kind, from_day: fromDay, to_day: toDay } = row;
        const asked = { contractId, regionId, kind, fromDay, toDay, nowMs: clock() };
        const figures = await collectFigures(pool, asked, step);
        await keepFigures(pool, row.id, await packed(figures), figures.madeAtMs, headlineOf(figures));
      } else {
        await step(0, 0);
      }
      const kept = await selectForMaking(pool, row.id);
      if (kept === null || kept.figures === null) throw new Error('the report is gone');
      return print(kept, await unpacked(kept.figures), job, total);
    },
  };
}

async function print(row: MakeRow, figures: ReportFigures, job: MakeJob, total: number): Promise<readonly MadeFile[]> {
  const cover = { ...row, isDraft: row.state === 'draft' };
  const paper = paperOf(cover, figures);
  const pdf = await renderPdf(paper);
  await job.progress(total - 1, total);
  const workbook = await workbookOf(sheetsOf(cover, figures));
  const name = `${paper.title} ${row.contract_code} ${row.from_day} v${row.edition}`.replace(/[\\/:*?"<>|]/g, '_');
  return [
    { name: `${name}.pdf`, mediaType: 'application/pdf', content: pdf },
    { name: `${name}.xlsx`, mediaType: XLSX, content: workbook },
  ];
}

function reportIdOf(params: unknown): number {
  const { reportId } = params as ReportParams;
  if (!Number.isInteger(reportId)) throw new TypeError('a report document names its report');
  return reportId;
}
