import { DEVICE_ID_PATTERN } from '@uptally/protocol';
import { type Static, Type } from 'typebox';
import { Body, Id, Instant, NullableInstant, nullable, oneOf, text } from '../../http/schemas.ts';
import { DEVICE_STATES } from '../../registry/shared/state.ts';
import { Station } from '../../registry/stations/schemas.ts';
import { DeviceRef, ModelRef, StationRef, Store } from '../shared.ts';
import { WIPE_METHODS, WIPE_RESULTS } from '../wipes/schemas.ts';

/** A spare that may be put in. */
export const Candidate = Type.Object({
  device: DeviceRef,
  store: nullable(Store),
  here: Type.Boolean({ description: 'Kept in the store of the county' }),
  fit: oneOf(['same', 'compatible', 'unknown']),
  wiped: Type.Boolean({ description: 'False: it has to be wiped before' }),
  sound: Type.Boolean({ description: 'Nothing was faulty at its last report' }),
  state: oneOf(DEVICE_STATES),
  last_seen_at: NullableInstant,
  troubles: Type.Array(Type.String()),
});

export const OpenOrder = Type.Object({
  id: Id,
  number: Type.String(),
  cause: Type.String(),
  title: Type.String(),
  state: Type.String(),
  severity: Type.String(),
  opened_at: Instant,
  next_due_at: NullableInstant,
});

/** What a person needs to replace the device of a station. */
export const Replacement = Type.Object({
  station: StationRef,
  store: Store,
  old: nullable(
    Type.Object({
      device_id: Type.String(),
      serial: Type.String(),
      model: nullable(ModelRef),
      since: Instant,
      state: oneOf(DEVICE_STATES),
      troubles: Type.Array(Type.String()),
    }),
  ),
  orders: Type.Array(OpenOrder, { description: 'Open ones about this station, oldest first' }),
  spares: Type.Array(Candidate, { description: 'Those that one would take first on top; at most 100' }),
});

const DeviceId = Type.String({ pattern: DEVICE_ID_PATTERN });

export const ReplaceBody = Body({
  spare: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$',
    description: 'Id or serial of the device that comes',
  }),
  old_device_id: {
    ...DeviceId,
    description: 'The device that the caller saw there: refused if it is another one by now',
  } as typeof DeviceId,
  old_lifecycle: Type.Optional(oneOf(['in_repair', 'in_stock'], 'What becomes of it; in_repair if missing')),
  at: Type.Optional(Type.String({ format: 'date-time', maxLength: 40, description: 'Now if missing' })),
  reason: text(200),
  work_order_id: Type.Optional(Id),
  from_elsewhere: Type.Optional(
    Type.Boolean({ description: 'true: the spare is brought over from the store of another county' }),
  ),
  wipe: Type.Optional(
    Type.Object(
      { method: oneOf(WIPE_METHODS), result: oneOf(WIPE_RESULTS), note: Type.Optional(text(500)) },
      { additionalProperties: false, description: 'The old device was wiped on the spot (R-DG-10)' },
    ),
  ),
});

export const Replaced = Type.Object({
  station: Station,
  old_device_id: Type.String(),
  new_device_id: Type.String(),
  wipe_check_id: nullable(Id),
});

export type Replacement = Static<typeof Replacement>;
export type Candidate = Static<typeof Candidate>;
export type ReplaceBody = Static<typeof ReplaceBody>;
export type Replaced = Static<typeof Replaced>;
