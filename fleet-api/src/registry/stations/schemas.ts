import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import {
  Body,
  Code,
  Id,
  Instant,
  InstantInput,
  NullableInstant,
  nullable,
  oneOf,
  Page,
  Query,
  text,
} from '../../http/schemas.ts';
import { sortNames } from '../shared/keyset.ts';
import { RegionNames } from '../shared/region-names.ts';
import { DEVICE_STATES } from '../shared/state.ts';

/** Orders on offer for lists of stations. */
export const STATION_SORTS = {
  code: { column: 'st.code collate "C"', type: 'text' },
  name: { column: 'st.name collate "C"', type: 'text' },
} as const;

const StationDevice = Type.Object({
  device_id: Type.String(),
  serial: Type.String(),
  state: oneOf(DEVICE_STATES),
  since: Instant,
});

/** A position that must be served by one working device. */
export const Station = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  site: Type.Object({ id: Id, code: Type.String(), name: Type.String() }),
  region: RegionNames,
  commissioned_at: NullableInstant,
  decommissioned_at: NullableInstant,
  created_at: Instant,
  version: Type.Integer(),
  device: nullable(StationDevice),
});

export const StationPage = Page(Station);

export const StationQuery = Query({
  ...pageQuery,
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Part of the code, name or site name' })),
  site: Type.Optional(Id),
  region: Type.Optional(Id),
  vacant: Type.Optional(Type.Boolean({ description: 'Only stations without (true) or with (false) a device' })),
  sort: Type.Optional(oneOf(sortNames(STATION_SORTS))),
});

export const NewStation = Body({
  site_id: Id,
  code: Code,
  name: text(120),
  commissioned_at: Type.Optional(nullable(InstantInput)),
});

export const StationPatch = Body({
  code: Type.Optional(Code),
  name: Type.Optional(text(120)),
  commissioned_at: Type.Optional(nullable(InstantInput)),
  decommissioned_at: Type.Optional(nullable(InstantInput)),
});

export type Station = Static<typeof Station>;
export type StationQuery = Static<typeof StationQuery>;
export type NewStation = Static<typeof NewStation>;
export type StationPatch = Static<typeof StationPatch>;
