import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capitalRmb, formatFen } from '../../src/index.ts';
import { exact, parseDecimal, percentOf, quantity, roundHalfUp, showExact } from '../../src/settlement/exact.ts';
import { fenNumber, shareOf } from '../../src/settlement/money.ts';

test.each([
  [0n, '人民币零元整'],
  [5n, '人民币伍分'],
  [10n, '人民币壹角'],
  [50n, '人民币伍角'],
  [15n, '人民币壹角伍分'],
  [1000n, '人民币壹拾元整'],
  [10_500n, '人民币壹佰零伍元整'],
  [11_000n, '人民币壹佰壹拾元整'],
  [101_000n, '人民币壹仟零壹拾元整'],
  [10_000_000n, '人民币壹拾万元整'],
  [16_800_000n, '人民币壹拾陆万捌仟元整'],
  [60_000_000n, '人民币陆拾万元整'],
  [100_000_001n, '人民币壹佰万元零壹分'],
  [1_000_100n, '人民币壹万零壹元整'],
  [10_000_500n, '人民币壹拾万零伍元整'],
  [3_010_500_000n, '人民币叁仟零壹拾万伍仟元整'],
  [10_000_000_000n, '人民币壹亿元整'],
  [100_000_000_000n, '人民币壹拾亿元整'],
  [10_000_000_100n, '人民币壹亿零壹元整'],
  [10_001_000_000n, '人民币壹亿零壹万元整'],
  [10_005_000_001n, '人民币壹亿零伍万元零壹分'],
  [100_000_000_000_000n, '人民币壹万亿元整'],
  [123_456_789_012_345n, '人民币壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分'],
  [-515_000n, '人民币负伍仟壹佰伍拾元整'],
])('%s fen in capital words', (fen, words) => {
  expect(capitalRmb(fen)).toBe(words);
});

test.each([
  ['1409.50', '人民币壹仟肆佰零玖元伍角'],
  ['6007.14', '人民币陆仟零柒元壹角肆分'],
  ['1680.32', '人民币壹仟陆佰捌拾元零叁角贰分'],
  ['107000.53', '人民币壹拾万柒仟元零伍角叁分'],
  ['16409.02', '人民币壹万陆仟肆佰零玖元零贰分'],
  ['325.04', '人民币叁佰贰拾伍元零肆分'],
])('the examples of the rules for payment instruments: %s', (yuan, words) => {
  expect(capitalRmb(BigInt(yuan.replace('.', '')))).toBe(words);
});

test('no words are given twice, and none hold a run of zeros or a loose unit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (fen) => {
      const words = capitalRmb(fen);
      expect(amountOf(words)).toBe(fen);
      expect(words).not.toMatch(/零零|零[万亿元角分](?!整$)|角整|分整/);
    }),
  );
});

/** Reads the words back, by place and not by the way in which they were made. */
function amountOf(words: string): bigint {
  const [, yuan = '', cents = ''] = /^人民币(?:(.*)元)?(.*)$/.exec(words) ?? [];
  const digit = (character: string): bigint => BigInt(Math.max(0, '零壹贰叁肆伍陆柒捌玖'.indexOf(character)));
  const group = (text: string): bigint =>
    [...text.matchAll(/([壹贰叁肆伍陆柒捌玖])([拾佰仟]?)/g)].reduce(
      (sum, [, value = '', unit = '']) => sum + digit(value) * 10n ** BigInt(' 拾佰仟'.indexOf(unit || ' ')),
      0n,
    );
  const myriads = (text: string): bigint => {
    const [, high = '', low = ''] = /^(?:(.*)万)?(.*)$/.exec(text) ?? [];
    return group(high) * 10_000n + group(low);
  };
  const [, high = '', low = ''] = /^(?:(.*)亿)?(.*)$/.exec(yuan) ?? [];
  const fen = [...cents.matchAll(/([壹贰叁肆伍陆柒捌玖])([角分])/g)].reduce(
    (sum, [, value = '', unit]) => sum + digit(value) * (unit === '角' ? 10n : 1n),
    0n,
  );
  return (myriads(high) * 10n ** 8n + myriads(low)) * 100n + fen;
}

test('amounts as people read them', () => {
  expect([0, 5, 100_000, 60_000_000, -14_000].map(formatFen)).toEqual([
    '0.00',
    '0.05',
    '1,000.00',
    '600,000.00',
    '-140.00',
  ]);
});

test('half a fen rounds away from zero, less than half does not', () => {
  expect([shareOf(1n, percentOf('50')), shareOf(1n, percentOf('49.999999')), shareOf(-1n, percentOf('50'))]).toEqual([
    1n,
    0n,
    -1n,
  ]);
  expect(roundHalfUp(exact(-3n, 2n))).toBe(-2n);
  expect(() => fenNumber(10n ** 15n + 1n)).toThrow(RangeError);
});

test('rounding is never off by more than half a fen', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
      fc.bigInt({ min: 1n, max: 10n ** 9n }),
      (num, den) => {
        const off = roundHalfUp({ num, den }) * den - num;
        expect(2n * (off < 0n ? -off : off) <= den).toBe(true);
      },
    ),
  );
});

test('numbers come in exactly or not at all', () => {
  expect(quantity('93.4')).toEqual({ num: 467n, den: 5n });
  expect(quantity({ num: 2, den: -4 })).toEqual({ num: -1n, den: 2n });
  expect(quantity('12345678901234567890')).toEqual({ num: 12345678901234567890n, den: 1n });
  for (const wrong of [0.1, Number.NaN, 2 ** 53, '1e3', '', '.5', { num: 1, den: 0 }]) {
    expect(() => quantity(wrong), String(wrong)).toThrow(RangeError);
  }
  expect([showExact(parseDecimal('-0.50')), showExact(exact(-2n, 3n)), showExact(exact(7n))]).toEqual([
    '-0.5',
    '-0.6666…',
    '7',
  ]);
});
