import { type Static, Type } from 'typebox';
import { Body, Code, Id, NullableInteger, oneOf, text } from '../../http/schemas.ts';

export const REGION_KINDS = ['province', 'county', 'township'] as const;

/** A region with the sum of its subtree. The list is in tree order: a parent comes before its children. */
export const Region = Type.Object({
  id: Id,
  parent_id: NullableInteger,
  kind: oneOf(REGION_KINDS),
  code: Type.String(),
  name: Type.String(),
  sort: Type.Integer(),
  path: Type.Array(Type.Integer(), { description: 'Ids of the ancestors and of itself, root first' }),
  sites: Type.Integer(),
  stations: Type.Integer({ description: 'Stations that are not decommissioned' }),
  devices: Type.Integer({ description: 'Devices that are not retired, spares included' }),
  spares: Type.Integer(),
});

export const RegionList = Type.Object({ items: Type.Array(Region) });

export const NewRegion = Body({
  parent_id: Type.Optional(NullableInteger),
  kind: oneOf(REGION_KINDS),
  code: Code,
  name: text(80),
  sort: Type.Optional(Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 })),
});

export const RegionPatch = Body({
  code: Type.Optional(Code),
  name: Type.Optional(text(80)),
  sort: Type.Optional(Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 })),
});

export type RegionKind = (typeof REGION_KINDS)[number];
export type Region = Static<typeof Region>;
export type NewRegion = Static<typeof NewRegion>;
export type RegionPatch = Static<typeof RegionPatch>;
