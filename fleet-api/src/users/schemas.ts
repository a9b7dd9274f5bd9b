import { type Static, Type } from 'typebox';
import { LANGUAGES, Login, RegionIds, RoleSchema } from '../auth/schemas.ts';
import { pageQuery } from '../http/paging.ts';
import { Body, Id, Instant, NullableInstant, NullableString, oneOf, Query, text } from '../http/schemas.ts';

const Phone = Type.Unsafe<string | null>({ type: ['string', 'null'], pattern: '^\\+?[0-9 -]{3,20}$' });
const RegionScope = Type.Unsafe<number[] | null>({
  type: ['array', 'null'],
  items: { type: 'integer', minimum: 1 },
  minItems: 1,
  maxItems: 200,
  uniqueItems: true,
  description: 'Regions whose subtrees the person may see; null: everything',
});

export const User = Type.Object({
  id: Id,
  login: Type.String(),
  name: Type.String(),
  role: RoleSchema,
  phone: NullableString,
  lang: oneOf(LANGUAGES),
  org: Type.Object({ id: Id, name: Type.String() }),
  region_ids: RegionIds,
  must_change_password: Type.Boolean(),
  totp_enabled: Type.Boolean(),
  locked_until: NullableInstant,
  disabled_at: NullableInstant,
  created_at: Instant,
  last_seen_at: NullableInstant,
  version: Type.Integer(),
});
export type User = Static<typeof User>;

export const UserQuery = Query({
  ...pageQuery,
  q: Type.Optional(Type.String({ maxLength: 80, description: 'Part of login, name or phone' })),
  org_id: Type.Optional(Id),
  role: Type.Optional(RoleSchema),
  state: Type.Optional(oneOf(['active', 'disabled', 'locked'])),
});
export type UserQuery = Static<typeof UserQuery>;

export const NewUser = Body({
  login: Login,
  name: text(80),
  role: RoleSchema,
  org_id: Type.Optional(Id),
  phone: Type.Optional(Phone),
  lang: Type.Optional(oneOf(LANGUAGES)),
  region_ids: Type.Optional(RegionScope),
});
export type NewUser = Static<typeof NewUser>;

export const UserChange = Body({
  name: Type.Optional(text(80)),
  role: Type.Optional(RoleSchema),
  org_id: Type.Optional(Id),
  phone: Type.Optional(Phone),
  lang: Type.Optional(oneOf(LANGUAGES)),
  region_ids: Type.Optional(RegionScope),
  disabled: Type.Optional(Type.Boolean()),
});
export type UserChange = Static<typeof UserChange>;

export const OneTimePassword = Type.String({ description: 'Shown only now; must be changed at the first sign-in' });
export const CreatedUser = Type.Object({ user: User, one_time_password: OneTimePassword });
export const PasswordReset = Type.Object({ one_time_password: OneTimePassword });
