import { describe, expect, it } from 'vitest';
import { depthFirst, kindBelow, matching, unfolded } from '../../src/regions/tree.ts';

const REGIONS = [
  { id: 1, parent_id: null, path: [1], name: '海南省', code: '46' },
  { id: 2, parent_id: 1, path: [1, 2], name: '文昌市', code: '4690' },
  { id: 3, parent_id: 1, path: [1, 3], name: '琼海市', code: '4691' },
  { id: 4, parent_id: 2, path: [1, 2, 4], name: '文城镇', code: '469001' },
  { id: 5, parent_id: 3, path: [1, 3, 5], name: '博鳌镇', code: '469102' },
];
const ids = (list: readonly { id: number }[]) => list.map((r) => r.id);

describe('depthFirst', () => {
  it('puts children next to their parent', () => {
    expect(ids(depthFirst(REGIONS))).toEqual([1, 2, 4, 3, 5]);
  });
  it('keeps what has no visible parent', () => {
    expect(ids(depthFirst(REGIONS.filter((r) => r.id !== 1)))).toEqual([2, 4, 3, 5]);
  });
});

it('hides what lies under a folded region', () => {
  expect(ids(unfolded(depthFirst(REGIONS), new Set([2])))).toEqual([1, 2, 3, 5]);
});

describe('matching', () => {
  it('keeps the way to a hit', () => {
    expect(ids(matching(depthFirst(REGIONS), '博鳌'))).toEqual([1, 3, 5]);
    expect(ids(matching(depthFirst(REGIONS), '4690'))).toEqual([1, 2, 4]);
    expect(ids(matching(REGIONS, ' '))).toEqual([1, 2, 3, 4, 5]);
  });
});

it('knows the level below', () => {
  expect([kindBelow(undefined), kindBelow('province'), kindBelow('county'), kindBelow('township')]).toEqual([
    'province',
    'county',
    'township',
    null,
  ]);
});
