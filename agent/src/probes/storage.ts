import { randomBytes } from 'node:crypto';
import { open, readFile, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { atMostEvery, type Probe, type Reading, report } from './probe.ts';

const PROBE_BYTES = 16 * 1024;
/** A write of 16 KiB that takes longer than this, ms, is a dying card. */
const SLOW_MS = 2_000;
/** The write probe wears flash: 16 KiB every ten minutes is 70 MB a month. */
const WRITE_EVERY_MS = 600_000;

export interface StorageOptions {
  /** Directory to write in; its file system is measured. */
  readonly directory: string;
  readonly minFreePct: number;
  readonly monoMs: () => number;
}

type WriteVerdict = {
  readonly fault?: 'write_failed' | 'read_failed';
  readonly detail?: string;
  readonly m: Reading['m'];
};

/** Space, and whether the medium still takes and returns data: writes, fsyncs, reads back and compares. */
export function storageProbe(options: StorageOptions): Probe {
  const writeCheck = atMostEvery(WRITE_EVERY_MS, options.monoMs, () => checkMedium(options));
  return async (fresh) => {
    const check = await writeCheck(fresh);
    const space = await readSpace(options.directory);
    const m = { ...space?.m, ...check.m };
    if (check.fault) return { c: { storage: report('fault', check.fault, check.detail) }, m };
    if (!space) return { c: { storage: report('fault', 'read_failed', options.directory) }, m };
    const writeMs = check.m?.disk_write_ms ?? 0;
    if (space.freePct < options.minFreePct) {
      return { c: { storage: report('fault', 'space_low', `${space.freePct.toFixed(1)} % free`) }, m };
    }
    if (writeMs > SLOW_MS) return { c: { storage: report('warn', 'slow', `write took ${writeMs} ms`) }, m };
    return { c: { storage: report('ok') }, m };
  };
}

async function readSpace(directory: string): Promise<{ freePct: number; m: NonNullable<Reading['m']> } | null> {
  try {
    const { blocks, bavail, bfree, bsize } = await statfs(directory);
    const usable = blocks - bfree + bavail;
    const freePct = usable > 0 ? (bavail / usable) * 100 : 100;
    const m = {
      disk_used_pct: Math.round((100 - freePct) * 10) / 10,
      disk_total_mb: Math.round((blocks * bsize) / 1_048_576),
    };
    return { freePct, m };
  } catch {
    return null;
  }
}

async function checkMedium({ directory, monoMs }: StorageOptions): Promise<WriteVerdict> {
  const path = join(directory, '.probe');
  const pattern = randomBytes(PROBE_BYTES);
  const startMs = monoMs();
  try {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(pattern);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    return { fault: 'write_failed', detail: codeOf(error), m: {} };
  }
  const writtenMs = monoMs();
  try {
    const same = pattern.equals(await readFile(path));
    const disk_read_ms = Math.round((monoMs() - writtenMs) * 10) / 10;
    const m = { disk_write_ms: Math.round((writtenMs - startMs) * 10) / 10, disk_read_ms };
    return same ? { m } : { fault: 'read_failed', detail: 'read back differently', m };
  } catch (error) {
    return { fault: 'read_failed', detail: codeOf(error), m: {} };
  } finally {
    await unlink(path).catch(() => undefined);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
