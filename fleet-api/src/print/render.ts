import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { PaperDocument } from './document.ts';
import type { DrawReply } from './worker.ts';

/** The thread ends after so long without work, ms: its fonts take 100 MB. */
const IDLE_MS = 30_000;
/** A document that would need more ends the thread, not the process. */
const MAX_HEAP_MB = 1_024;
const WORKER = 'print-worker.js';

let tail: Promise<unknown> = Promise.resolve();
let worker: Worker | null = null;
let idle: NodeJS.Timeout | undefined;

/**
 * Draws the document as PDF (A4, the font embedded) in a thread beside: the event loop goes on meanwhile. One at a time, in the order
 * of the calls. @throws Error if the document can not be drawn
 */
export function renderPdf(paper: PaperDocument): Promise<Buffer> {
  const result = tail.then(() => drawIn(threadToUse(), paper));
  tail = result.catch(() => undefined);
  return result;
}

/** Ends the thread; one that is drawing rejects its document. The next document starts another. */
export async function stopPrinting(): Promise<void> {
  const ending = worker;
  worker = null;
  clearTimeout(idle);
  await ending?.terminate();
}

function threadToUse(): Worker {
  clearTimeout(idle);
  if (worker !== null) return worker;
  const started = new Worker(findWorker(), { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
  started.unref();
  started.once('exit', () => {
    if (worker === started) worker = null;
  });
  worker = started;
  return started;
}

function drawIn(thread: Worker, paper: PaperDocument): Promise<Buffer> {
  return new Promise<Buffer>((resolve, reject) => {
    const settle = (done: () => void): void => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      thread.unref();
      idle = setTimeout(() => void stopPrinting(), IDLE_MS).unref();
      done();
    };
    const onMessage = (reply: DrawReply): void => {
      if ('pdf' in reply) settle(() => resolve(Buffer.from(reply.pdf.buffer)));
      else settle(() => reject(new Error(`the document can not be drawn: ${reply.failed}`)));
    };
    const onError = (error: Error): void => {
      if (worker === thread) worker = null;
      settle(() => reject(new Error('the document can not be drawn', { cause: error })));
    };
    const onExit = (code: number): void => settle(() => reject(new Error(`drawing ended with code ${code}`)));
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    thread.ref();
    thread.postMessage(paper);
  });
}

/** Beside the bundle (`dist/main.js`); from the sources it must have been built. */
function findWorker(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dirname(dir) !== dir; dir = dirname(dir)) {
    for (const path of [join(dir, WORKER), join(dir, 'dist', WORKER)]) if (existsSync(path)) return path;
  }
  throw new Error(`${WORKER} is not built: run "npm run build"`);
}
