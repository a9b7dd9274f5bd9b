import { spawn } from 'node:child_process';
import { appendFile, open, readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RecordBody, SpoolEntry } from '../../src/core/ports.ts';
import { DiskSpool } from '../../src/storage/disk-spool.ts';
import { bundleProgram } from '../support/bundle.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const ALL = { records: 500, bytes: 1e9 };
const BEAT: RecordBody = { k: 'beat' };
const sample = (rec: RecordBody = BEAT, boot = 1, monoMs = 5) => ({ boot, monoMs, wallMs: 7, rec });

async function opened(directory: string, maxBytes = 1e6): Promise<DiskSpool> {
  const spool = new DiskSpool({ directory, maxBytes, firstSeq: 100 });
  await spool.open();
  return spool;
}

async function everything(spool: DiskSpool): Promise<SpoolEntry[]> {
  const all: SpoolEntry[] = [];
  for (let from = 0; ; ) {
    const run = await spool.read(from, Number.MAX_SAFE_INTEGER, ALL);
    const last = run.at(-1);
    if (!last) return all;
    all.push(...run);
    from = last.seq + 1;
  }
}

test('entries come back after a restart as they were, the acknowledged ones do not', async () => {
  const directory = await temporaryDirectory();
  const spool = await opened(directory);
  const health: RecordBody = { k: 'health', c: { printer: { s: 'fault', r: 'paper_out' } }, m: { temp_c: 41.5 } };
  await spool.append([sample(), sample(health, 1, 6), sample()]);
  spool.ack(100, 1);
  await spool.close();
  const again = await opened(directory);
  expect(await everything(again)).toEqual([
    { seq: 101, boot: 1, monoMs: 6, wallMs: 7, rec: health },
    { seq: 102, boot: 1, monoMs: 5, wallMs: 7, rec: BEAT },
  ]);
  const [next] = await again.append([sample()]);
  expect(next?.seq).toBe(103);
  await again.close();
});

test('a run has one boot and no gap', async () => {
  const spool = await opened(await temporaryDirectory());
  await spool.append([sample(), sample(), sample(BEAT, 2), sample(BEAT, 2), sample(BEAT, 2)]);
  spool.ack(103, 1);
  const seqs = async (from: number) => (await spool.read(from, 1000, ALL)).map(({ seq }) => seq);
  expect(await seqs(0)).toEqual([100, 101]);
  expect(await seqs(102)).toEqual([102]);
  expect(await seqs(103)).toEqual([104]);
  expect(await seqs(105)).toEqual([]);
  expect((await spool.read(0, 101, ALL)).map(({ seq }) => seq)).toEqual([100]);
  await spool.close();
});

test('overlapping appends get their numbers in the order of the calls', async () => {
  const spool = await opened(await temporaryDirectory());
  const sets = await Promise.all(Array.from({ length: 50 }, (_, i) => spool.append([sample(BEAT, 1, i), sample()])));
  expect(sets.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => 100 + i));
  expect(sets[7]?.[0]?.monoMs).toBe(7);
  await spool.close();
});

test('the bound holds: detail goes before beats, oldest first, and every drop is counted', async () => {
  const directory = await temporaryDirectory();
  const spool = await opened(directory, 256 * 1024);
  let written = 0;
  const log: RecordBody = { k: 'log', lvl: 'info', msg: 'x'.repeat(200) };
  for (let i = 0; i < 100; i++) {
    written += (await spool.append(Array.from({ length: 20 }, (_, j) => sample(j % 2 ? log : BEAT)))).length;
  }
  const drops = spool.takeDrops();
  expect(spool.takeDrops()).toBeNull();
  const kept = await everything(spool);
  expect(drops?.evidence).toBe(0);
  expect(drops?.detail).toBe(written - kept.length);
  expect(kept.filter(({ rec }) => rec.k === 'beat')).toHaveLength(1000);
  expect(spool.stats().bytes).toBeLessThanOrEqual(256 * 1024);
  for (let i = 0; i < 100; i++) await spool.append(Array.from({ length: 100 }, () => sample()));
  const late = await everything(spool);
  const more = spool.takeDrops();
  expect(more?.evidence).toBeGreaterThan(0);
  expect(late.length).toBe(kept.length + 10_000 - (more?.evidence ?? 0) - (more?.detail ?? 0));
  expect(late.at(-1)?.seq).toBe(100 + 2000 + 10_000 - 1);
  const sizes = await Promise.all(
    (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size),
  );
  expect(sizes.reduce((a, b) => a + b)).toBeLessThanOrEqual(256 * 1024 + 100);
  await spool.close();
});

test('what is acknowledged does not stay on disk', async () => {
  const directory = await temporaryDirectory();
  const spool = await opened(directory);
  for (let i = 0; i < 600; i++) {
    const [entry] = await spool.append([sample({ k: 'log', lvl: 'info', msg: 'y'.repeat(300) })]);
    spool.ack(entry?.seq ?? 0, 1);
  }
  expect(spool.stats().waiting).toBe(0);
  expect(spool.stats().bytes).toBeLessThan(80 * 1024);
  await spool.close();
});

test('a torn tail and a flipped bit cost what they touch, are reported, and no number comes twice', async () => {
  const directory = await temporaryDirectory();
  const spool = await opened(directory);
  const kept = await spool.append(Array.from({ length: 20 }, (_, i) => sample(BEAT, 1, i)));
  const [name = ''] = (await readdir(directory)).filter((file) => file.endsWith('.seg'));
  const path = join(directory, name);
  const whole = await readFile(path);
  const frameBytes = whole.length / kept.length;
  const file = await open(path, 'r+');
  await file.write(Uint8Array.of((whole[Math.floor(frameBytes * 3.5)] ?? 0) ^ 1), 0, 1, Math.floor(frameBytes * 3.5));
  await file.close();
  await appendFile(path, whole.subarray(0, frameBytes - 3));
  const again = new DiskSpool({ directory, maxBytes: 1e6, firstSeq: 1 });
  const opening = await again.open();
  expect(opening).toEqual({ damagedBytes: frameBytes + frameBytes - 3, waiting: 19 });
  expect((await everything(again)).map(({ seq }) => seq)).toEqual(
    kept.map(({ seq }) => seq).filter((seq) => seq !== 103),
  );
  const [next] = await again.append([sample()]);
  expect(next?.seq).toBeGreaterThan(kept.at(-1)?.seq ?? 0);
  await again.close();
});

test('a lost or damaged mark never leads to a number twice', async () => {
  const directory = await temporaryDirectory();
  const spool = await opened(directory);
  await spool.append([sample(), sample()]);
  await spool.close();
  await writeFile(join(directory, 'seq.json'), '{"mark":');
  const damaged = await opened(directory);
  expect(damaged.nextSeq()).toBeGreaterThan(1_000_000);
  await damaged.close();
  await unlink(join(directory, 'seq.json'));
  const lost = await opened(directory);
  expect((await lost.append([sample()]))[0]?.seq).toBeGreaterThan(101);
  await lost.close();
});

test('a disk that refuses writes: entries are held in memory and go on being numbered', async () => {
  const directory = await temporaryDirectory();
  const faults: unknown[] = [];
  const spool = new DiskSpool({ directory, maxBytes: 1e6, firstSeq: 1, onFault: (error) => faults.push(error) });
  await spool.open();
  // A name that is taken by a directory can't be created as a segment, whoever runs the test.
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(directory, '0000000000000001.seg'));
  const [first] = await spool.append([sample()]);
  expect(faults).toHaveLength(1);
  expect(await everything(spool)).toEqual([first]);
  await spool.append([sample()]);
  expect((await everything(spool)).map(({ seq }) => seq)).toEqual([1, 2]);
  await spool.close();
});

test('SIGKILL at random moments: nothing that was kept is missing, no number is given twice', async () => {
  const directory = await temporaryDirectory();
  const program = await bundleProgram('./spool-writer.ts', await temporaryDirectory());
  const kept = new Set<number>();
  const acknowledged = new Set<number>();
  let highest = -1;
  for (let round = 0; round < 12; round++) {
    const said = await killedWriter(program, directory, round, 60 + ((round * 37) % 150));
    for (const seq of numbers(said, 'A')) acknowledged.add(seq);
    for (const seq of numbers(said, 'K')) {
      expect(seq).toBeGreaterThan(highest);
      expect(kept.has(seq)).toBe(false);
      kept.add(seq);
    }
    if (round % 3 === 2) await tearTail(directory);
    const spool = await opened(directory, 64 * 1024 * 1024);
    const present = new Set((await everything(spool)).map(({ seq }) => seq));
    expect([...kept].filter((seq) => !acknowledged.has(seq) && !present.has(seq))).toEqual([]);
    highest = Math.max(highest, ...kept, ...present);
    expect(spool.nextSeq()).toBeGreaterThan(highest);
    await spool.close();
  }
  expect(kept.size).toBeGreaterThan(200);
});

/** All numbers of the lines of one kind. */
function numbers(lines: readonly string[][], wanted: string): number[] {
  return lines
    .filter(([kind]) => kind === wanted)
    .flatMap(([, seq0, count]) => Array.from({ length: Number(count) }, (_, i) => Number(seq0) + i));
}

/** Runs the writer, kills it `afterMs` after its first word, and returns its complete lines. */
async function killedWriter(program: string, directory: string, seed: number, afterMs: number): Promise<string[][]> {
  const child = spawn(process.execPath, [program, directory, String(seed + 1)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  while (text === '' && child.exitCode === null) await delay(5);
  await delay(afterMs);
  child.kill('SIGKILL');
  await closed;
  return text
    .slice(0, text.lastIndexOf('\n'))
    .split('\n')
    .map((line) => line.split(' '));
}

/** What a power cut leaves of a write that was under way: half a frame at the end of the newest segment. */
async function tearTail(directory: string): Promise<void> {
  const newest = (await readdir(directory))
    .filter((name) => name.endsWith('.seg'))
    .sort()
    .at(-1);
  if (newest) await appendFile(join(directory, newest), Uint8Array.of(0xa5, 40, 0, 0, 0, 1, 2, 3, 4, 0x85, 0x19));
}
