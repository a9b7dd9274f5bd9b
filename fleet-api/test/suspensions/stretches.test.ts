import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stretch } from '../../src/suspensions/sql.ts';
import { changedStretches } from '../../src/suspensions/stretches.ts';

const END = 12;
const stretch = fc
  .record({ from: fc.nat({ max: 9 }), length: fc.option(fc.integer({ min: 1, max: 9 })) })
  .map(({ from, length }): Stretch => ({ from: new Date(from), to: length === null ? null : new Date(from + length) }));
const holds = ({ from, to }: Stretch, instant: number): boolean =>
  from.getTime() <= instant && (to === null || instant < to.getTime());

describe('the time that changes sides', () => {
  it('is what lies in one of two stretches only', () => {
    fc.assert(
      fc.property(stretch, stretch, (a, b) => {
        const changed = changedStretches(a, b);
        for (let instant = 0; instant < 2 * END; instant++) {
          const isChanged = holds(a, instant) !== holds(b, instant);
          expect(changed.some((part) => holds(part, instant))).toBe(isChanged);
        }
      }),
    );
  });
});
