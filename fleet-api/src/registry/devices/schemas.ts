import { COMPONENT_STATES, COMPONENTS, DEVICE_ID_PATTERN } from '@uptally/protocol';
import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import {
  Body,
  Code,
  Id,
  Instant,
  Json,
  NullableInstant,
  NullableInteger,
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
import { DEVICE_STATES, StateCounts } from '../shared/state.ts';

export const LIFECYCLES = ['in_stock', 'in_service', 'in_repair', 'retired'] as const;

/** Orders on offer for lists of devices; each has an index in the direction that people use, see migration 0003. */
export const DEVICE_SORTS = {
  device_id: { column: 'l.device_id', type: 'text' },
  serial: { column: 'l.serial', type: 'text' },
  place: { column: 'l.place', type: 'text', nullable: true },
  state: { column: 'l.state', type: 'int' },
  changed_at: { column: 'l.changed_at', type: 'timestamptz', nullable: true },
  signal_dbm: { column: 'l.signal_dbm', type: 'real', nullable: true },
  rtt_ms: { column: 'l.rtt_ms', type: 'real', nullable: true },
  sim_bytes: { column: 'l.sim_order', type: 'bigint' },
} as const;

export const DeviceIdParams = Type.Object({ id: Type.String({ pattern: DEVICE_ID_PATTERN }) });

const ComponentState = Type.Object({
  component: Type.String(),
  state: oneOf(COMPONENT_STATES),
  reason: NullableString,
  detail: NullableString,
  since: NullableInstant,
});

const Place = nullable(Type.Object({ id: Id, code: Type.String(), name: Type.String() }));

const listed = {
  device_id: Type.String(),
  serial: Type.String(),
  model: nullable(Type.Object({ id: Id, code: Type.String(), name: Type.String() })),
  lifecycle: oneOf(LIFECYCLES),
  state: oneOf(DEVICE_STATES),
  online: Type.Boolean({ description: 'A live record within L' }),
  faulty: Type.Boolean({ description: 'A required component reports a fault; kept while the device is silent' }),
  connected: Type.Boolean({ description: 'The broker holds a session; proves nothing' }),
  last_seen_at: NullableInstant,
  changed_at: { ...NullableInstant, description: 'When `online` last changed' } as typeof NullableInstant,
  region: nullable(RegionNames),
  site: Place,
  station: Place,
  signal_dbm: NullableNumber,
  rtt_ms: NullableNumber,
  sim_bytes: Type.Integer({ description: 'Used this month' }),
  agent: NullableString,
};

export const DeviceItem = Type.Object({
  ...listed,
  components: Type.Array(ComponentState, { description: 'Only those in state fault or warn, faults first' }),
});

export const DevicePage = Page(DeviceItem);

/** What narrows a list, a count, an export or the selection of a command. */
export const deviceFilter = {
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Part of the id, serial, site name or code, station code or ICCID',
    }),
  ),
  state: Type.Optional(oneOf(DEVICE_STATES)),
  lifecycle: Type.Optional(oneOf(LIFECYCLES)),
  region: Type.Optional(Id),
  site: Type.Optional(Id),
  model: Type.Optional(Id),
  component: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9_]{1,32}$',
      description: `Has this component in fault or warn: ${COMPONENTS.join(', ')}`,
    }),
  ),
};

export const DeviceFilter = Query(deviceFilter);
const sort = Type.Optional(oneOf(sortNames(DEVICE_SORTS)));
export const DeviceQuery = Query({ ...deviceFilter, ...pageQuery, sort });
export const DeviceCsvQuery = Query({ ...deviceFilter, sort });
export const DeviceCount = StateCounts;

const Sim = Type.Object({
  iccid: Type.String(),
  imsi: NullableString,
  msisdn: NullableString,
  operator: NullableString,
  quota_bytes: Type.Integer(),
  used_bytes: Type.Integer({ description: 'Used this month, as the device counts' }),
  state: Type.String(),
});

const Session = Type.Object({
  session: Type.Integer(),
  boot: NullableInteger,
  began_at: Instant,
  ended_at: NullableInstant,
  end_kind: NullableString,
});

export const DeviceDetail = Type.Object({
  ...listed,
  components: Type.Array(ComponentState, { description: 'All, faults first' }),
  org: nullable(Type.Object({ id: Id, name: Type.String() })),
  note: NullableString,
  enrolled_at: NullableInstant,
  revoked_at: NullableInstant,
  created_at: Instant,
  version: Type.Integer(),
  installation: nullable(Type.Object({ from: Instant, reason: NullableString })),
  sim: nullable(Sim),
  session: nullable(Session),
  health: Json,
  health_at: NullableInstant,
  net: Json,
  net_at: NullableInstant,
  inventory: Json,
  fw: NullableString,
  boot: NullableInteger,
  beat_ms: Type.Integer(),
  cfg_rev: NullableInteger,
  counters: Type.Object({
    records: Type.Integer({ description: 'Distinct records received' }),
    missing: Type.Integer({ description: 'Sequence numbers between the first and the newest that never arrived' }),
    dropped: Type.Integer({ description: 'Records that the device says it dropped itself' }),
  }),
});

export const NewDevice = Body({
  device_id: Type.Optional(Type.String({ pattern: DEVICE_ID_PATTERN, description: 'Made up if missing' })),
  serial: Code,
  model_id: Type.Optional(nullable(Id)),
  region_id: Type.Optional(nullable(Id)),
  org_id: Type.Optional(nullable(Id)),
  note: Type.Optional(nullable(text(500))),
});

export const DevicePatch = Body({
  serial: Type.Optional(Code),
  model_id: Type.Optional(nullable(Id)),
  region_id: Type.Optional(nullable(Id)),
  org_id: Type.Optional(nullable(Id)),
  note: Type.Optional(nullable(text(500))),
  lifecycle: Type.Optional(oneOf(['in_stock', 'in_repair', 'retired'], 'in_service comes from an installation only')),
});

export type DeviceItem = Static<typeof DeviceItem>;
export type DeviceDetail = Static<typeof DeviceDetail>;
export type DeviceFilter = Static<typeof DeviceFilter>;
export type DeviceQuery = Static<typeof DeviceQuery>;
export type DeviceCsvQuery = Static<typeof DeviceCsvQuery>;
export type NewDevice = Static<typeof NewDevice>;
export type DevicePatch = Static<typeof DevicePatch>;
export type ComponentState = Static<typeof ComponentState>;
export type Lifecycle = (typeof LIFECYCLES)[number];
