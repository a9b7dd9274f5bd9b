import { COMMAND_OPS, COMMAND_OUTCOMES } from '@uptally/protocol';
import { type Static, Type } from 'typebox';
import { pageQuery } from '../http/paging.ts';
import { Body, Id, Instant, Json, NullableInstant, NullableString, nullable, oneOf, Query } from '../http/schemas.ts';
import { DeviceFilter } from '../registry/devices/schemas.ts';

export const COMMAND_STATES = [
  'queued',
  'delivered',
  'accepted',
  'running',
  'succeeded',
  'failed',
  'expired',
  'cancelled',
] as const;

export const NewCommand = Body({
  op: oneOf(COMMAND_OPS, 'What the devices are to do'),
  args: Type.Optional(
    Type.Record(Type.String({ pattern: '^[a-z0-9_]{1,64}$' }), Json, {
      maxProperties: 16,
      description: 'Arguments of the operation, at most 2,000 characters as JSON',
    }),
  ),
  ttl_s: Type.Integer({
    minimum: 30,
    maximum: 30 * 86_400,
    default: 3600,
    description: 'Time to begin, s; what has not begun by then expires',
  }),
  device_ids: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { minItems: 1, maxItems: 10_000 })),
  filter: Type.Optional(DeviceFilter),
  confirm: Type.Optional(
    Type.Integer({ description: 'For restart_terminal on more than one device: the number of devices, as previewed' }),
  ),
});

export const NewCommandQuery = Query({ preview: Type.Optional(Type.Boolean({ default: false })) });

export const Preview = Type.Object({
  total: Type.Integer({ description: 'Devices that would get the command' }),
  online: Type.Integer(),
  offline: Type.Integer({ description: 'They get it if they come back in time' }),
  skipped: Type.Integer({ description: 'Selected, but not enrolled, revoked or retired' }),
  confirm_needed: Type.Boolean(),
});

export const Batch = Type.Object({
  id: Type.String(),
  op: oneOf(COMMAND_OPS),
  args: Json,
  ttl_s: Type.Integer(),
  created_at: Instant,
  expires_at: Instant,
  created_by: nullable(Type.Object({ id: Id, name: Type.String() })),
  selection: Json,
  total: Type.Integer(),
  counts: Type.Object(Object.fromEntries(COMMAND_STATES.map((state) => [state, Type.Integer()]))),
  open: Type.Integer({ description: 'Commands whose end is not known yet' }),
});

export const Command = Type.Object({
  id: Type.String(),
  batch_id: Type.String(),
  device_id: Type.String(),
  serial: Type.String(),
  site_name: NullableString,
  station_name: NullableString,
  op: oneOf(COMMAND_OPS),
  args: Json,
  state: oneOf(COMMAND_STATES),
  created_at: Instant,
  expires_at: Instant,
  deliveries: Type.Integer({ description: 'Times that it was handed to a connected session' }),
  delivered_at: NullableInstant,
  accepted_at: NullableInstant,
  started_at: NullableInstant,
  ended_at: NullableInstant,
  result: Json,
  late: nullable(
    Type.Object(
      { outcome: oneOf(COMMAND_OUTCOMES), code: NullableString, at: Instant },
      { description: 'What the device reported although the command had expired or been cancelled before' },
    ),
  ),
  created_by_name: NullableString,
});

export const BatchListQuery = Query({ ...pageQuery, op: Type.Optional(oneOf(COMMAND_OPS)) });
export const CommandListQuery = Query({ ...pageQuery, state: Type.Optional(oneOf(COMMAND_STATES)) });
export const BatchParams = Type.Object({ id: Type.String({ format: 'uuid' }) });
export const DeviceParams = Type.Object({ id: Type.String({ maxLength: 32 }) });

export type NewCommand = Static<typeof NewCommand>;
