import { expect, it } from 'vitest';
import { readable } from '../../src/quarantine/useQuarantine.ts';

it('lays bytes out and leaves text', () => {
  expect(readable('00ff10')).toBe('0000  00 ff 10');
  expect(readable('ab'.repeat(17)).split('\n')[1]).toBe('0010  ab');
  expect(readable('{"v":1}')).toBe('{"v":1}');
});
