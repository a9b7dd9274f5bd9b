import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeqRanges } from '../../src/storage/ranges.ts';

test('behaves like a set of numbers', () => {
  const step = fc.tuple(fc.boolean(), fc.nat(60), fc.nat(12));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(70), (steps, probe) => {
      const ranges = new SeqRanges();
      const set = new Set<number>();
      for (const [adding, from, length] of steps) {
        if (adding) ranges.add(from, from + length);
        else ranges.remove(from, from + length);
        for (let n = from; n < from + length; n++) adding ? set.add(n) : set.delete(n);
      }
      expect(ranges.size).toBe(set.size);
      expect(ranges.has(probe)).toBe(set.has(probe));
      const first = [...set].filter((n) => n >= probe).sort((a, b) => a - b)[0];
      const next = ranges.next(probe);
      expect(next?.[0]).toBe(first);
      if (next) for (let n = next[0]; n <= next[1]; n++) expect(set.has(n)).toBe(n < next[1]);
      expect(ranges.countWithin(10, 40)).toBe([...set].filter((n) => n >= 10 && n < 40).length);
    }),
  );
});
