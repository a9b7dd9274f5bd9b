-- Everything lives in schema uptally; the migrator creates it and sets search_path = uptally, public.
-- Instants are timestamptz, durations end in _ms, sizes in _bytes.

-- ---------------------------------------------------------------- organisations, people, access
create table org (
  id int generated always as identity primary key,
  code text not null unique,
  name text not null,
  kind text not null check (kind in ('platform', 'agency', 'contractor', 'vendor')),
  created_at timestamptz not null default now()
);

create table region (
  id int generated always as identity primary key,
  parent_id int references region,
  kind text not null check (kind in ('province', 'county', 'township')),
  code text not null unique,
  name text not null,
  path int[] not null default '{}', -- ancestors and self, root first; kept by trigger
  sort int not null default 0
);
create index region_parent on region (parent_id);
create index region_path on region using gin (path);

create function region_set_path() returns trigger language plpgsql as $$
begin
  new.path := coalesce((select path from region where id = new.parent_id), '{}') || new.id;
  return new;
end $$;
create trigger region_path_set before insert or update of parent_id on region
  for each row execute function region_set_path();

create table app_user (
  id int generated always as identity primary key,
  login text not null unique check (login = lower(login)),
  name text not null,
  org_id int not null references org,
  role text not null check (role in ('admin', 'manager', 'engineer', 'oncall', 'auditor')),
  phone text,
  lang text not null default 'zh-CN' check (lang in ('zh-CN', 'en')),
  password_hash text not null,
  must_change_password boolean not null default true,
  totp_secret text,
  totp_confirmed_at timestamptz,
  failed_logins int not null default 0,
  locked_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  version int not null default 1
);

-- Region scope of a user; no row means the whole fleet of the organisation's contracts.
create table user_region (
  user_id int not null references app_user on delete cascade,
  region_id int not null references region,
  primary key (user_id, region_id)
);

create table user_session (
  token_hash bytea primary key,
  user_id int not null references app_user on delete cascade,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ip text,
  user_agent text
);
create index user_session_user on user_session (user_id);

create table api_key (
  id int generated always as identity primary key,
  key_hash bytea not null unique,
  label text not null,
  user_id int not null references app_user,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

-- Hash-chained: hash = sha256(prev_hash || canonical json of the row).
create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  user_id int,
  org_id int,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}',
  ip text,
  prev_hash bytea not null,
  hash bytea not null
);

create table idempotency (
  user_id int not null,
  key text not null,
  request_hash bytea not null,
  status int,
  body jsonb,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);

-- ---------------------------------------------------------------- registry
create table site (
  id int generated always as identity primary key,
  region_id int not null references region,
  code text not null unique,
  name text not null,
  kind text not null default 'village_clinic'
    check (kind in ('township_hospital', 'village_clinic', 'community', 'other')),
  address text,
  contact_name text,
  contact_phone text,
  lat double precision,
  lon double precision,
  created_at timestamptz not null default now(),
  version int not null default 1
);
create index site_region on site (region_id);

create table station (
  id int generated always as identity primary key,
  site_id int not null references site,
  code text not null unique,
  name text not null,
  commissioned_at timestamptz,
  decommissioned_at timestamptz,
  created_at timestamptz not null default now(),
  version int not null default 1
);
create index station_site on station (site_id);

create table device_model (
  id int generated always as identity primary key,
  code text not null unique,
  name text not null,
  vendor text not null default '',
  required_components text[] not null default '{}'
);

create table device (
  device_key int generated always as identity primary key, -- internal, in every record
  device_id text not null unique,                          -- public, in topics and API
  serial text not null unique,
  model_id int references device_model,
  org_id int references org,             -- contractor that looks after it
  region_id int references region,       -- where it is kept: the county for spares, the site's region when installed
  lifecycle text not null default 'in_stock' check (lifecycle in ('in_stock', 'in_service', 'in_repair', 'retired')),
  secret_hash bytea,                     -- sha256 of the random 256-bit secret; null until enrolled
  enrolled_at timestamptz,
  revoked_at timestamptz,
  note text,
  inventory jsonb,                       -- latest inventory event
  created_at timestamptz not null default now(),
  version int not null default 1
);
create index device_region on device (region_id);
create index device_lifecycle on device (lifecycle);

create table sim_card (
  id int generated always as identity primary key,
  iccid text not null unique,
  imsi text,
  msisdn text,
  operator text,
  quota_bytes bigint not null default 524288000, -- 500 MB a month (R-HN-6)
  state text not null default 'active' check (state in ('stock', 'active', 'suspended', 'retired')),
  device_key int unique references device,
  version int not null default 1
);

-- A device at a station for [from_at, to_at). Overlaps are refused by the service under a row lock; open ones here.
create table installation (
  id int generated always as identity primary key,
  device_key int not null references device,
  station_id int not null references station,
  from_at timestamptz not null,
  to_at timestamptz,
  reason text,
  check (to_at is null or to_at > from_at)
);
create unique index installation_open_device on installation (device_key) where to_at is null;
create unique index installation_open_station on installation (station_id) where to_at is null;
create index installation_station on installation (station_id, from_at);
create index installation_device on installation (device_key, from_at);

create table enrolment_token (
  id int generated always as identity primary key,
  token_hash bytea not null unique,
  label text not null,
  uses_max int not null check (uses_max between 1 and 100000),
  uses int not null default 0,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  model_id int references device_model,
  region_id int references region,
  created_by int references app_user,
  created_at timestamptz not null default now()
);

-- ---------------------------------------------------------------- live state: one narrow, often-updated row a device
create table device_live (
  device_key int primary key references device on delete cascade,
  seqs int8multirange not null default '{}', -- every seq ever received: identity of records and proof of gaps
  boot int,
  session int,
  connected boolean not null default false,  -- the broker holds a session now
  online boolean not null default false,     -- a live record within L
  changed_at timestamptz,                    -- when online last changed
  last_live_at timestamptz,                  -- sample time of the newest live record
  last_rcv_at timestamptz,
  last_ts timestamptz,                       -- sample time of the newest record of any kind
  beat_ms int not null default 60000,
  agent text,
  fw text,
  cfg_rev int,
  components jsonb not null default '{}',    -- component -> {s, r, d, since}
  faulty boolean not null default false,     -- any required component in state fault
  health jsonb not null default '{}',        -- newest readings
  health_at timestamptz,
  net jsonb not null default '{}',
  net_at timestamptz,
  sim_month date,                            -- month of sim_bytes, platform zone
  sim_bytes bigint not null default 0,
  gaps_reported bigint not null default 0    -- records the device says it dropped
) with (fillfactor = 50);

-- Server time of a boot's monotonic zero, piecewise: a sample at mono m uses the newest row with from_mono_ms <= m.
create table boot_anchor (
  device_key int not null references device on delete cascade,
  boot int not null,
  from_mono_ms bigint not null,
  offset_ms bigint not null, -- server Unix ms minus mono ms
  wall_offset_ms bigint,     -- server Unix ms minus device wall ms at the same moment
  primary key (device_key, boot, from_mono_ms)
);

-- Connections, as births, wills and clean ends tell of them: evidence.
create table device_session (
  device_key int not null references device on delete cascade,
  session int not null,
  boot int,
  began_at timestamptz not null,
  ended_at timestamptz,
  end_kind text check (end_kind in ('clean', 'will', 'superseded', 'revoked')),
  primary key (device_key, session)
);

-- When the platform itself was able to receive: rows are extended while it lives; what lies between them is its own outage.
create table platform_liveness (
  id bigint generated always as identity primary key,
  component text not null,
  instance text not null,
  from_at timestamptz not null,
  to_at timestamptz not null
);
create index platform_liveness_time on platform_liveness (component, to_at);

-- ---------------------------------------------------------------- records (evidence); one hypertable a kind
-- flags: 1 = live, 2 = estimated placement. No unique index here: identity is kept in device_live.seqs, in the same transaction.
create table rec_beat (
  ts timestamptz not null, rcv_at timestamptz not null, seq bigint not null, device_key int not null, flags smallint not null
);
create table rec_health (
  ts timestamptz not null, rcv_at timestamptz not null, seq bigint not null, device_key int not null, flags smallint not null,
  is_full boolean not null, components jsonb, metrics jsonb,
  cpu_pct real, mem_used_pct real, disk_used_pct real, temp_c real, load1 real
);
create table rec_net (
  ts timestamptz not null, rcv_at timestamptz not null, seq bigint not null, device_key int not null, flags smallint not null,
  rtt_ms real, jitter_ms real, sent int, lost int, pkt bigint, pkt_err bigint, signal_dbm real, rsrp_dbm real,
  rsrq_db real, sinr_db real, operator text, rat text, cell text
);
create table rec_sim (
  ts timestamptz not null, rcv_at timestamptz not null, seq bigint not null, device_key int not null, flags smallint not null,
  rx_bytes bigint not null, tx_bytes bigint not null, src text, iccid text, imsi text, imei text
);
create table rec_event (
  ts timestamptz not null, rcv_at timestamptz not null, seq bigint not null, device_key int not null, flags smallint not null,
  code text not null, sev text not null, d jsonb
);
create table rec_result (
  ts timestamptz not null, rcv_at timestamptz not null, seq bigint not null, device_key int not null, flags smallint not null,
  cmd text not null, state text not null, code text, d jsonb
);
create table rec_log (
  ts timestamptz not null, rcv_at timestamptz not null, seq bigint not null, device_key int not null, flags smallint not null,
  lvl text not null, src text, msg text not null
);
create table rec_other (
  ts timestamptz not null, rcv_at timestamptz not null, seq bigint not null, device_key int not null, flags smallint not null,
  kind text not null, body jsonb not null
);
select create_hypertable('rec_beat', by_range('ts', interval '1 day'), create_default_indexes => false);
select create_hypertable('rec_health', by_range('ts', interval '7 days'), create_default_indexes => false);
select create_hypertable('rec_net', by_range('ts', interval '7 days'), create_default_indexes => false);
select create_hypertable('rec_sim', by_range('ts', interval '7 days'), create_default_indexes => false);
select create_hypertable('rec_event', by_range('ts', interval '7 days'), create_default_indexes => false);
select create_hypertable('rec_result', by_range('ts', interval '30 days'), create_default_indexes => false);
select create_hypertable('rec_log', by_range('ts', interval '7 days'), create_default_indexes => false);
select create_hypertable('rec_other', by_range('ts', interval '30 days'), create_default_indexes => false);
create index rec_beat_device on rec_beat (device_key, ts desc);
create index rec_health_device on rec_health (device_key, ts desc);
create index rec_net_device on rec_net (device_key, ts desc);
create index rec_sim_device on rec_sim (device_key, ts desc);
create index rec_event_device on rec_event (device_key, ts desc);
create index rec_result_cmd on rec_result (cmd);
create index rec_log_device on rec_log (device_key, ts desc);
create index rec_other_device on rec_other (device_key, ts desc);

-- What devices sent that could not be used: bounded per device by the service, counted, shown to the administrator.
create table quarantine (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  device_key int,
  device_id text not null,
  channel text not null,
  code text not null,
  reason text not null,
  payload bytea not null -- cut to 4 KB
);
create index quarantine_at on quarantine (at desc);

-- ---------------------------------------------------------------- outbox
-- Written in the transaction of the state change, read by cursor in the order of id. Ids are given out before they are visible, so
-- a reader must not pass a transaction that may still commit a lower one: see outbox_tail and its use.
create table outbox (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  kind text not null,
  device_key int,
  region_path int[],
  payload jsonb not null default '{}'
);
create table outbox_cursor (
  reader text primary key,
  id bigint not null,
  moved_at timestamptz not null default now()
);

-- The newest id given out and, looked up after it, the transactions that write to the outbox now. A writer holds its lock on the
-- table from before it takes an id until it ends: one that is not listed and comes later gets an id above `newest`.
create function outbox_tail(out newest bigint, out writers text[]) language plpgsql as $$
begin
  select case when is_called then last_value else 0 end into newest from outbox_id_seq;
  select coalesce(array_agg(virtualtransaction), '{}') into writers from pg_locks
  where locktype = 'relation' and relation = 'outbox'::regclass and mode = 'RowExclusiveLock' and pid <> pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database());
end $$;

-- ---------------------------------------------------------------- commands
create table command_batch (
  id uuid primary key,
  op text not null,
  args jsonb not null default '{}',
  ttl_ms bigint not null,
  created_by int references app_user,
  created_at timestamptz not null default now(),
  selection jsonb not null,
  total int not null
);
create table command (
  id uuid primary key,
  batch_id uuid not null references command_batch,
  device_key int not null references device,
  op text not null,
  args jsonb not null default '{}',
  state text not null default 'queued'
    check (state in ('queued', 'delivered', 'accepted', 'running', 'succeeded', 'failed', 'expired', 'cancelled')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  sent_at timestamptz,
  deliveries int not null default 0,
  delivered_at timestamptz,
  accepted_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  result jsonb
);
create index command_device on command (device_key, created_at desc);
create index command_open on command (expires_at) where state in ('queued', 'delivered', 'accepted', 'running');
create index command_batch_id on command (batch_id);

-- ---------------------------------------------------------------- alerts
create table oncall (
  id int generated always as identity primary key,
  name text not null,
  phone text not null, -- E.164
  region_id int references region, -- null: everything
  enabled boolean not null default true,
  flagged_reason text -- set when the provider says the number can't be reached
);
create table alert (
  id bigint generated always as identity primary key,
  rule text not null check (rule in ('device_offline', 'component_fault')),
  dedup_key text not null, -- device or device+component
  device_key int not null references device,
  station_id int,
  county_id int,
  component text,
  reason text,
  severity text not null default 'error' check (severity in ('info', 'warn', 'error')),
  opened_at timestamptz not null, -- when the fact began, by evidence
  recorded_at timestamptz not null default now(),
  resolved_at timestamptz,
  incident_id bigint
);
create unique index alert_open on alert (dedup_key) where resolved_at is null;
create index alert_recent on alert (recorded_at desc);
create table incident (
  id bigint generated always as identity primary key,
  group_key text not null, -- rule + county
  rule text not null,
  county_id int,
  opened_at timestamptz not null,
  notify_after timestamptz not null,
  notified_at timestamptz,
  acked_at timestamptz,
  acked_by int references app_user,
  resolved_at timestamptz,
  title text not null default '',
  alerts_total int not null default 0
);
create unique index incident_open on incident (group_key) where resolved_at is null and notified_at is null;
create index incident_recent on incident (opened_at desc);
create table notification (
  id bigint generated always as identity primary key,
  incident_id bigint not null references incident,
  oncall_id int references oncall,
  channel text not null default 'sms',
  recipient text not null,
  body text not null,
  dedup_key text not null unique, -- incident + recipient + purpose: sent once whatever crashes
  state text not null default 'queued'
    check (state in ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'unknown')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  provider_id text,
  error_code text,
  error_text text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  updated_at timestamptz not null default now()
);
create index notification_due on notification (next_attempt_at) where state in ('queued', 'unknown', 'sending');

create table setting (
  key text primary key,
  value jsonb not null,
  version int not null default 1
);
