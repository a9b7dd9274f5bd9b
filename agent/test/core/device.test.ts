import { expect, test } from 'vitest';
import { ALL_WELL, bench } from '../support/virtual.ts';

const MINUTE = 60_000;

test('a quiet hour is one publish a minute, and the figures ride along', async () => {
  const { clock, platform, hardware, boot, faults } = bench();
  hardware.reading = { counters: { src: 'iface', rxBytes: 1000, txBytes: 500, packets: 9, packetErrors: 0 } };
  const device = boot();
  await device.start();
  await clock.advance(MINUTE);
  expect(platform.records.map(({ k }) => k)).toEqual(expect.arrayContaining(['event', 'beat', 'health']));
  const before = platform.batches.length;
  hardware.reading = { counters: { src: 'iface', rxBytes: 4000, txBytes: 1500, packets: 90, packetErrors: 1 } };
  await clock.advance(60 * MINUTE);
  const batches = platform.batches.slice(before);
  expect(batches).toHaveLength(60);
  expect(batches.every(({ records }) => records[0]?.rec.k === 'beat')).toBe(true);
  const rest = batches.flatMap(({ records }) => records.slice(1).map(({ rec }) => rec));
  expect(rest.filter(({ k }) => k === 'net')).toHaveLength(4);
  expect(rest.filter(({ k }) => k === 'health')).toHaveLength(4);
  expect(rest.find(({ k }) => k === 'sim')).toMatchObject({ rx_bytes: 3000, tx_bytes: 1000, src: 'iface' });
  expect(rest.find(({ k }) => k === 'net')).toMatchObject({ pkt: 81, pkt_err: 1 });
  expect(rest.filter(({ k }) => k === 'net').at(-1)).toMatchObject({ rtt_ms: 35, jitter_ms: 0, sent: 1, lost: 0 });
  expect(platform.connects).toBe(1);
  expect(faults).toEqual([]);
});

test('sequence numbers and times are without a gap', async () => {
  const { clock, platform, boot } = bench();
  await boot().start();
  await clock.advance(20 * MINUTE);
  const seqs = platform.records.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, i) => 1 + i));
  for (const batch of platform.batches) {
    expect(batch.cur).toBe(batch.boot);
    expect(batch.sentMs - batch.monoMs).toBe(clock.wallOffsetMs);
  }
});

test('a component that changes is told right after the probing that sees it, and only it', async () => {
  const { clock, platform, hardware, boot } = bench();
  await boot().start();
  await clock.advance(5 * MINUTE);
  const before = platform.batches.length;
  hardware.picture = { ...ALL_WELL, c: { ...ALL_WELL.c, printer: { s: 'fault', r: 'paper_out' } } };
  await clock.advance(31_000);
  const news = platform.batches.slice(before).flatMap(({ records }) => records.map(({ rec }) => rec));
  expect(news.filter(({ k }) => k === 'health')).toEqual([
    { k: 'health', d_mono: 0, c: { printer: { s: 'fault', r: 'paper_out' } } },
  ]);
});

test('what waited for hours follows compressed and paced, the newest first', async () => {
  const { clock, platform, spool, boot } = bench();
  await boot().start();
  await clock.advance(2 * MINUTE + 1_000);
  platform.reachable = false;
  platform.cut();
  await clock.advance(20 * 60 * MINUTE);
  expect(spool.stats().waiting).toBeGreaterThan(1200);
  const before = platform.batches.length;
  platform.reachable = true;
  await clock.advance(4 * MINUTE + 5_000);
  expect(spool.stats().waiting).toBe(0);
  const backlog = platform.batches.slice(before);
  expect(Math.max(...platform.sizes.slice(before))).toBeLessThan(1500);
  expect(backlog.length).toBeLessThan(15);
  const seqs = platform.records.map(({ seq }) => seq);
  const missing = Array.from({ length: Math.max(...seqs) }, (_, i) => 1 + i).filter((seq) => !seqs.includes(seq));
  expect(missing).toEqual([]);
  expect(platform.batches.flatMap(({ rejects }) => rejects)).toEqual([]);
  expect(new Set(seqs).size).toBe(seqs.length);
  expect(Math.max(...seqs)).toBe(seqs.length);
});

test('nothing leaves the spool without its PUBACK, and it is sent again with the same numbers', async () => {
  const { clock, platform, spool, boot } = bench();
  await boot().start();
  await clock.advance(2 * MINUTE);
  const acknowledged = platform.records.length;
  platform.committing = false;
  await clock.advance(10 * MINUTE);
  expect(platform.records).toHaveLength(acknowledged);
  expect(spool.stats().waiting).toBeGreaterThanOrEqual(10);
  expect(platform.connects).toBeGreaterThan(2);
  platform.committing = true;
  await clock.advance(5 * MINUTE + 5_000);
  const seqs = platform.records.map(({ seq }) => seq).sort((a, b) => a - b);
  expect(seqs).toEqual(seqs.map((_, i) => 1 + i));
  expect(spool.stats().waiting).toBe(0);
});

test('samples of an earlier boot go with their own clocks and name the boot that sends', async () => {
  const { clock, platform, boot } = bench();
  platform.reachable = false;
  const first = boot({ bootId: 'boot-a' });
  await first.start();
  await clock.advance(4 * MINUTE + 20_000);
  first.kill();
  platform.reachable = true;
  await boot({ bootId: 'boot-b' }).start();
  await clock.advance(3 * MINUTE);
  const [old] = platform.batches.filter(({ boot: b, cur }) => b !== cur);
  expect(old).toMatchObject({ cur: (old?.boot ?? 0) + 1, sentMs: 4 * MINUTE + clock.wallOffsetMs, monoMs: 4 * MINUTE });
  expect(old?.records.filter(({ rec }) => rec.k === 'beat').map(({ rec }) => rec.d_mono)).toEqual(
    [4, 3, 2, 1, 0].map((minutes) => minutes * MINUTE),
  );
});

test('birth, will and goodbye carry the number of the session, which only grows', async () => {
  const { clock, platform, boot } = bench();
  const device = boot();
  await device.start();
  await clock.advance(MINUTE);
  platform.cut();
  await clock.advance(MINUTE);
  const stopped = device.stop();
  await clock.advance(10_000);
  await stopped;
  const [birth, will, again, goodbye] = platform.statuses;
  expect(birth).toMatchObject({ s: 'on', beat_ms: 60_000, cfg_rev: 0, agent: '0.1.0' });
  expect(will).toEqual({ v: 1, s: 'off', session: birth?.session, clean: false });
  expect(again).toMatchObject({ s: 'on', session: (birth?.session ?? 0) + 1 });
  expect(goodbye).toEqual({ v: 1, s: 'off', session: again?.session, clean: true });
  expect(platform.records.at(-1)).toMatchObject({ k: 'event', code: 'agent_stop' });
});

test('a configuration is applied once, kept over a restart, and a bad one is refused with its path', async () => {
  const { clock, platform, boot } = bench();
  const device = boot();
  await device.start();
  await clock.advance(MINUTE);
  await platform.send('cfg', { v: 1, rev: 3, beat_ms: 10_000 });
  await clock.advance(MINUTE);
  expect(device.stats()).toMatchObject({ cfgRev: 3, intervals: { beatMs: 10_000 } });
  expect(platform.statuses.at(-1)).toMatchObject({ s: 'on', beat_ms: 10_000, cfg_rev: 3 });
  await platform.send('cfg', { v: 1, rev: 2, beat_ms: 20_000 });
  await platform.send('cfg', { v: 1, rev: 4, beat_ms: 1 });
  await clock.advance(MINUTE);
  const events = platform.records.filter(({ k }) => k === 'event');
  expect(events).toContainEqual(expect.objectContaining({ code: 'config_applied', d: { rev: 3 } }));
  expect(events).toContainEqual(
    expect.objectContaining({ code: 'config_rejected', d: { rev: 4, reason: '/beat_ms: must be 5000..3600000 ms' } }),
  );
  device.kill();
  const next = boot();
  await next.start();
  expect(next.stats()).toMatchObject({ cfgRev: 3, intervals: { beatMs: 10_000 } });
});

test('a step of the wall clock is told, and the drift of a slow one is not', async () => {
  const { clock, platform, boot } = bench();
  await boot().start();
  await clock.advance(3 * MINUTE);
  clock.wallOffsetMs -= 86_400_000;
  await clock.advance(2 * MINUTE);
  const jumps = platform.records.filter((record) => 'code' in record && record.code === 'clock_jump');
  expect(jumps).toEqual([expect.objectContaining({ d: { by_ms: -86_400_000 } })]);
});

test('another SIM card is told', async () => {
  const { clock, platform, hardware, boot } = bench();
  const counters = { src: 'modem' as const, rxBytes: 0, txBytes: 0 };
  hardware.reading = { counters, sim: { iccid: '89860000000000000001' } };
  await boot({ config: { intervals: { netMs: MINUTE } } }).start();
  await clock.advance(5 * MINUTE);
  hardware.reading = { counters, sim: { iccid: '89860000000000000002' } };
  await clock.advance(5 * MINUTE);
  const changes = platform.records.filter((record) => 'code' in record && record.code === 'sim_changed');
  expect(changes).toHaveLength(1);
});
