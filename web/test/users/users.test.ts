import { describe, expect, it } from 'vitest';
import { actsFor } from '../../src/users/userActs.ts';
import { LOGIN, userBody } from '../../src/users/userForm.ts';
import { accessOf, type User } from '../../src/users/useUsers.ts';

const NOW = Date.parse('2026-11-22T00:00:00Z');
const user: User = {
  id: 7,
  login: 'li.na',
  name: '李娜',
  role: 'engineer',
  phone: null,
  lang: 'zh-CN',
  org: { id: 1, name: '示例' },
  region_ids: null,
  must_change_password: false,
  totp_enabled: false,
  locked_until: null,
  disabled_at: null,
  created_at: '2026-01-01T00:00:00Z',
  last_seen_at: null,
  version: 1,
};

describe('accessOf', () => {
  it('tells the gravest state', () => {
    const locked = { ...user, locked_until: '2026-11-22T00:10:00Z', must_change_password: true };
    expect(accessOf(user, NOW)).toBe('active');
    expect(accessOf({ ...user, must_change_password: true }, NOW)).toBe('invited');
    expect(accessOf(locked, NOW)).toBe('locked');
    expect(accessOf(locked, NOW + 3_600_000)).toBe('invited');
    expect(accessOf({ ...locked, disabled_at: '2026-11-01T00:00:00Z' }, NOW)).toBe('disabled');
  });
});

describe('actsFor', () => {
  it('offers what makes sense now', () => {
    expect(actsFor(user, false, NOW)).toEqual(['password', 'sessions', 'disable']);
    expect(actsFor({ ...user, totp_enabled: true, locked_until: '2026-11-22T00:10:00Z' }, false, NOW)).toEqual([
      'unlock',
      'password',
      'totp',
      'sessions',
      'disable',
    ]);
    expect(actsFor({ ...user, disabled_at: '2026-11-01T00:00:00Z' }, false, NOW)).toEqual(['enable']);
  });
  it('offers nothing to oneself', () => {
    expect(actsFor(user, true, NOW)).toEqual([]);
  });
});

it('makes a request of a form', () => {
  const form = { name: ' 李娜 ', role: 'engineer', orgId: 3, phone: ' ', regionIds: [4] } as const;
  expect(userBody({ ...form, regionIds: [4] }, false)).toEqual({
    name: '李娜',
    role: 'engineer',
    phone: null,
    region_ids: [4],
  });
  expect(userBody({ ...form, regionIds: [4] }, true)).toMatchObject({ org_id: 3 });
  expect(LOGIN.test('li.na')).toBe(true);
  expect(LOGIN.test('.li')).toBe(false);
});
