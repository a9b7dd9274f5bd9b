import { describe, expect, it } from 'vitest';
import { type County, changedCounties } from '../../src/overview/useOverview.ts';

const county = (id: number, offline = 0): County => ({
  id,
  name: `c${id}`,
  stations: 9,
  vacant: 0,
  online: 9 - offline,
  offline,
  faulty: 0,
  never: 0,
  spares: 1,
});

describe('overview', () => {
  it('marks counties whose figures changed, not those that are new', () => {
    expect(changedCounties([county(1), county(2)], [county(1), county(2, 3), county(3)])).toEqual(['2']);
    expect(changedCounties([], [county(1)])).toEqual([]);
  });
});
