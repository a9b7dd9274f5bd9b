import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MAKERS } from './makers.ts';
import { type Job, type KeptFile, putBack, takeJob, tellAlive, tellDone, tellFailed } from './queue-sql.ts';
import type { DocumentMaker, MadeFile, MakerDeps } from './types.ts';

const POLL_MS = 2_000;
/** Drawing a long document says nothing for a while; its job must not be taken for abandoned. */
const HEARTBEAT_MS = 20_000;

export interface DocumentWorkerOptions extends MakerDeps {
  /** Where files lie until they are removed. */
  readonly dir: string;
  /** The kinds that it makes: all that are known, unless told otherwise. */
  readonly makers?: Readonly<Record<string, (deps: MakerDeps) => DocumentMaker>>;
}

/** The job is another's by now, or the process ends. */
class JobLeft extends Error {}

/** Makes the documents that were asked for, one at a time. Any number of processes may; a job is made by one. */
export class DocumentWorker {
  readonly #options: DocumentWorkerOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: DocumentWorkerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#schedule();
  }

  /** Ends at the next word of progress; the job is put back for whoever runs next. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Makes the next document; false if none is waiting. */
  async makeNext(): Promise<boolean> {
    const { pool, clock, log } = this.#options;
    const job = await takeJob(pool, new Date(clock()), randomUUID());
    if (job === null) return false;
    const beat = setInterval(() => {
      tellAlive(pool, job, new Date(clock()), null).catch((error: unknown) => {
        log.warn({ err: error, document: job.id }, 'documents: no sign of life could be given');
      });
    }, HEARTBEAT_MS);
    try {
      await this.#make(job);
    } catch (error) {
      if (error instanceof JobLeft) await putBack(pool, job, new Date(clock()));
      else {
        log.error({ err: error, document: job.id, kind: job.kind }, 'documents: one could not be made');
        await tellFailed(pool, job, new Date(clock()), error instanceof Error ? error.message : String(error));
      }
    } finally {
      clearInterval(beat);
    }
    return true;
  }

  /** Polls soon again after a document, since others may wait. */
  #schedule(delayMs = POLL_MS): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.makeNext()
        .catch((error: unknown) => {
          this.#options.log.warn({ err: error }, 'documents: no job could be taken; tried again');
          return false;
        })
        .then((made) => this.#schedule(made ? 0 : POLL_MS));
    }, delayMs);
  }

  async #make(job: Job): Promise<void> {
    const { pool, clock, dir, makers = MAKERS } = this.#options;
    const maker = makers[job.kind]?.(this.#options);
    if (maker === undefined) throw new Error(`nobody makes documents of the kind ${job.kind}`);
    const progress = async (done: number, total: number): Promise<void> => {
      const isMine = await tellAlive(pool, job, new Date(clock()), { done, total });
      if (this.#stopped || !isMine) throw new JobLeft();
    };
    const made = await maker.make({ params: job.params, nowMs: clock(), progress });
    const files: KeptFile[] = [];
    for (const [i, file] of made.entries()) files.push(await keep(dir, `${job.id}/${job.claim}-${i}`, file));
    if (await tellDone(pool, job, new Date(clock()), files)) return;
    for (const { path } of files) await rm(join(dir, path), { force: true });
  }
}

/** Writes a file whole or not at all, readable by its owner only. */
async function keep(dir: string, path: string, { name, mediaType, content }: MadeFile): Promise<KeptFile> {
  const full = join(dir, path);
  await mkdir(dirname(full), { recursive: true, mode: 0o700 });
  await writeFile(`${full}.new`, content, { mode: 0o600 });
  await rename(`${full}.new`, full);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { name, media_type: mediaType, bytes: content.length, sha256, path };
}
