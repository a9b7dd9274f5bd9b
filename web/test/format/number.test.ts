import { describe, expect, it } from 'vitest';
import { bytes, count, percent } from '../../src/format/number.ts';

describe('numbers', () => {
  it('never rounds a share up over a threshold', () => {
    expect(percent(949_996, 1_000_000, 2)).toBe('94.99%');
    expect(percent(2753, 2754)).toBe('99.9%');
    expect(percent(1, 1)).toBe('100.0%');
    expect(percent(0, 0)).toBe('–');
  });

  it('groups thousands and shortens sizes', () => {
    expect(count(2754)).toBe('2,754');
    expect(bytes(0)).toBe('0 B');
    expect(bytes(999)).toBe('999 B');
    expect(bytes(38_210_000)).toBe('38.2 MB');
    expect(bytes(999_999)).toBe('1 MB');
    expect(bytes(524_288_000)).toBe('524 MB');
  });
});
