import { type FileHandle, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sample, Spool, SpoolDrops, SpoolEntry, SpoolLimit, SpoolOpening } from '../core/ports.ts';
import { isDetail } from '../core/weight.ts';
import { replaceFile, syncDirectory } from './durable.ts';
import { ackFrame, entryFrame, readSegment, type StoredEntry } from './frames.ts';
import { SeqRanges } from './ranges.ts';
import type { DiskSpoolOptions, Segment, Waiting } from './segment.ts';
import { Sequence } from './sequence.ts';

/** Newest entries held in memory, so that the live path never reads the disk. */
const TAIL = 64;
/** If the disk refuses writes: entries held in memory. */
const VOLATILE_TAIL = 4096;
const MAX_SEGMENT_BYTES = 256 * 1024;
/** A segment that only holds acknowledged entries is given up from this size on. */
const TIDY_BYTES = 32 * 1024;

/**
 * Append-only segments. An entry is kept once `append` resolves: written and fsynced, many at a time under load (group commit).
 * Acknowledgements are appended without fsync: losing one costs a repeated record, which the platform drops. A run never writes
 * into a segment of an earlier run, so a torn tail stays where it is and is skipped.
 */
export class DiskSpool implements Spool {
  readonly #options: DiskSpoolOptions;
  readonly #segmentBytes: number;
  readonly #sequence: Sequence;
  readonly #waiting = new SeqRanges();
  #segments: Segment[] = [];
  #active: { readonly segment: Segment; readonly file: FileHandle } | null = null;
  #tail: Map<number, StoredEntry> = new Map();
  #loaded: { readonly path: string; readonly bytes: number; readonly entries: Map<number, StoredEntry> } | null = null;
  #queue: Waiting[] = [];
  #acks: Buffer[] = [];
  #writing: Promise<void> | null = null;
  #drops: { detail: number; evidence: number } | null = null;
  #end = 0;
  #closed = false;

  constructor(options: DiskSpoolOptions) {
    this.#options = options;
    this.#segmentBytes = Math.min(MAX_SEGMENT_BYTES, Math.ceil(options.maxBytes / 8));
    this.#sequence = new Sequence(options.directory);
  }

  async open(): Promise<SpoolOpening> {
    const { directory, firstSeq } = this.#options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const names = (await readdir(directory)).filter((name) => /^\d+\.seg$/.test(name)).sort();
    const acks: (readonly [number, number])[] = [];
    let damagedBytes = 0;
    let newest = -1;
    for (const name of names) {
      const path = join(directory, name);
      const content = readSegment(await readFile(path));
      damagedBytes += content.damagedBytes;
      acks.push(...content.acks);
      const seqs = content.entries.map(({ entry }) => entry.seq);
      for (const seq of seqs) this.#waiting.add(seq, seq + 1);
      const endSeq = (seqs.at(-1) ?? -1) + 1;
      newest = Math.max(newest, endSeq - 1, ...content.acks.map(([seq0, count]) => seq0 + count - 1));
      const bytes = content.entries.reduce((sum, stored) => sum + stored.bytes, 0);
      this.#segments.push({ path, firstSeq: seqs[0] ?? 0, endSeq, bytes, lean: false });
    }
    for (const [seq0, count] of acks) this.#waiting.remove(seq0, seq0 + count);
    await this.#sequence.open(firstSeq, newest);
    this.#end = this.#sequence.next;
    await this.#tidy();
    this.#acks.push(...this.#stillNeeded(acks).map(([seq0, count]) => ackFrame(seq0, count)));
    return { damagedBytes, waiting: this.#waiting.size };
  }

  /** Acknowledgements of entries that still lie in a segment: kept again, the segment that held them may be gone. */
  #stillNeeded(acks: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
    return acks.filter(([seq0, count]) =>
      this.#segments.some(({ firstSeq, endSeq }) => seq0 < endSeq && seq0 + count > firstSeq),
    );
  }

  append(samples: readonly Sample[]): Promise<readonly SpoolEntry[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error('the spool is closed'));
        return;
      }
      this.#queue.push({ samples, resolve, reject });
      this.#writing ??= this.#drain();
    });
  }

  async read(fromSeq: number, toSeq: number, limit: SpoolLimit): Promise<readonly SpoolEntry[]> {
    const run: SpoolEntry[] = [];
    let bytes = 0;
    let range = this.#waiting.next(fromSeq);
    while (range && range[0] < toSeq && run.length === 0) {
      const end = Math.min(range[1], toSeq, range[0] + limit.records);
      for (let seq = range[0]; seq < end; seq++) {
        const stored = await this.#find(seq);
        if (!stored) {
          // Damaged after it was written, or never written and pushed out of memory: nothing is left to send.
          this.#waiting.remove(seq, seq + 1);
          this.#count('evidence', 1);
          break;
        }
        bytes += stored.bytes;
        const first = run[0];
        if (first && (stored.entry.boot !== first.boot || bytes > limit.bytes)) break;
        run.push(stored.entry);
      }
      range = this.#waiting.next(fromSeq);
    }
    return run;
  }

  ack(seq0: number, count: number): void {
    this.#waiting.remove(seq0, seq0 + count);
    for (let seq = seq0; seq < seq0 + count; seq++) this.#tail.delete(seq);
    this.#acks.push(ackFrame(seq0, count));
  }

  nextSeq(): number {
    return this.#end;
  }

  stats(): { waiting: number; bytes: number } {
    return { waiting: this.#waiting.size, bytes: this.#bytes() };
  }

  takeDrops(): SpoolDrops | null {
    const drops = this.#drops;
    this.#drops = null;
    return drops;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writing;
    if (this.#acks.length > 0 && this.#active) await this.#active.file.write(Buffer.concat(this.#acks.splice(0)));
    await this.#active?.file.sync();
    await this.#active?.file.close();
    this.#active = null;
    await this.#sequence.close();
  }

  async #drain(): Promise<void> {
    for (let batch = this.#queue.splice(0); batch.length > 0; batch = this.#queue.splice(0)) {
      try {
        await this.#sequence.cover(batch.reduce((sum, { samples }) => sum + samples.length, 0));
        const sets = batch.map(({ samples }) => samples.map((sample) => this.#store(sample)));
        await this.#write(sets.flat());
        for (const [i, { resolve }] of batch.entries()) resolve((sets[i] ?? []).map(({ entry }) => entry));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    // In the same turn as the last look at the queue: an append that comes later starts a new drain.
    this.#writing = null;
  }

  #store(sample: Sample): StoredEntry & { readonly frame: Buffer } {
    const entry = { ...sample, seq: this.#sequence.take() };
    const frame = entryFrame(entry);
    return { entry, bytes: frame.length, frame };
  }

  /** Writes and fsyncs; a disk that refuses leaves the entries in memory, and the device goes on telling so. */
  async #write(stored: readonly (StoredEntry & { readonly frame: Buffer })[]): Promise<void> {
    const first = stored[0]?.entry.seq ?? 0;
    const end = (stored.at(-1)?.entry.seq ?? -1) + 1;
    let tail = TAIL;
    try {
      const { segment, file } = await this.#writable(first);
      const bytes = Buffer.concat([...this.#acks.splice(0), ...stored.map(({ frame }) => frame)]);
      await file.write(bytes);
      await file.datasync();
      segment.bytes += bytes.length;
      segment.endSeq = end;
    } catch (error) {
      this.#options.onFault?.(error);
      await this.#active?.file.close().catch(() => undefined);
      this.#active = null;
      tail = VOLATILE_TAIL;
    }
    this.#waiting.add(first, end);
    this.#end = end;
    for (const { entry, bytes } of stored) this.#tail.set(entry.seq, { entry, bytes });
    for (const seq of this.#tail.keys()) {
      if (this.#tail.size <= tail) break;
      this.#tail.delete(seq);
    }
  }

  /** The segment to append to, after making room. */
  async #writable(firstSeq: number): Promise<{ segment: Segment; file: FileHandle }> {
    const active = this.#active;
    const idle = active && this.#waiting.size === 0 && active.segment.bytes >= TIDY_BYTES;
    if (active && !idle && active.segment.bytes < this.#segmentBytes) return active;
    await active?.file.close();
    this.#active = null;
    await this.#tidy();
    await this.#makeRoom();
    const { directory } = this.#options;
    const path = join(directory, `${String(firstSeq).padStart(16, '0')}.seg`);
    const file = await open(path, 'ax', 0o600);
    await syncDirectory(directory);
    const segment: Segment = { path, firstSeq, endSeq: firstSeq, bytes: 0, lean: false };
    this.#segments.push(segment);
    this.#active = { segment, file };
    return this.#active;
  }

  /** Deletes closed segments in which nothing waits. */
  async #tidy(): Promise<void> {
    for (const segment of [...this.#segments]) {
      if (this.#waiting.countWithin(segment.firstSeq, segment.endSeq) === 0) await this.#delete(segment);
    }
  }

  /** Keeps the bound: detail goes first, oldest first; then the oldest segment as a whole. */
  async #makeRoom(): Promise<void> {
    while (this.#bytes() + this.#segmentBytes > this.#options.maxBytes && this.#segments.length > 0) {
      const fat = this.#segments.find((segment) => !segment.lean);
      if (fat) {
        await this.#slim(fat);
        continue;
      }
      const oldest = this.#segments[0];
      if (!oldest) return;
      this.#count('evidence', this.#waiting.countWithin(oldest.firstSeq, oldest.endSeq));
      this.#waiting.remove(oldest.firstSeq, oldest.endSeq);
      await this.#delete(oldest);
    }
  }

  async #slim(segment: Segment): Promise<void> {
    const { entries } = readSegment(await readFile(segment.path));
    const kept: Buffer[] = [];
    for (const { entry } of entries) {
      if (!this.#waiting.has(entry.seq)) continue;
      if (isDetail(entry.rec)) {
        this.#waiting.remove(entry.seq, entry.seq + 1);
        this.#count('detail', 1);
      } else kept.push(entryFrame(entry));
    }
    const bytes = Buffer.concat(kept);
    await replaceFile(segment.path, bytes);
    segment.bytes = bytes.length;
    segment.lean = true;
    if (this.#loaded?.path === segment.path) this.#loaded = null;
    if (kept.length === 0) await this.#delete(segment);
  }

  async #delete(segment: Segment): Promise<void> {
    await unlink(segment.path);
    this.#segments = this.#segments.filter((other) => other !== segment);
    if (this.#loaded?.path === segment.path) this.#loaded = null;
  }

  #count(kind: 'detail' | 'evidence', records: number): void {
    this.#drops ??= { detail: 0, evidence: 0 };
    this.#drops[kind] += records;
  }

  #bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  async #find(seq: number): Promise<StoredEntry | null> {
    const recent = this.#tail.get(seq);
    if (recent) return recent;
    const segment = this.#segments.find(({ firstSeq, endSeq }) => seq >= firstSeq && seq < endSeq);
    if (!segment) return null;
    if (this.#loaded?.path !== segment.path || this.#loaded.bytes !== segment.bytes) {
      const content = readSegment(await readFile(segment.path));
      const entries = new Map(content.entries.map((stored) => [stored.entry.seq, stored]));
      this.#loaded = { path: segment.path, bytes: segment.bytes, entries };
    }
    return this.#loaded.entries.get(seq) ?? null;
  }
}
