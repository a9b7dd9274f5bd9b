import { expect, it } from 'vitest';
import { browserWords } from '../../src/account/userAgent.ts';

it('names browser and system', () => {
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0';
  expect(browserWords(edge)).toBe('Edge · Windows');
  expect(browserWords('Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36 MicroMessenger/8.0')).toBe(
    'WeChat · Android',
  );
  expect(browserWords('curl/8.5.0')).toBe('curl');
  expect(browserWords(null)).toBeNull();
});
