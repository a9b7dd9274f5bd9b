import { describe, expect, it } from 'vitest';
import {
  drawable,
  type Exclusion,
  type Layers,
  listed,
  pieces,
  type Segment,
} from '../../../src/stations/timeline/pieces.ts';

const segment = (fromMs: number, toMs: number, state: Segment['state'], cause = 'beat'): Segment => ({
  fromMs,
  toMs,
  state,
  cause,
});
const exclusion = (fromMs: number, toMs: number, more: Partial<Exclusion> = {}): Exclusion => ({
  id: 1,
  kind: 'site_closed',
  state: 'approved',
  dimension: 'both',
  fromMs,
  toMs,
  ...more,
});
const layers = (more: Partial<Layers>): Layers => ({
  fromMs: 0,
  toMs: 100,
  asOfMs: 100,
  segments: [segment(0, 40, 'up'), segment(40, 60, 'down', 'silent'), segment(60, 100, 'up')],
  exclusions: [],
  off: [],
  ...more,
});
const short = (all: ReturnType<typeof pieces>) => all.map((p) => [p.fromMs, p.toMs, p.shown]);

describe('pieces of a band', () => {
  it('are a partition of the window, whatever lies over it', () => {
    const all = pieces(
      layers({ exclusions: [exclusion(30, 50)], off: [{ fromMs: 90, toMs: 120 }], asOfMs: 80 }),
      'network',
    );
    expect(short(all)).toEqual([
      [0, 30, 'up'],
      [30, 50, 'excluded'],
      [50, 60, 'down'],
      [60, 80, 'up'],
      [80, 90, 'future'],
      [90, 100, 'off'],
    ]);
  });

  it('take nothing out for a proposal, nor for an exclusion of the other dimension', () => {
    const none = layers({
      exclusions: [exclusion(0, 100, { state: 'proposed' }), exclusion(0, 100, { dimension: 'equipment' })],
    });
    expect(short(pieces(none, 'network'))).toEqual([
      [0, 40, 'up'],
      [40, 60, 'down'],
      [60, 100, 'up'],
    ]);
    expect(short(pieces(none, 'equipment'))).toEqual([[0, 100, 'excluded']]);
  });

  it('tell the platform’s outages from silence', () => {
    const segments = [segment(0, 50, 'unknown', 'platform'), segment(50, 100, 'unknown', 'silent')];
    expect(short(pieces(layers({ segments }), 'equipment'))).toEqual([
      [0, 50, 'platform'],
      [50, 100, 'unknown'],
    ]);
  });
});

describe('what is drawn', () => {
  it('never hides a short interruption under the calm around it', () => {
    const segments = [
      segment(0, 10, 'up'),
      segment(10, 11, 'down', 'silent'),
      segment(11, 12, 'up'),
      segment(12, 100, 'up', 'x'),
    ];
    const drawn = drawable(pieces(layers({ segments }), 'network'), { fromMs: 0, toMs: 100 }, 10);
    expect(drawn.map((d) => [d.fromMs, d.toMs, d.piece.shown])).toEqual([
      [0, 10, 'up'],
      [10, 12, 'down'],
      [12, 100, 'up'],
    ]);
  });

  it('is at most twice as many pieces as there are columns', () => {
    const segments = Array.from({ length: 1000 }, (_, i) => segment(i / 10, (i + 1) / 10, i % 2 ? 'up' : 'down'));
    const drawn = drawable(pieces(layers({ segments }), 'network'), { fromMs: 0, toMs: 100 }, 20);
    expect(drawn.length).toBeLessThanOrEqual(40);
    expect(drawn.at(-1)?.toMs).toBe(100);
  });
});

describe('the list', () => {
  it('has the worst first, of those the longest', () => {
    const network = pieces(layers({}), 'network');
    const segments = [segment(0, 30, 'unknown', 'silent'), segment(30, 100, 'down', 'off')];
    const equipment = pieces(layers({ segments }), 'equipment');
    const rows = listed({ network, equipment }, { dimension: '', shown: '' });
    expect(rows.map((r) => [r.dimension, r.shown, r.toMs - r.fromMs])).toEqual([
      ['equipment', 'down', 70],
      ['network', 'down', 20],
      ['equipment', 'unknown', 30],
    ]);
    expect(listed({ network, equipment }, { dimension: 'network', shown: 'up' })).toHaveLength(2);
  });
});
