import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moveByKey, nearEnd, scrollToRow, visibleSlice } from '../../../src/ui/table/virtual.ts';

describe('virtual rows', () => {
  it('draw all rows that are in view and few more, wherever the list is scrolled to', () => {
    fc.assert(
      fc.property(
        fc.nat(2_000_000),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 16, max: 90 }),
        fc.nat(100_000),
        (top, view, row, count) => {
          const { from, to } = visibleSlice(top, view, row, count);
          const inView = (i: number) => (i + 1) * row > top && i * row < top + view;
          for (const i of [Math.floor(top / row), Math.floor((top + view - 1) / row)]) {
            if (i < count && inView(i)) expect(i >= from && i < to).toBe(true);
          }
          expect(to - from).toBeLessThanOrEqual(Math.ceil(view / row) + 26);
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(count);
        },
      ),
    );
  });

  it('ask for the next page before the end is reached', () => {
    expect(nearEnd({ from: 0, to: 60 }, 200)).toBe(false);
    expect(nearEnd({ from: 90, to: 150 }, 200)).toBe(true);
    expect(nearEnd({ from: 0, to: 0 }, 0)).toBe(false);
  });

  it('scroll no further than needed', () => {
    expect(scrollToRow(0, 500, 400, 20)).toBe(0);
    expect(scrollToRow(30, 500, 400, 20)).toBe(500);
    expect(scrollToRow(45, 500, 400, 20)).toBe(520);
  });

  it('move by keys and stay within the list', () => {
    expect(moveByKey('ArrowDown', -1, 3, 10)).toBe(0);
    expect(moveByKey('k', 0, 3, 10)).toBe(0);
    expect(moveByKey('PageDown', 1, 100, 10)).toBe(11);
    expect(moveByKey('End', 0, 100, 10)).toBe(99);
    expect(moveByKey('a', 0, 100, 10)).toBeUndefined();
    expect(moveByKey('End', -1, 0, 10)).toBe(0);
  });
});
