import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BundleError } from '../../src/evidence/bundle/archive.ts';
import { ensureEvidenceKey } from '../../src/evidence/bundle/key.ts';
import { BundleWriter } from '../../src/evidence/bundle/writer.ts';
import { compareDays, totalOf } from '../../src/evidence/verify/compare.ts';
import { judgeStation } from '../../src/evidence/verify/judge.ts';
import { checkBundle, type OfflineStation } from '../../src/evidence/verify/offline.ts';
import { BEGIN, contract, DAY_MS, device, HOUR_MS, period, station } from './support.ts';

const outage = { from: BEGIN + 10 * HOUR_MS, to: BEGIN + 16 * HOUR_MS };

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'uptally-bundle-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function makeBundle(name: string): Promise<string> {
  const devices = [device([outage])];
  const path = join(dir, name);
  const writer = new BundleWriter(path, ensureEvidenceKey(join(dir, 'keys')));
  writer.station(station, devices, judgeStation(contract, period, station, devices));
  await writer.finish({ contract, period, scope: 'station 11', createdAt: new Date(BEGIN + 5 * DAY_MS) });
  return path;
}

async function checked(source: string | Buffer, key: string | null = null): Promise<OfflineStation[]> {
  const stations: OfflineStation[] = [];
  for await (const each of checkBundle(source, key)) stations.push(each);
  return stations;
}

describe('a station judged from its records', () => {
  it('is down from L after the last beat until the next, less what was excluded', () => {
    const days = judgeStation(contract, period, station, [device([outage])]);
    const network = totalOf(days, 'network');
    expect(network).toEqual({
      required: 2 * DAY_MS,
      excluded: HOUR_MS,
      down: 6 * HOUR_MS - 90_000, // the last beat is one minute before the outage and holds for 150 s
      up: 2 * DAY_MS - HOUR_MS - (6 * HOUR_MS - 90_000),
      unknown: 0,
      platform: 0,
    });
    expect(days.map(({ day }) => day)).toEqual(['2026-10-01', '2026-10-02']);
  });

  it('is judged no further than the figures it is compared with', () => {
    const half = new Map([['2026-10-02', BEGIN + DAY_MS + 6 * HOUR_MS]]);
    const days = judgeStation(contract, period, station, [device()], half);
    expect(days[1]?.required).toBe(6 * HOUR_MS);
  });
});

describe('an evidence bundle', () => {
  it('gives the same numbers without server and database', async () => {
    const path = await makeBundle('whole.zip');
    const key = ensureEvidenceKey(join(dir, 'keys'));
    const [only] = await checked(path, key.fingerprint);
    expect(only?.differences).toEqual([]);
    expect(only?.days).toEqual(judgeStation(contract, period, station, [device([outage])]));
    await expect(checked(path, key.publicPem)).resolves.toHaveLength(1);
  });

  it('is refused under another key', async () => {
    const other = ensureEvidenceKey(join(dir, 'other'));
    await expect(checked(await makeBundle('other.zip'), other.fingerprint)).rejects.toThrow(/another key/);
  });

  it('is found out wherever one byte is changed', async () => {
    const whole = readFileSync(await makeBundle('bytes.zip'));
    for (let at = 0; at < whole.length; at += Math.max(1, Math.floor(whole.length / 400))) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
      const result = await checked(changed).catch((error: unknown) => error);
      expect(result, `byte ${at}`).toBeInstanceOf(BundleError);
      expect((result as Error).message, `byte ${at}`).toMatch(/^(not a whole zip archive|archive|[\w./-]+): /);
    }
  });

  it('names the file whose content changed', async () => {
    const devices = [device([outage])];
    const path = join(dir, 'named.zip');
    const key = ensureEvidenceKey(join(dir, 'keys'));
    const writer = new BundleWriter(path, key);
    writer.station(station, devices, judgeStation(contract, period, station, devices));
    await writer.finish({ contract, period, scope: 'station 11', createdAt: new Date(BEGIN) });
    const bytes = readFileSync(path);
    // Inside the compressed beats: past the local header of the entry.
    const at = bytes.indexOf('devices/pos-5/beats.csv') + 200;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
    await expect(checked(bytes)).rejects.toThrow(/devices\/pos-5\/beats\.csv/);
  });

  it('tells where figures and records disagree', async () => {
    const devices = [device([outage])];
    const figures = judgeStation(contract, period, station, devices);
    const [first, ...rest] = figures;
    if (first === undefined) throw new Error('no day');
    const flattered = {
      ...first,
      network: { ...first.network, up: first.network.up + 1, down: first.network.down - 1 },
    };
    const path = join(dir, 'flattered.zip');
    const writer = new BundleWriter(path, ensureEvidenceKey(join(dir, 'keys')));
    writer.station(station, devices, [flattered, ...rest]);
    await writer.finish({ contract, period, scope: 'station 11', createdAt: new Date(BEGIN) });
    const [only] = await checked(path);
    expect(only?.differences).toEqual([
      { day: '2026-10-01', number: 'network.up', kept: first.network.up + 1, recomputed: first.network.up },
      { day: '2026-10-01', number: 'network.down', kept: first.network.down - 1, recomputed: first.network.down },
    ]);
  });
});

it('takes a day without figures for zeros', () => {
  const days = judgeStation(contract, period, station, [device()]);
  expect(compareDays(days.slice(1), days).map(({ number }) => number)).toEqual([
    'required',
    'network.up',
    'network.excluded',
    'equipment.up',
    'equipment.excluded',
  ]);
});
