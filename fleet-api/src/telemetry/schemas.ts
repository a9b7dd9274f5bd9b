import { type Static, Type } from 'typebox';
import { pageQuery } from '../http/paging.ts';
import {
  Instant,
  InstantInput,
  Json,
  NullableInstant,
  NullableInteger,
  NullableNumber,
  NullableString,
  nullable,
  oneOf,
  Page,
  Query,
} from '../http/schemas.ts';
import { MAX_POINTS } from './buckets.ts';
import { METRIC_NAMES, type MetricName } from './metrics.ts';

const window = {
  from: InstantInput,
  to: Type.Optional({ ...InstantInput, description: 'Now if missing' } as typeof InstantInput),
};

export const SeriesQuery = Query({
  metric: oneOf(METRIC_NAMES as [MetricName, ...MetricName[]]),
  ...window,
  tz: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_+/-]{1,64}$',
      description: 'Zone in which buckets of a day begin; the platform’s if missing',
    }),
  ),
  points: Type.Optional(
    Type.Integer({ minimum: 10, maximum: MAX_POINTS, default: 360, description: 'At most so many buckets' }),
  ),
});

export const Series = Type.Object({
  metric: Type.String(),
  unit: Type.String({ description: '`ratio` is a share of one' }),
  source: oneOf(['raw', 'hourly']),
  bucket_ms: Type.Integer({ description: 'Buckets of a day are days of the zone, whatever their length' }),
  from: Instant,
  to: Instant,
  threshold: nullable(
    Type.Object({
      value: Type.Number(),
      side: oneOf(['max', 'min']),
      source: Type.String({ description: 'The requirement' }),
    }),
  ),
  points: Type.Array(
    Type.Object({
      at: { ...Instant, description: 'Start of the bucket' } as typeof Instant,
      value: {
        ...NullableNumber,
        description: 'Mean (a sum for bytes and beats); null: nothing was measured',
      } as typeof NullableNumber,
      peak: { ...NullableNumber, description: 'The worst single value' } as typeof NullableNumber,
    }),
    { description: 'Every bucket of the span, empty ones too' },
  ),
});

export const PresenceQuery = Query(window);

export const Presence = Type.Object({
  from: Instant,
  to: Instant,
  liveness_ms: Type.Integer({ description: 'How long a live beat proves the device online' }),
  online: Type.Array(Type.Object({ from: Instant, to: Instant }), {
    description: 'In order, disjoint; the rest of the span is offline',
  }),
});

export const EVENT_KINDS = ['event', 'log', 'result'] as const;

export const EventQuery = Query({
  ...pageQuery,
  kind: Type.Optional(oneOf(EVENT_KINDS)),
  severity: Type.Optional(oneOf(['info', 'warn', 'error'], 'This or worse')),
});

export const DeviceEvent = Type.Object({
  at: Instant,
  received_at: Instant,
  seq: Type.Integer(),
  kind: oneOf(EVENT_KINDS),
  severity: oneOf(['info', 'warn', 'error']),
  code: { ...NullableString, description: 'Of an event; of a result the outcome' } as typeof NullableString,
  message: NullableString,
  command_id: NullableString,
  detail: Json,
  live: Type.Boolean(),
  estimated: Type.Boolean({ description: 'Placed by the device’s wall clock' }),
});
export const EventPage = Page(DeviceEvent);

export const SessionQuery = Query(pageQuery);
export const DeviceSession = Type.Object({
  session: Type.Integer(),
  boot: NullableInteger,
  began_at: Instant,
  ended_at: NullableInstant,
  end_kind: NullableString,
});
export const SessionPage = Page(DeviceSession);

const Rate = Type.Object({
  kind: Type.String(),
  records: Type.Integer({ description: 'Received in the last five minutes' }),
});

export const Platform = Type.Object({
  version: Type.String(),
  node: Type.String(),
  postgres: Type.String(),
  timescaledb: NullableString,
  started_at: Instant,
  database_bytes: Type.Integer(),
  tables: Type.Array(Type.Object({ name: Type.String(), rows_estimated: Type.Integer(), bytes: Type.Integer() })),
  ingest: Type.Array(Rate),
  quarantined_24h: Type.Integer(),
  commands_open: Type.Integer(),
  outbox: Type.Array(Type.Object({ reader: Type.String(), behind: Type.Integer(), moved_at: Instant })),
  liveness: Type.Array(
    Type.Object({
      component: Type.String(),
      since: Instant,
      last_alive_at: Instant,
      outages: Type.Array(Type.Object({ from: Instant, to: Instant }), {
        description: 'Of the last 30 days, newest first, at most 50',
      }),
    }),
  ),
});

export type SeriesQuery = Static<typeof SeriesQuery>;
export type Series = Static<typeof Series>;
export type Presence = Static<typeof Presence>;
export type EventQuery = Static<typeof EventQuery>;
export type DeviceEvent = Static<typeof DeviceEvent>;
export type DeviceSession = Static<typeof DeviceSession>;
export type Platform = Static<typeof Platform>;
