import { monitorEventLoopDelay } from 'node:perf_hooks';
import { renderPdf, stopPrinting, workbookOf } from '../../../fleet-api/src/print/index.ts';
import { paperOf } from '../../../fleet-api/src/reports/paper/report.ts';
import { sheetsOf } from '../../../fleet-api/src/reports/paper/sheets.ts';
import type { Benchmark } from '../benchmark.ts';
import { count, mb, ms, table } from '../report/table.ts';
import { sampleFigures } from '../targets/sample-report.ts';

const SIZES = [
  { stations: 1, faults: 1 },
  { stations: 500, faults: 100 },
  { stations: 2_754, faults: 500 },
] as const;

/** What a month's report costs, and what the server that makes it feels of it. */
export const paper: Benchmark = {
  name: 'paper',
  about:
    'a monthly report as PDF (in a thread beside) and as Excel, figures in hand; delay: longest of the event loop meanwhile',
  async run() {
    const rows: string[][] = [];
    for (const { stations, faults } of SIZES) {
      const figures = sampleFigures(stations, faults);
      const cover = { id: 12, edition: 1, language: 'zh', isDraft: true, advice: '' } as const;
      const pdf = await timed(() => renderPdf(paperOf(cover, figures)));
      const sheet = await timed(() => workbookOf(sheetsOf(cover, figures)));
      rows.push([
        `${count(stations)} stations, ${count(faults)} faults`,
        ms(pdf.tookMs),
        ms(pdf.delayMs),
        mb(pdf.result.length),
        ms(sheet.tookMs),
        ms(sheet.delayMs),
        mb(sheet.result.length),
      ]);
    }
    await stopPrinting();
    return table(['report', 'PDF ms', 'delay ms', 'MB', 'Excel ms', 'delay ms', 'MB'], rows);
  },
};

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number; delayMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const begunMs = performance.now();
  const result = await work();
  const tookMs = performance.now() - begunMs;
  // One more turn, so that a delay at the very end is seen.
  await new Promise((resolve) => setTimeout(resolve, 10));
  delay.disable();
  return { result, tookMs, delayMs: delay.max / 1e6 };
}
