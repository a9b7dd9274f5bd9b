import { type Static, Type } from 'typebox';
import { pageQuery } from '../http/paging.ts';
import {
  Body,
  Code,
  Id,
  Instant,
  InstantInput,
  NullableInstant,
  NullableInteger,
  NullableString,
  nullable,
  oneOf,
  Query,
  text,
} from '../http/schemas.ts';

export const TOKEN_STATES = ['active', 'used_up', 'expired', 'revoked'] as const;
/** Longest life of a token, days. */
export const TOKEN_MAX_DAYS = 366;

export const EnrolmentToken = Type.Object({
  id: Id,
  label: Type.String(),
  state: oneOf(TOKEN_STATES),
  uses: Type.Integer(),
  uses_max: Type.Integer(),
  expires_at: Instant,
  revoked_at: NullableInstant,
  model: nullable(Type.Object({ id: Id, code: Type.String(), name: Type.String() })),
  region: nullable(Type.Object({ id: Id, name: Type.String() })),
  created_by: NullableString,
  created_at: Instant,
});
export type EnrolmentToken = Static<typeof EnrolmentToken>;

export const TokenQuery = Query({ ...pageQuery, state: Type.Optional(oneOf(TOKEN_STATES)) });
export type TokenQuery = Static<typeof TokenQuery>;

export const NewToken = Body({
  label: text(80),
  uses_max: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
  expires_at: InstantInput,
  model_id: Type.Optional(Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 1 })),
  region_id: Type.Optional(
    Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      minimum: 1,
      description: 'Where new devices belong; devices elsewhere are refused',
    }),
  ),
});
export type NewToken = Static<typeof NewToken>;

export const CreatedToken = Type.Object({
  enrolment_token: EnrolmentToken,
  token: Type.String({ description: 'Shown only now' }),
});

/** Unknown fields are let pass: an older platform enrols a newer agent. */
export const EnrolBody = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 128 }),
  serial: Code,
  model: Type.Optional(Type.String({ maxLength: 64, description: 'Code of the device model; ignored if not known' })),
  inventory: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 64 })),
});
export type EnrolBody = Static<typeof EnrolBody>;

export const Enrolled = Type.Object({
  device_id: Type.String({ description: 'MQTT user name and client id' }),
  secret: Type.String({ description: 'MQTT password; shown only now' }),
  mqtt: Type.Object({
    host: Type.String(),
    port: NullableInteger,
    tls_port: NullableInteger,
    ws_port: NullableInteger,
  }),
  ca_pem: NullableString,
  server_ms: Type.Integer({ description: 'Server clock, Unix ms' }),
  next: Type.Object(
    { seq: Type.Integer(), boot: Type.Integer(), session: Type.Integer() },
    { description: 'Lowest numbers that the device has not used: for one that lost its disk' },
  ),
});
export type Enrolled = Static<typeof Enrolled>;

export const RotatedSecret = Type.Object({
  device_id: Type.String(),
  secret: Type.String({ description: 'Shown only now' }),
});
export const DeviceParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
