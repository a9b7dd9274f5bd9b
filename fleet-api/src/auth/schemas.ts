import { type Static, Type } from 'typebox';
import { QrCode } from '../http/qr.ts';
import { Body, Id, Instant, NullableInstant, NullableString, oneOf, text } from '../http/schemas.ts';
import { type Action, PERMISSIONS, ROLES } from './permissions.ts';

export const ORG_KINDS = ['platform', 'agency', 'contractor', 'vendor'] as const;
export const LANGUAGES = ['zh-CN', 'en'] as const;

export const Login = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$',
  description: 'Case does not matter',
});
/** Length is checked against the rules when a password is set; here only bounded. */
export const Password = Type.String({ minLength: 1, maxLength: 200 });
export const TotpCode = Type.String({ pattern: '^[0-9]{6}$', description: 'Code of the second factor' });
export const RoleSchema = oneOf(ROLES);
export const RegionIds = Type.Unsafe<number[] | null>({
  type: ['array', 'null'],
  items: { type: 'integer' },
  description: 'Regions whose subtrees the person may see; null: everything',
});

export const SessionAnswer = Type.Object({
  user: Type.Object({
    id: Id,
    login: Type.String(),
    name: Type.String(),
    role: RoleSchema,
    lang: oneOf(LANGUAGES),
    phone: NullableString,
    org: Type.Object({ id: Id, name: Type.String(), kind: oneOf(ORG_KINDS) }),
    region_ids: RegionIds,
    totp_enabled: Type.Boolean(),
    must_change_password: Type.Boolean(),
  }),
  setup_needed: Type.Boolean({ description: 'The first run is to be finished by POST /setup' }),
  actions: Type.Array(oneOf(Object.keys(PERMISSIONS) as Action[]), { description: 'What the role allows' }),
  expires_at: NullableInstant,
});
export type SessionAnswer = Static<typeof SessionAnswer>;

export const SignInBody = Body({ login: Login, password: Password, totp: Type.Optional(TotpCode) });
export const PasswordBody = Body({ current_password: Password, new_password: Password });
export const ProfileBody = Body({
  name: Type.Optional(text(80)),
  lang: Type.Optional(oneOf(LANGUAGES)),
  phone: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], pattern: '^\\+?[0-9 -]{3,20}$' })),
});

export const TotpSecret = Type.Object({ secret: Type.String(), otpauth_uri: Type.String(), qr: QrCode });

export const SessionRow = Type.Object({
  id: Id,
  created_at: Instant,
  last_seen_at: Instant,
  expires_at: Instant,
  ip: NullableString,
  user_agent: NullableString,
  current: Type.Boolean(),
});

export const ApiKeyRow = Type.Object({
  id: Id,
  label: Type.String(),
  user_id: Id,
  user_login: Type.String(),
  created_at: Instant,
  expires_at: NullableInstant,
  revoked_at: NullableInstant,
  last_used_at: NullableInstant,
});
export const ApiKeyBody = Body({
  label: text(80),
  expires_at: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' })),
});
export const NewApiKey = Type.Object({ id: Id, key: Type.String({ description: 'Shown only now' }) });
