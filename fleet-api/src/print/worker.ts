import { parentPort } from 'node:worker_threads';
import type { PaperDocument } from './document.ts';
import { drawPdf } from './draw.ts';

/** Entry of the thread that draws: a document comes in, its PDF or what went wrong goes out, in order. */
export type DrawReply = { readonly pdf: Uint8Array } | { readonly failed: string };

parentPort?.on('message', (paper: PaperDocument) => {
  drawPdf(paper).then(
    (pdf) => {
      const bytes = new Uint8Array(pdf);
      parentPort?.postMessage({ pdf: bytes } satisfies DrawReply, [bytes.buffer]);
    },
    (error: unknown) => {
      const failed = error instanceof Error ? (error.stack ?? error.message) : String(error);
      parentPort?.postMessage({ failed } satisfies DrawReply);
    },
  );
});
