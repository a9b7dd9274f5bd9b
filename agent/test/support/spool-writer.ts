import { writeSync } from 'node:fs';
import { DiskSpool } from '../../src/storage/disk-spool.ts';

/**
 * Fills a spool without end until it is killed. Tells on stdout, after the fact, `K seq count` for what is kept, and before the fact
 * `A seq count` for what it acknowledges.
 */
const [directory = '', seed = '1'] = process.argv.slice(2);
let state = Number(seed);
const random = (below: number) => {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return state % below;
};

const spool = new DiskSpool({ directory, maxBytes: 64 * 1024 * 1024, firstSeq: 1000 });
await spool.open();
writeSync(1, `O ${spool.nextSeq()} 0\n`);
for (;;) {
  const groups = Array.from({ length: 1 + random(3) }, () => 1 + random(4));
  const kept = await Promise.all(
    groups.map((count) =>
      spool.append(
        Array.from({ length: count }, (_, i) => ({ boot: 1, monoMs: i, wallMs: i, rec: { k: 'beat' as const } })),
      ),
    ),
  );
  for (const entries of kept) writeSync(1, `K ${entries[0]?.seq} ${entries.length}\n`);
  if (random(3) > 0) continue;
  const [oldest] = await spool.read(0, spool.nextSeq(), { records: 1, bytes: 1e6 });
  if (!oldest) continue;
  const run = await spool.read(oldest.seq, spool.nextSeq(), { records: 1 + random(20), bytes: 1e6 });
  writeSync(1, `A ${oldest.seq} ${run.length}\n`);
  spool.ack(oldest.seq, run.length);
}
