import type { Sample, Spool, SpoolDrops, SpoolEntry, SpoolLimit, Store, StoreKey } from './ports.ts';
import { isDetail } from './weight.ts';

/** A spool in memory, bounded in records, for simulation: it lives as long as the object, which may outlive a simulated boot. */
export class MemorySpool implements Spool {
  readonly #maxRecords: number;
  #entries: SpoolEntry[] = [];
  #next: number;
  #drops: { detail: number; evidence: number } | null = null;

  constructor(options: { readonly maxRecords: number; readonly firstSeq: number }) {
    this.#maxRecords = options.maxRecords;
    this.#next = options.firstSeq;
  }

  async open(): Promise<{ damagedBytes: number; waiting: number }> {
    return { damagedBytes: 0, waiting: this.#entries.length };
  }

  async append(samples: readonly Sample[]): Promise<readonly SpoolEntry[]> {
    const added = samples.map((sample) => ({ ...sample, seq: this.#next++ }));
    this.#entries.push(...added);
    while (this.#entries.length > this.#maxRecords) this.#drop();
    return added;
  }

  async read(fromSeq: number, toSeq: number, limit: SpoolLimit): Promise<readonly SpoolEntry[]> {
    let start = this.#indexOf(fromSeq);
    const first = this.#entries[start];
    const run: SpoolEntry[] = [];
    if (!first) return run;
    for (
      let entry: SpoolEntry | undefined = first;
      entry && run.length < limit.records;
      entry = this.#entries[++start]
    ) {
      if (entry.seq >= toSeq || entry.boot !== first.boot || entry.seq !== first.seq + run.length) break;
      run.push(entry);
    }
    return run;
  }

  ack(seq0: number, count: number): void {
    const start = this.#indexOf(seq0);
    let end = start;
    while ((this.#entries[end]?.seq ?? Infinity) < seq0 + count) end++;
    this.#entries.splice(start, end - start);
  }

  nextSeq(): number {
    return this.#next;
  }

  stats(): { waiting: number; bytes: number } {
    return { waiting: this.#entries.length, bytes: this.#entries.length * 40 };
  }

  takeDrops(): SpoolDrops | null {
    const drops = this.#drops;
    this.#drops = null;
    return drops;
  }

  async close(): Promise<void> {}

  #drop(): void {
    const detail = this.#entries.findIndex((entry) => isDetail(entry.rec));
    this.#entries.splice(Math.max(0, detail), 1);
    this.#drops ??= { detail: 0, evidence: 0 };
    this.#drops[detail >= 0 ? 'detail' : 'evidence']++;
  }

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

export class MemoryStore implements Store {
  readonly #values: Map<StoreKey, unknown> = new Map();

  async load(key: StoreKey): Promise<unknown> {
    return this.#values.get(key) ?? null;
  }

  async save(key: StoreKey, value: unknown): Promise<void> {
    this.#values.set(key, value === undefined ? null : structuredClone(value));
  }
}
