import { join } from 'node:path';
import { readJson, replaceFile } from './durable.ts';

/** Numbers reserved at a time: after a power cut at most this many are skipped. At a record a minute a block lasts for almost three days. */
const BLOCK = 4096;
/** Skipped when the mark is lost, beyond all that is found in the spool. */
const LOST_MARK_GAP = 1_000_000;

/** Gives out sequence numbers that never repeat: the mark on disk always lies above every number given out. */
export class Sequence {
  readonly #path: string;
  #next = 0;
  #mark = 0;

  constructor(directory: string) {
    this.#path = join(directory, 'seq.json');
  }

  get next(): number {
    return this.#next;
  }

  /** Takes up after the mark. `firstSeq` is for a new device, `newestKept` the newest number found in the spool or -1. */
  async open(firstSeq: number, newestKept: number): Promise<void> {
    const kept = (await readJson(this.#path)) as { readonly mark?: unknown } | null;
    const mark = Number.isSafeInteger(kept?.mark) ? (kept?.mark as number) : null;
    if (mark === null) this.#next = newestKept < 0 ? firstSeq : newestKept + LOST_MARK_GAP;
    else this.#next = Math.max(mark, newestKept + 1);
    await this.#reserve(this.#next + BLOCK);
  }

  /**
   * Makes sure that `count` numbers are covered by the mark. A mark that can't be renewed is no fault while the block lasts,
   * so that a device with a dying disk can still say so.
   */
  async cover(count: number): Promise<void> {
    if (this.#next + count + BLOCK / 2 <= this.#mark) return;
    try {
      await this.#reserve(this.#next + count + BLOCK);
    } catch (error) {
      if (this.#next + count > this.#mark) throw error;
    }
  }

  take(): number {
    return this.#next++;
  }

  /** After a stop in good order nothing need be skipped. */
  async close(): Promise<void> {
    await this.#reserve(this.#next);
  }

  async #reserve(mark: number): Promise<void> {
    await replaceFile(this.#path, JSON.stringify({ mark }));
    this.#mark = mark;
  }
}
