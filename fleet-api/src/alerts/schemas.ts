import { Type } from 'typebox';
import { pageQuery } from '../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  NullableInstant,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  Query,
  text,
} from '../http/schemas.ts';

export const RULES = ['device_offline', 'component_fault'] as const;
export const INCIDENT_STATES = ['open', 'acked', 'resolved'] as const;
export const NOTIFICATION_STATES = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'unknown',
  'dropped',
] as const;

const Ref = Type.Object({ id: Id, name: Type.String() });

export const Incident = Type.Object({
  id: Id,
  rule: oneOf(RULES),
  state: oneOf(INCIDENT_STATES, 'open until someone acknowledges it or everything in it is over'),
  county: nullable(Ref),
  fleet: Type.Boolean({ description: 'Concerns the whole fleet rather than a county' }),
  component: NullableString,
  reason: NullableString,
  title: Type.String({ description: 'As told by SMS, in Chinese' }),
  opened_at: Instant,
  notify_after: Instant,
  notified_at: NullableInstant,
  acked_at: NullableInstant,
  acked_by: nullable(Ref),
  resolved_at: NullableInstant,
  alerts_total: Type.Integer({ description: 'Devices (or components) concerned since it began' }),
  alerts_open: Type.Integer({ description: 'Of these, still so' }),
  sms_total: Type.Integer({ description: 'Messages written to people on call; 0 once notified: nobody was on call' }),
});

export const Alert = Type.Object({
  id: Id,
  incident_id: nullable(Id),
  rule: oneOf(RULES),
  device_id: Type.String(),
  serial: Type.String(),
  county_name: NullableString,
  site_name: NullableString,
  station_name: NullableString,
  component: NullableString,
  reason: NullableString,
  severity: oneOf(['info', 'warn', 'error']),
  opened_at: Instant,
  recorded_at: Instant,
  resolved_at: NullableInstant,
});

export const Attempt = Type.Object({
  attempt: Type.Integer(),
  at: Instant,
  status: Type.String(),
  provider_id: NullableString,
  error_code: NullableString,
  error_text: NullableString,
});

export const Notification = Type.Object({
  id: Id,
  incident_id: nullable(Id),
  oncall_name: NullableString,
  channel: Type.String(),
  recipient: Type.String(),
  body: Type.String(),
  state: oneOf(NOTIFICATION_STATES),
  error_code: NullableString,
  error_text: NullableString,
  created_at: Instant,
  sent_at: NullableInstant,
  updated_at: Instant,
  attempts: Type.Array(Attempt),
});

export const IncidentDetail = Type.Object({
  ...Incident.properties,
  alerts: Type.Array(Alert, { description: 'Open ones first, at most 500' }),
  notifications: Type.Array(Notification),
});

/** E.164, as the provider wants it; of mainland numbers only mobile ones, as no other gets an SMS there. */
const Phone = Type.String({
  pattern: '^\\+(?:861[3-9][0-9]{9}|(?!86)[1-9][0-9]{6,14})$',
  description: 'E.164 with country code, e.g. +8613800000000',
});

export const TOPICS = ['stock', 'settlement'] as const;
const Topics = Type.Array(oneOf(TOPICS), {
  uniqueItems: true,
  maxItems: TOPICS.length,
  description:
    'What it hears of besides outages, faults and repair limits: stores that run low, periods that fall short',
});

export const Oncall = Type.Object({
  id: Id,
  name: Type.String(),
  phone: Type.String(),
  lang: oneOf(['zh-CN', 'en']),
  region: nullable(Ref),
  topics: Topics,
  enabled: Type.Boolean(),
  flagged_reason: nullableOneOf(['invalid_number', 'not_mobile', 'unsubscribed', 'landline_or_unreachable']),
  created_at: Instant,
});

export const NewOncall = Body({
  name: text(64),
  phone: Phone,
  lang: Type.Optional(oneOf(['zh-CN', 'en'])),
  region_id: Type.Optional(nullable(Id)),
  topics: Type.Optional(Topics),
  enabled: Type.Optional(Type.Boolean()),
});

export const OncallPatch = Body({
  name: Type.Optional(text(64)),
  phone: Type.Optional(Phone),
  lang: Type.Optional(oneOf(['zh-CN', 'en'])),
  region_id: Type.Optional(nullable(Id)),
  topics: Type.Optional(Topics),
  enabled: Type.Optional(Type.Boolean()),
  flagged_reason: Type.Optional(
    Type.Null({ description: 'null: the number works again. A new number clears the flag by itself' }),
  ),
});

export const IncidentQuery = Query({
  ...pageQuery,
  state: Type.Optional(oneOf(INCIDENT_STATES)),
  rule: Type.Optional(oneOf(RULES)),
  region: Type.Optional(Id),
});

export const AlertQuery = Query({
  ...pageQuery,
  open: Type.Optional(Type.Boolean()),
  rule: Type.Optional(oneOf(RULES)),
  device_id: Type.Optional(Type.String({ maxLength: 32 })),
});

export const NotificationQuery = Query({ ...pageQuery, state: Type.Optional(oneOf(NOTIFICATION_STATES)) });

export const Provider = Type.Object({
  state: oneOf(['ok', 'stopped'], 'stopped: the provider refuses the account; nothing is sent until that is put right'),
  reason: NullableString,
  since: NullableInstant,
  queued: Type.Integer({ description: 'Messages that wait to be sent' }),
});
