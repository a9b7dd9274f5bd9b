import { DEVICE_ID_PATTERN } from '@uptally/protocol';
import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  InstantInput,
  NullableInstant,
  NullableString,
  oneOf,
  Page,
  Query,
  text,
} from '../../http/schemas.ts';

const DeviceId = Type.String({ pattern: DEVICE_ID_PATTERN });
const at = Type.Optional({
  ...InstantInput,
  description: 'When it happened; now if missing, never in the future',
} as typeof InstantInput);
const reason = text(200, { description: 'Why, for the history' });
/** Where a device goes that leaves a station. */
const leaving = Type.Optional(
  oneOf(['in_stock', 'in_repair', 'retired'], 'Life-cycle of the device that leaves; in_repair if missing'),
);

export const Install = Body({ device_id: DeviceId, at, reason });
export const Swap = Body({
  device_id: DeviceId,
  old_device_id: Type.Optional({
    ...DeviceId,
    description: 'The device that the caller saw there: refused if it is another one',
  } as typeof DeviceId),
  at,
  reason,
  old_lifecycle: leaving,
});
export const Remove = Body({ at, reason, lifecycle: leaving });

/** A device at a station for `[from, to)`. */
export const Installation = Type.Object({
  id: Id,
  device: Type.Object({ device_id: Type.String(), serial: Type.String() }),
  station: Type.Object({ id: Id, code: Type.String(), name: Type.String() }),
  site: Type.Object({ id: Id, name: Type.String() }),
  from: Instant,
  to: NullableInstant,
  reason: NullableString,
});
export const InstallationPage = Page(Installation);
export const InstallationQuery = Query(pageQuery);

export type Install = Static<typeof Install>;
export type Swap = Static<typeof Swap>;
export type Remove = Static<typeof Remove>;
export type Installation = Static<typeof Installation>;
export type InstallationQuery = Static<typeof InstallationQuery>;
