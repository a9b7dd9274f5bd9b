import { accessOf, type User } from './useUsers.ts';

export type UserAct = 'unlock' | 'enable' | 'password' | 'totp' | 'sessions' | 'disable';

/** What cuts somebody off and is asked for by their login. */
export const GRAVE: ReadonlySet<UserAct> = new Set(['disable', 'password', 'totp']);

/** What can be done to a person now. Nobody resets or disables themselves here: that is the account page's, or a colleague's. */
export function actsFor(user: User, self: boolean, nowMs: number): UserAct[] {
  if (self) return [];
  if (user.disabled_at) return ['enable'];
  const locked = accessOf(user, nowMs) === 'locked';
  return [
    ...(locked ? (['unlock'] as const) : []),
    'password',
    ...(user.totp_enabled ? (['totp'] as const) : []),
    'sessions',
    'disable',
  ];
}
