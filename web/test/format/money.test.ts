import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amount, exactText, fenOf, shareText, signedYuan, yuan } from '../../src/format/money.ts';

describe('money', () => {
  it('is shown to the fen, with groups and a true minus', () => {
    expect([0, 5, 100, 60_000_000, -14_000].map(yuan)).toEqual(['¥0.00', '¥0.05', '¥1.00', '¥600,000.00', '−¥140.00']);
    expect([1200, -1200, 0].map(signedYuan)).toEqual(['+¥12.00', '−¥12.00', '¥0.00']);
  });

  it('is read as people type it, and nothing is guessed', () => {
    expect(['1,000,000', '12.5', ' ¥7,000.00 ', '１'].map(fenOf)).toEqual([100_000_000, 1250, 700_000, null]);
    expect(['', '-1', '1.234', '1e3', '99999999999999999'].map(fenOf)).toEqual([null, null, null, null, null]);
  });

  it('comes back as it was typed', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e15 }), (fen) => fenOf(amount(fen)) === fen));
  });
});

describe('fractions', () => {
  it('are cut, never rounded up over a threshold', () => {
    expect(shareText({ num: '949999', den: '1000000' })).toBe('94.9999%');
    expect(shareText({ num: '2', den: '3' })).toBe('66.6666…%');
    expect(shareText({ num: '-3', den: '100' })).toBe('−3%');
    expect(exactText({ num: 904, den: 10 })).toBe('90.4');
    expect(exactText({ num: 0, den: 0 })).toBe('–');
  });
});
