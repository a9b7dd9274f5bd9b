import { type Static, Type } from 'typebox';
import { FileRow } from '../../files/index.ts';
import { pageQuery } from '../../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  Page,
  Query,
  text,
} from '../../http/schemas.ts';
import { LIFECYCLES } from '../../registry/devices/schemas.ts';
import { DeviceRef, OrderRef, PersonRef, StationRef, Store } from '../shared.ts';

export const WIPE_METHODS = ['overwrite', 'factory_reset', 'disk_removed', 'destroyed', 'no_data'] as const;
export const WIPE_RESULTS = ['clean', 'failed'] as const;
export const WIPE_STATES = ['pending', 'failed', 'clean', 'void'] as const;

const WipeRecord = Type.Object({
  id: Id,
  at: Instant,
  user: nullable(PersonRef),
  method: oneOf(WIPE_METHODS),
  result: oneOf(WIPE_RESULTS),
  note: NullableString,
});

const summary = {
  id: Id,
  device: DeviceRef,
  lifecycle: oneOf(LIFECYCLES),
  store: nullable(Store),
  station: nullable(StationRef),
  order: nullable(OrderRef),
  left_at: Instant,
  state: oneOf(WIPE_STATES, 'void: it went back to the station that it had left'),
  method: nullableOneOf(WIPE_METHODS),
  wiped_at: Type.Union([Instant, Type.Null()]),
  wiped_by: nullable(PersonRef),
  version: Type.Integer(),
};
/** A device that left a station, until its data are known to be gone (R-DG-10). */
export const WipeCheck = Type.Object(summary);
export const WipeDetail = Type.Object({
  ...summary,
  records: Type.Array(WipeRecord, { description: 'Oldest first' }),
  files: Type.Array(FileRow),
});
export const WipePage = Page(WipeCheck);
export const WipeQuery = Query({
  ...pageQuery,
  state: Type.Optional(oneOf(['open', 'clean', 'all'], 'Default: open')),
  region: Type.Optional(Id),
});
export const WipeBody = Body({
  method: oneOf(WIPE_METHODS),
  result: oneOf(WIPE_RESULTS),
  note: Type.Optional(text(500)),
  at: Type.Optional(Type.String({ format: 'date-time', maxLength: 40 })),
  version: Type.Integer({ minimum: 1, description: 'The version that the record is about' }),
});
export const WipeFileParams = Type.Object({ id: Id, fid: Id });

export type WipeCheck = Static<typeof WipeCheck>;
export type WipeDetail = Static<typeof WipeDetail>;
export type WipeQuery = Static<typeof WipeQuery>;
export type WipeBody = Static<typeof WipeBody>;
