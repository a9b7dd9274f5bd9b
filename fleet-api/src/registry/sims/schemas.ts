import { DEVICE_ID_PATTERN } from '@uptally/protocol';
import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import { Body, Id, NullableString, nullable, oneOf, Page, Query, text } from '../../http/schemas.ts';
import { sortNames } from '../shared/keyset.ts';

export const SIM_STATES = ['stock', 'active', 'suspended', 'retired'] as const;

/** Orders on offer for lists of SIM cards. */
export const SIM_SORTS = {
  iccid: { column: 'c.iccid collate "C"', type: 'text' },
} as const;

export const ICCID_PATTERN = '^[0-9]{18,20}[0-9A-Fa-f]?$';
const Iccid = Type.String({ pattern: ICCID_PATTERN });
const quota = Type.Integer({ minimum: 0, maximum: 2 ** 50, description: 'Bytes a month' });

export const SimCard = Type.Object({
  id: Id,
  iccid: Type.String(),
  imsi: NullableString,
  msisdn: NullableString,
  operator: NullableString,
  quota_bytes: Type.Integer(),
  used_bytes: Type.Integer({ description: 'Used this month, as the device that holds it counts' }),
  state: oneOf(SIM_STATES),
  device_id: NullableString,
  version: Type.Integer(),
});

export const SimPage = Page(SimCard);

export const SimQuery = Query({
  ...pageQuery,
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 40, description: 'Part of the ICCID, number or device id' })),
  state: Type.Optional(oneOf(SIM_STATES)),
  assigned: Type.Optional(Type.Boolean()),
  sort: Type.Optional(oneOf(sortNames(SIM_SORTS))),
});

const optionalFields = {
  imsi: Type.Optional(nullable(Type.String({ pattern: '^[0-9]{14,15}$' }))),
  msisdn: Type.Optional(nullable(Type.String({ pattern: '^\\+?[0-9]{5,15}$' }))),
  operator: Type.Optional(nullable(text(64))),
  quota_bytes: Type.Optional(quota),
  state: Type.Optional(oneOf(SIM_STATES)),
  device_id: Type.Optional(nullable(Type.String({ pattern: DEVICE_ID_PATTERN }))),
};

export const NewSim = Body({ iccid: Iccid, ...optionalFields });
export const SimPatch = Body(optionalFields);

export type SimCard = Static<typeof SimCard>;
export type SimQuery = Static<typeof SimQuery>;
export type NewSim = Static<typeof NewSim>;
export type SimPatch = Static<typeof SimPatch>;
