import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import {
  Body,
  Code,
  Id,
  Instant,
  NullableNumber,
  NullableString,
  nullable,
  oneOf,
  Page,
  Query,
  text,
} from '../../http/schemas.ts';
import { sortNames } from '../shared/keyset.ts';
import { RegionNames } from '../shared/region-names.ts';
import { StateCounts } from '../shared/state.ts';

export const SITE_KINDS = ['township_hospital', 'village_clinic', 'community', 'other'] as const;

/** Orders on offer for lists of sites. */
export const SITE_SORTS = {
  name: { column: 'si.name collate "C"', type: 'text' },
  code: { column: 'si.code collate "C"', type: 'text' },
} as const;

export const Site = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  kind: oneOf(SITE_KINDS),
  region: RegionNames,
  address: NullableString,
  contact_name: NullableString,
  contact_phone: NullableString,
  lat: NullableNumber,
  lon: NullableNumber,
  created_at: Instant,
  version: Type.Integer(),
  stations: Type.Integer({ description: 'Stations that are not decommissioned' }),
  states: StateCounts,
});

export const SitePage = Page(Site);

export const SiteQuery = Query({
  ...pageQuery,
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Part of the name, code or address' })),
  region: Type.Optional(Id),
  kind: Type.Optional(oneOf(SITE_KINDS)),
  sort: Type.Optional(oneOf(sortNames(SITE_SORTS))),
});

const optionalFields = {
  kind: Type.Optional(oneOf(SITE_KINDS)),
  address: Type.Optional(nullable(text(200))),
  contact_name: Type.Optional(nullable(text(80))),
  contact_phone: Type.Optional(nullable(Type.String({ pattern: '^[0-9+() -]{3,32}$' }))),
  lat: Type.Optional(nullable(Type.Number({ minimum: -90, maximum: 90 }))),
  lon: Type.Optional(nullable(Type.Number({ minimum: -180, maximum: 180 }))),
};

export const NewSite = Body({ code: Code, name: text(120), region_id: Id, ...optionalFields });
export const SitePatch = Body({
  code: Type.Optional(Code),
  name: Type.Optional(text(120)),
  region_id: Type.Optional(Id),
  ...optionalFields,
});

export type Site = Static<typeof Site>;
export type SiteQuery = Static<typeof SiteQuery>;
export type NewSite = Static<typeof NewSite>;
export type SitePatch = Static<typeof SitePatch>;
