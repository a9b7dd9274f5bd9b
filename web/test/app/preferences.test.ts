import { describe, expect, it } from 'vitest';
import { initialLocale } from '../../src/app/preferences.ts';

describe('first language', () => {
  it('is Chinese unless the browser asks for English first', () => {
    expect(initialLocale(['zh-HK', 'en'])).toBe('zh-CN');
    expect(initialLocale(['en-GB', 'zh-CN'])).toBe('en');
    expect(initialLocale(['de', 'en'])).toBe('en');
    expect(initialLocale(['de'])).toBe('zh-CN');
    expect(initialLocale([])).toBe('zh-CN');
  });
});
