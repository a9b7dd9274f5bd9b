import { describe, expect, it } from 'vitest';
import { CHARTS } from '../../../src/devices/page/chartList.ts';
import { inventoryFacts } from '../../../src/devices/page/readings.ts';
import { resultWords } from '../../../src/devices/page/resultWords.ts';
import { joinSparse, toInput } from '../../../src/devices/page/seriesInput.ts';
import { presenceBands } from '../../../src/devices/page/usePresence.ts';
import { spanOf } from '../../../src/devices/page/useRange.ts';

const NOW = Date.parse('2026-11-21T15:00:00Z');
const HOUR = 3_600_000;

describe('span of the charts', () => {
  it('is what the URL says, in wall time of the contract zone', () => {
    expect(spanOf({ from: '2026-11-21T20:00', to: '2026-11-21T22:00' }, NOW)).toEqual({
      fromMs: NOW - 3 * HOUR,
      toMs: NOW - HOUR,
      name: null,
    });
    expect(spanOf({ range: '7d' }, NOW)).toEqual({ fromMs: NOW - 168 * HOUR, toMs: NOW, name: '7d' });
  });

  it('is the last day for anything else', () => {
    for (const query of [
      {},
      { range: 'toString' },
      { from: 'x', to: 'y' },
      { from: '2026-11-22T00:00', to: '2026-11-21T00:00' },
    ]) {
      expect(spanOf(query, NOW).name).toBe('24h');
    }
  });
});

describe('presence', () => {
  const iso = (hours: number) => new Date(NOW + hours * HOUR).toISOString();
  const online = [
    { from: iso(-8), to: iso(-6) },
    { from: iso(-2), to: iso(0) },
  ];

  it('covers the whole span without overlap', () => {
    const bands = presenceBands({ from: iso(-10), to: iso(0), online });
    expect(bands.map((b) => [b.state, (b.toMs - b.fromMs) / HOUR])).toEqual([
      ['offline', 2],
      ['online', 2],
      ['offline', 4],
      ['online', 2],
    ]);
  });

  it('does not call a device offline before it was enrolled or heard', () => {
    const bands = presenceBands({ from: iso(-10), to: iso(0), online }, NOW - 7 * HOUR);
    expect(bands.map((b) => [b.state, (b.toMs - b.fromMs) / HOUR])).toEqual([
      ['unknown', 2],
      ['online', 2],
      ['offline', 4],
      ['online', 2],
    ]);
    expect(presenceBands({ from: iso(-10), to: iso(-9), online: [] }, NOW)).toHaveLength(1);
  });
});

describe('series', () => {
  const span = { fromMs: NOW - HOUR, toMs: NOW };
  const series = {
    metric: 'loss',
    unit: 'ratio',
    source: 'raw',
    bucket_ms: 60_000,
    from: '',
    to: '',
    threshold: { value: 0.001, side: 'max', source: 'R-HN-7' },
    points: [
      { at: new Date(NOW).toISOString(), value: 0.02, peak: null },
      { at: new Date(NOW).toISOString(), value: null, peak: null },
    ],
  } as const;

  it('draws shares in percent against the limit of the contract, gaps as gaps', () => {
    const spec = CHARTS.find((c) => c.key === 'loss');
    const input = toInput(
      spec ?? { key: '', metrics: [] },
      [{ ...series, points: [...series.points] }],
      span,
      (m) => m,
      (v) => `max ${v}`,
    );
    expect(input).toMatchObject({ unit: '%', threshold: { value: 0.1, label: 'max 0.1 %' } });
    expect(input.series[0]?.points).toEqual([
      [NOW, 2],
      [NOW, null],
    ]);
  });
});

describe('values more seldom than they are drawn', () => {
  const drawn = (text: string) => [...text].map((c, i): [number, number | null] => [i, c === '.' ? null : Number(c)]);
  const joined = (text: string) =>
    joinSparse(drawn(text))
      .map(([, value]) => value ?? '.')
      .join('');
  it('are joined, but not over a time in which some are missing', () => {
    expect(joined('..1...2...3...4')).toBe('..1234');
    expect(joined('1...2...3.............4...5..')).toBe('123.............45..');
  });
  it('leave gaps of others alone', () => {
    expect(joined('123.45..67')).toBe('123.45..67');
    expect(joined('....')).toBe('....');
    expect(joined('..1..')).toBe('..1..');
  });
});

describe('words of results', () => {
  const words = {
    resultCode: (c: string) => `<${c}>`,
    fault: (f: { component: string; reason: string | null }) => `${f.component} ${f.reason}`,
  };
  const t = (key: string, named: Record<string, unknown>) =>
    `${key.split('.').at(-1)} ${named.n} ${named.list ?? ''}`.trim();

  it('tell what a self-check found', () => {
    expect(
      resultWords({ d: { c: { printer: 'fault:paper_out', cpu: 'ok', door: 'absent' }, m: { cpu_pct: 3 } } }, words, t),
    ).toBe('someOk 1 printer paper_out');
    expect(resultWords({ c: { cpu: 'ok', memory: 'ok' } }, words, t)).toBe('allOk 2');
  });

  it('tell why a command failed', () => {
    expect(resultWords({ code: 'not_configured', d: { unit: 'pos' } }, words, t)).toBe('<not_configured> · unit pos');
    expect(resultWords(null, words, t)).toBe('');
  });
});

describe('inventory', () => {
  it('shows plain values, not what the page says elsewhere', () => {
    const facts = inventoryFacts({ serial: 'x', cpu: 'ARM', cores: 4, interfaces: ['eth0'] }, (k) => k.toUpperCase());
    expect(facts.map((f) => `${f.term}=${f.text}`)).toEqual(['CPU=ARM', 'CORES=4']);
    expect(inventoryFacts(null, (k) => k)).toEqual([]);
  });
});
