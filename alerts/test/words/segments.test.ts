import { describe, expect, test } from 'vitest';
import { cut, smsSize } from '../../src/words/segments.ts';

describe('smsSize', () => {
  test.each([
    [0, 1],
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
  ])('%i Chinese characters are %i segments', (units, segments) => {
    expect(smsSize('缺'.repeat(units))).toEqual(
      units === 0 ? { encoding: 'gsm7', units: 0, segments: 1 } : { encoding: 'ucs2', units, segments },
    );
  });

  test.each([
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
  ])('%i Latin letters are %i segments', (units, segments) => {
    expect(smsSize('a'.repeat(units))).toEqual({ encoding: 'gsm7', units, segments });
  });

  test('a character of the extension table takes two septets', () => {
    expect(smsSize('€[]').units).toBe(6);
  });

  test('one character outside of GSM 7-bit makes the whole text UCS-2; a pair counts two units', () => {
    expect(smsSize('abc…')).toEqual({ encoding: 'ucs2', units: 4, segments: 1 });
    expect(smsSize('𠮷').units).toBe(2);
  });
});

describe('cut', () => {
  test('leaves what fits and marks what is cut', () => {
    expect(cut('老城镇中心卫生院', 8)).toBe('老城镇中心卫生院');
    expect(cut('老城镇中心卫生院', 5)).toBe('老城镇中…');
  });

  test('never splits a surrogate pair', () => {
    expect(cut('𠮷𠮷𠮷𠮷', 6)).toBe('𠮷𠮷…');
  });
});
