import type { Sample, Spool, SpoolDrops, SpoolEntry, SpoolLimit } from '@uptally/agent';

/** Past samples that wait to be sent, made when they are read: two weeks of 2,754 devices don't fit in memory. */
export interface Past {
  readonly count: number;
  /** The samples in order; the same each time. */
  samples(): Iterator<Sample>;
}

export interface SimSpoolState {
  readonly nextSeq: number;
  /** Entries that wait, oldest first. */
  readonly entries: readonly SpoolEntry[];
  /** The past that is not acknowledged in full: where its numbers begin and how many are through. */
  readonly past: { readonly seq0: number; readonly acked: number } | null;
}

export interface SimSpoolOptions {
  readonly maxRecords: number;
  readonly firstSeq: number;
  /** Entries that an earlier run of the simulator left unsent. */
  readonly entries?: readonly SpoolEntry[];
  /** False: only a few records of the past may go now. */
  readonly mayHurry?: () => boolean;
}

/** Records of a past sent out of turn: right after each connection, when thousands may come at once. */
const FEW = 8;

/**
 * A spool in memory, bounded in records. Its past, once taken in, gets its sequence numbers in one run behind whatever is there, so that
 * a device first says how it is now and then what happened while it was away.
 */
export class SimSpool implements Spool {
  readonly #maxRecords: number;
  #entries: SpoolEntry[] = [];
  #next: number;
  #past: PastLane | null = null;
  readonly #mayHurry: () => boolean;
  #dropped = 0;

  constructor(options: SimSpoolOptions) {
    this.#maxRecords = options.maxRecords;
    this.#next = options.firstSeq;
    this.#entries = [...(options.entries ?? [])];
    this.#mayHurry = options.mayHurry ?? (() => true);
  }

  /** Takes a past in. `resume` continues one that was sent in part before the simulator was restarted. */
  takePast(past: Past, resume: SimSpoolState['past'] = null): void {
    const seq0 = resume?.seq0 ?? this.#next;
    this.#past = new PastLane(past, seq0, resume?.acked ?? 0);
    this.#next = Math.max(this.#next, seq0 + past.count);
  }

  /** Records of the past that the platform has not acknowledged. */
  pastWaiting(): number {
    return this.#past?.waiting ?? 0;
  }

  state(): SimSpoolState {
    const past = this.#past;
    return {
      nextSeq: this.#next,
      entries: this.#entries,
      past: past && { seq0: past.seq0, acked: past.acked },
    };
  }

  async open(): Promise<{ damagedBytes: number; waiting: number }> {
    return { damagedBytes: 0, waiting: this.#entries.length };
  }

  async append(samples: readonly Sample[]): Promise<readonly SpoolEntry[]> {
    const added = samples.map((sample) => ({ ...sample, seq: this.#next++ }));
    this.#entries.push(...added);
    const excess = this.#entries.length - this.#maxRecords;
    if (excess > 0) {
      this.#entries.splice(0, excess);
      this.#dropped += excess;
    }
    return added;
  }

  async read(fromSeq: number, toSeq: number, limit: SpoolLimit): Promise<readonly SpoolEntry[]> {
    const start = this.#indexOf(fromSeq);
    const first = this.#entries[start];
    const past = this.#past;
    if (past && past.nextAfter(fromSeq) < Math.min(first?.seq ?? Infinity, toSeq)) {
      return past.read(fromSeq, this.#mayHurry() ? limit.records : Math.min(FEW, limit.records));
    }
    const run: SpoolEntry[] = [];
    for (let i = start; first && run.length < limit.records; i++) {
      const entry = this.#entries[i];
      if (!entry || entry.seq >= toSeq || entry.boot !== first.boot || entry.seq !== first.seq + run.length) break;
      run.push(entry);
    }
    return run;
  }

  ack(seq0: number, count: number): void {
    this.#past?.ack(seq0, count);
    if (this.#past?.waiting === 0) this.#past = null;
    const start = this.#indexOf(seq0);
    this.#entries.splice(start, this.#indexOf(seq0 + count) - start);
  }

  nextSeq(): number {
    return this.#next;
  }

  stats(): { waiting: number; bytes: number } {
    const waiting = this.#entries.length + this.pastWaiting();
    return { waiting, bytes: waiting * 40 };
  }

  takeDrops(): SpoolDrops | null {
    const evidence = this.#dropped;
    this.#dropped = 0;
    return evidence > 0 ? { detail: 0, evidence } : null;
  }

  async close(): Promise<void> {}

  /** Index of the first entry at or after `seq`. */
  #indexOf(seq: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.seq ?? Infinity) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The past as a window over an iterator: what was made but not acknowledged stays, so that it can be sent again. */
class PastLane {
  readonly seq0: number;
  readonly #count: number;
  readonly #samples: Iterator<Sample>;
  #window: SpoolEntry[] = [];
  #made = 0;
  acked = 0;

  constructor(past: Past, seq0: number, acked: number) {
    this.seq0 = seq0;
    this.#count = past.count;
    this.#samples = past.samples();
    while (this.#made < acked) this.#make();
    this.#window = [];
    this.acked = acked;
  }

  get waiting(): number {
    return this.#count - this.acked;
  }

  /** The first number at or after `fromSeq` that is still waiting. */
  nextAfter(fromSeq: number): number {
    const next = Math.max(this.seq0 + this.acked, fromSeq);
    return next < this.seq0 + this.#count ? next : Infinity;
  }

  read(fromSeq: number, records: number): SpoolEntry[] {
    const skip = this.nextAfter(fromSeq) - this.seq0 - this.acked;
    while (this.#window.length < skip + records && this.#made < this.#count) this.#make();
    const run = this.#window.slice(skip, skip + records);
    const end = run.findIndex((entry) => entry.boot !== run[0]?.boot);
    return end < 0 ? run : run.slice(0, end);
  }

  /** Acknowledgements come in order: one batch of a backlog is on its way at a time. */
  ack(seq0: number, count: number): void {
    if (seq0 !== this.seq0 + this.acked) return;
    this.#window.splice(0, count);
    this.acked += count;
  }

  #make(): void {
    const { value, done } = this.#samples.next();
    if (done) throw new RangeError('a past is shorter than it said');
    this.#window.push({ ...value, seq: this.seq0 + this.#made++ });
  }
}
