import { type Static, Type } from 'typebox';
import { Id, Instant, NullableInstant, NullableString, nullable, oneOf } from '../http/schemas.ts';

const Counts = {
  stations: Type.Integer({ description: 'Stations that are not decommissioned' }),
  vacant: Type.Integer({ description: 'Of these, without a device' }),
  online: Type.Integer({ description: 'Devices at stations, by state; the four states add up' }),
  offline: Type.Integer(),
  faulty: Type.Integer(),
  never: Type.Integer(),
  spares: Type.Integer({ description: 'Devices in stock' }),
};

const Totals = Type.Object({ ...Counts, devices: Type.Integer({ description: 'Devices that are not retired' }) });

export const CountyRow = Type.Object({
  id: nullable(Id),
  name: Type.String(),
  ...Counts,
});

/** A device that needs a person, with what is needed to say so in a sentence. */
export const AttentionDevice = Type.Object({
  device_id: Type.String(),
  serial: Type.String(),
  state: oneOf(['offline', 'faulty']),
  since: NullableInstant,
  component: NullableString,
  reason: NullableString,
  township: NullableString,
  site: Type.Object({ id: Id, name: Type.String() }),
  station: Type.Object({ id: Id, name: Type.String() }),
});

export const AttentionGroup = Type.Object({
  county: nullable(Type.Object({ id: Id, name: Type.String() })),
  offline: Type.Integer(),
  faulty: Type.Integer(),
  oldest_at: NullableInstant,
  devices: Type.Array(AttentionDevice, {
    description: 'At most five: faulty ones first, then those offline for longest',
  }),
});

export const Overview = Type.Object({
  totals: Totals,
  regions: Type.Array(CountyRow, { description: 'By county, as far as the caller may see' }),
  attention: Type.Array(AttentionGroup, { description: 'Counties by the number of devices in trouble, most first' }),
  incidents_open: Type.Integer({ description: 'Incidents that are neither acknowledged nor resolved' }),
  updated_at: Instant,
});

export type Overview = Static<typeof Overview>;
export type CountyRow = Static<typeof CountyRow>;
export type AttentionGroup = Static<typeof AttentionGroup>;
