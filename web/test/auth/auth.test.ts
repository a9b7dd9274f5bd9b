import { describe, expect, it } from 'vitest';
import { safeNext } from '../../src/auth/next.ts';
import { passwordFaults } from '../../src/auth/passwordRules.ts';

describe('sign-in', () => {
  it('goes on to pages of this console only', () => {
    expect(safeNext('/devices?state=offline')).toBe('/devices?state=offline');
    for (const evil of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      ['/a'],
      undefined,
      '',
    ]) {
      expect(safeNext(evil)).toBe('/');
    }
  });

  it('says what a new password still lacks', () => {
    expect(passwordFaults('', '', 'admin')).toEqual(['length']);
    expect(passwordFaults('my-Admin-word', 'x', 'admin')).toEqual(['login', 'repeat']);
    expect(passwordFaults('correct horse battery', 'correct horse battery', 'admin')).toEqual([]);
  });
});
