-- Repair: what happened (fault), the log that its clocks are read from (case_event), and what is done about it (work_order). See
-- docs/repair-clocks.md and docs/work-orders.md.

-- ---------------------------------------------------------------- what a contract asks for
-- Targets as `parseRepairTargets` takes them; never changed, only followed by newer ones. A case names the row it is judged by.
-- As text: severities keep their order, from ordinary to grave.
create table repair_terms (
  id int generated always as identity primary key,
  contract_id int not null references contract on delete cascade,
  targets json not null,
  timeliness jsonb not null default '{}', -- severity -> {stages, need}; left out: repaired within the limit
  source text not null default 'manual' check (source in ('default', 'manual', 'contract')),
  created_by int references app_user,
  created_at timestamptz not null default now()
);
create index repair_terms_newest on repair_terms (contract_id, id desc);

-- ---------------------------------------------------------------- work orders
create table work_order (
  id int generated always as identity primary key,
  kind text not null check (kind in ('station', 'incident')), -- incident: many stations, one cause
  contract_id int not null references contract,
  county_id int references region,   -- null: the station stands in no county
  region_path int[] not null,        -- of the site, or of the county of an incident: for scope
  site_id int references site,
  station_id int references station,
  cause text not null,               -- as in fault
  title text not null default '',    -- what people call it; empty: told from cause and place
  severity text not null,
  state text not null default 'new' check (state in
    ('new', 'acknowledged', 'assigned', 'on_the_way', 'on_site', 'restored', 'repaired', 'confirmed', 'closed', 'cancelled')),
  org_id int references org,         -- the contractor that has to act
  assignee_id int references app_user,
  opened_at timestamptz not null,    -- earliest of its faults
  recorded_at timestamptz not null default now(),
  ended_at timestamptz,              -- when the last of its faults was gone
  closed_at timestamptz,
  faults_total int not null default 0,
  faults_open int not null default 0,
  -- Read from the clocks of its faults whenever their logs change; the earliest open one.
  next_stage text,
  next_due_at timestamptz,
  next_mark_at timestamptz,          -- next share of a limit at which somebody wants to know
  paused boolean not null default false,
  is_late boolean not null default false, -- a stage of a fault ended, or stands, beyond its limit; kept true by the marker job
  -- Closing (R-HN-4).
  cause_kind text,
  cause_analysis text,
  advice text,
  warranty text check (warranty in ('in', 'out', 'unknown')),
  labour_fen bigint not null default 0 check (labour_fen >= 0),
  logistics_fen bigint not null default 0 check (logistics_fen >= 0),
  version int not null default 1
);
create index work_order_open on work_order (next_due_at, id) where state not in ('closed', 'cancelled');
create index work_order_next_mark on work_order (next_mark_at) where next_mark_at is not null;
create index work_order_recent on work_order (opened_at desc, id desc);
create index work_order_county on work_order (county_id, opened_at desc);
create index work_order_station on work_order (station_id, opened_at desc);
create index work_order_site on work_order (site_id, opened_at desc);
create index work_order_assignee on work_order (assignee_id, state);
create index work_order_contract on work_order (contract_id, opened_at desc);

-- What people did and said; the audit log holds the same acts, this is the story.
create table work_order_entry (
  id bigint generated always as identity primary key,
  work_order_id int not null references work_order on delete cascade,
  at timestamptz not null,          -- when it happened
  recorded_at timestamptz not null, -- when it was told
  kind text not null,               -- acknowledged, assigned, on_the_way, ..., comment, photo, part, pause_*, swap, reopened
  user_id int references app_user,
  org_id int references org,
  note text,
  detail jsonb not null default '{}'
);
create index work_order_entry_of on work_order_entry (work_order_id, id);

-- ---------------------------------------------------------------- faults
create table fault (
  id int generated always as identity primary key,
  contract_id int not null references contract,
  work_order_id int references work_order,
  county_id int references region,
  region_path int[] not null,
  site_id int not null references site,
  station_id int references station,  -- null: the site as a whole
  device_key int references device,   -- that stood there when it began
  source text not null check (source in ('telemetry', 'person', 'site')),
  cause text not null,                -- what makes two faults the same: 'offline', a component, or a category that a person chose
  component text,
  reason text,                        -- the device's own code, as in component reports
  severity text not null,
  description text not null default '',
  reporter_name text,
  reporter_phone text,
  reported_by int references app_user,
  opened_at timestamptz not null,     -- when it began, by evidence
  recorded_at timestamptz not null default now(),
  recovered_at timestamptz,           -- telemetry's word that it is gone
  dedup_key text,                     -- station and cause while telemetry holds it open
  is_flapping boolean not null default false,
  changes int not null default 0,     -- times that it came back within this fault
  recurrence_of int references fault,
  merged_into int references fault,   -- a duplicate: counts nowhere
  -- Read from its log.
  status text not null default 'open' check (status in ('open', 'repaired', 'confirmed', 'cancelled')),
  ended_at timestamptz,
  verdict text not null default 'pending' check (verdict in ('on_time', 'late', 'pending', 'cancelled', 'not_owed')),
  next_stage text,
  next_due_at timestamptz,
  version int not null default 1
);
create unique index fault_held on fault (dedup_key) where dedup_key is not null and recovered_at is null and merged_into is null;
create index fault_recent on fault (opened_at desc, id desc);
create index fault_county on fault (county_id, opened_at desc);
create index fault_station on fault (station_id, cause, opened_at desc);
create index fault_order on fault (work_order_id);
create index fault_contract on fault (contract_id, opened_at);
create index fault_open_due on fault (next_due_at) where status = 'open' and merged_into is null;

-- The log of a case as `@uptally/sla` reads it: append-only. Each fault has all of its own, so that orders can be split and merged.
create table case_event (
  fault_id int not null references fault on delete cascade,
  seq int not null,
  at timestamptz not null,
  kind text not null,
  data jsonb not null default '{}', -- contract (repair_terms.id as text), severity, pause, org, reason, from, to, span
  entry_id bigint references work_order_entry on delete set null,
  recorded_at timestamptz not null,
  user_id int references app_user,
  primary key (fault_id, seq)
);

-- ---------------------------------------------------------------- files that people add to anything
-- subject: 'work_order:12', 'inspection:7', ...; who may see it is decided by the capability that owns the subject.
create table attached_file (
  id int generated always as identity primary key,
  subject text not null,
  purpose text not null default 'photo', -- photo, signature, document, sheet
  name text not null,
  media_type text not null,
  bytes int not null,
  sha256 bytea not null,
  content bytea not null,
  uploaded_by int references app_user, -- null: the site, without an account
  uploaded_at timestamptz not null,
  unique (subject, sha256)
);
create index attached_file_of on attached_file (subject, id);

-- ---------------------------------------------------------------- what telemetry says of a station, before it is a fault
-- A time in which a cause held: from the sample that told of it to the one that told of its end. One becomes a fault once it has
-- lasted longer than its debounce; see docs/faults.md.
create table fault_episode (
  id bigint generated always as identity primary key,
  station_id int not null references station on delete cascade,
  device_key int not null references device,
  cause text not null,
  component text,
  reason text,
  since timestamptz not null,
  until_at timestamptz,               -- null: it lasts
  state text not null default 'waiting' check (state in ('waiting', 'opened', 'ending', 'over')),
  outcome text check (outcome in ('fault', 'short', 'suppressed')),
  why text,                           -- of a suppressed one
  due_at timestamptz,                 -- when it has to be looked at; null: not before something happens
  fault_id int references fault on delete set null
);
create unique index fault_episode_lasting on fault_episode (station_id, cause) where until_at is null;
create index fault_episode_due on fault_episode (due_at, id) where due_at is not null;
create index fault_episode_of on fault_episode (station_id, cause, since);
create index fault_episode_device on fault_episode (device_key) where until_at is null;
create index fault_episode_fault on fault_episode (fault_id);

-- Everybody who told of a fault, the first and the further voices.
create table fault_report (
  id bigint generated always as identity primary key,
  fault_id int not null references fault on delete cascade,
  at timestamptz not null,            -- when it began, as told
  recorded_at timestamptz not null,
  source text not null check (source in ('telemetry', 'person', 'site')),
  cause text not null,
  words text not null default '',
  name text,
  phone text,
  user_id int references app_user,
  photo_key bytea                     -- hash of what lets a site add photos to it for a while
);
create index fault_report_of on fault_report (fault_id, id);
create index fault_report_site on fault_report (recorded_at) where source = 'site';

-- The page that a station's label leads to, without an account.
create table station_page (
  station_id int primary key references station on delete cascade,
  token text not null unique,
  made_at timestamptz not null,
  made_by int references app_user
);

create index fault_list_due on fault (next_due_at, id) where merged_into is null and next_due_at is not null;
create index fault_list on fault (id desc) where merged_into is null;
create index fault_site on fault (site_id, opened_at desc);
create index fault_told on fault (source, opened_at desc, id desc) where source <> 'telemetry';
create index fault_again on fault (opened_at desc, id desc) where recurrence_of is not null;
create index fault_region on fault using gin (region_path);
create index fault_merged on fault (merged_into) where merged_into is not null;
create index work_order_incident on work_order (county_id, cause) where kind = 'incident' and state not in ('closed', 'cancelled');
