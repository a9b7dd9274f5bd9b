-- Availability: what figures rest on, and the figures themselves (docs/availability.md). Everything here but the contracts and the
-- decisions of people can be computed again from the records.

-- ---------------------------------------------------------------- evidence, gathered as it arrives
-- How long a beat proves: the liveness L in force when it was stored. Older rows: 2.5 minutes.
alter table rec_beat add column live_ms int;

-- The newest run of live beats of a device; it grows in the statement that stores them.
alter table device_live
  add column run_from timestamptz,
  add column run_to timestamptz,
  add column run_from_seq bigint,
  add column run_to_seq bigint,
  add column run_live_ms int;

-- Runs of beats, no two neighbours further apart than live_ms: alive on [from_at, to_at + live_ms). `live` ones prove the network,
-- all prove that the program ran. Rows may touch and overlap; their union counts.
create table beat_run (
  device_key int not null references device on delete cascade,
  live boolean not null,
  from_at timestamptz not null, -- first and last beat
  to_at timestamptz not null,
  from_seq bigint not null,
  to_seq bigint not null,
  live_ms int not null,
  check (to_at >= from_at)
);
create index beat_run_to on beat_run (device_key, to_at);
create index beat_run_from on beat_run (device_key, from_at);

-- What a model must have, and since when: a change applies from now on and never rewrites the past.
create table model_requirement (
  model_id int not null references device_model on delete cascade,
  from_at timestamptz not null,
  components text[] not null, -- empty: whatever the device reports
  primary key (model_id, from_at)
);
insert into model_requirement select id, '-infinity', required_components from device_model;
create function model_requirement_note() returns trigger language plpgsql as $$
begin
  insert into model_requirement values
    (new.id, case tg_op when 'INSERT' then '-infinity'::timestamptz else now() end, new.required_components)
  on conflict (model_id, from_at) do update set components = excluded.components;
  return null;
end $$;
create trigger model_requirement_new after insert on device_model for each row execute function model_requirement_note();
create trigger model_requirement_changed after update on device_model for each row
  when (old.required_components is distinct from new.required_components) execute function model_requirement_note();

-- What devices said of their components, as far as it may change a verdict: in order of time of a device and component, a report that
-- repeats the state before it is left out. `absent` and `unknown` decide nothing and are not here.
create table component_report (
  device_key int not null references device on delete cascade,
  component text not null,
  at timestamptz not null,
  seq bigint not null,
  state text not null check (state in ('ok', 'warn', 'fault')),
  primary key (device_key, component, at, seq)
);

create index boot_anchor_begin on boot_anchor (device_key, offset_ms) where from_mono_ms = 0;
create index rec_health_full on rec_health (device_key, ts desc) where is_full;
create index rec_event_boot on rec_event (device_key, ts) where code = 'boot';
create index device_session_clean on device_session (device_key, ended_at) where end_kind in ('clean', 'revoked');

-- ---------------------------------------------------------------- contracts, calendars, what people say
create table contract (
  id int generated always as identity primary key,
  code text not null unique,
  name text not null,
  is_baseline boolean not null default false, -- the platform's own view: every station, around the clock, no parties
  agency_org_id int references org,
  contractor_org_id int references org,
  time_zone text not null default 'Asia/Shanghai',
  term_from date not null,                    -- in time_zone
  term_to date,                               -- exclusive; null: open
  calendar jsonb not null default '{"kind": "always"}',
  rules jsonb not null default '{}',
  created_at timestamptz not null default now(),
  version int not null default 1,
  check (term_to is null or term_to > term_from)
);
create unique index contract_baseline on contract (is_baseline) where is_baseline;
-- Regions whose stations a contract is about; none for the baseline, which is about all.
create table contract_region (
  contract_id int not null references contract on delete cascade,
  region_id int not null references region,
  primary key (contract_id, region_id)
);

-- Public holidays and make-up workdays; an administrator may edit them.
create table calendar_day (
  day date primary key,
  kind text not null check (kind in ('holiday', 'workday')),
  name text not null,
  source text not null default 'manual'
);

create table station_suspension (
  id int generated always as identity primary key,
  station_id int not null references station on delete cascade,
  from_at timestamptz not null,
  to_at timestamptz,
  reason text not null,
  created_by int references app_user,
  created_at timestamptz not null default now(),
  check (to_at is null or to_at > from_at)
);
create index station_suspension_station on station_suspension (station_id, from_at);

create table exclusion (
  id int generated always as identity primary key,
  contract_id int not null references contract,
  kind text not null
    check (kind in ('planned_maintenance', 'site_power_cut', 'site_closed', 'force_majeure', 'customer_request')),
  dimension text not null default 'both' check (dimension in ('network', 'equipment', 'both')),
  region_id int references region,
  site_id int references site,
  station_id int references station,
  from_at timestamptz not null,
  to_at timestamptz not null,
  reason text not null,
  state text not null default 'proposed' check (state in ('proposed', 'approved', 'rejected', 'withdrawn')),
  proposed_by int not null references app_user,
  proposed_org_id int not null references org,
  proposed_at timestamptz not null,
  decided_by int references app_user,
  decided_org_id int references org,
  decided_at timestamptz,
  decision_note text,
  withdraw_by int references app_user, -- who withdrew it; once approved: who asked, until the other side agrees
  withdraw_org_id int references org,
  withdraw_at timestamptz,
  withdraw_note text,
  version int not null default 1,
  check (to_at > from_at),
  check (num_nonnulls(region_id, site_id, station_id) = 1),
  check (decided_org_id <> proposed_org_id)
);
create index exclusion_time on exclusion (contract_id, from_at);
create index exclusion_state on exclusion (state, id desc);
create table exclusion_file (
  id int generated always as identity primary key,
  exclusion_id int not null references exclusion on delete cascade,
  name text not null,
  media_type text not null,
  bytes int not null,
  sha256 bytea not null,
  content bytea not null,
  uploaded_by int references app_user,
  uploaded_at timestamptz not null default now()
);
create index exclusion_file_of on exclusion_file (exclusion_id);
-- What happened to one thing, told from the audit log.
create index audit_subject on audit_log (subject, id);

-- ---------------------------------------------------------------- figures
-- One row a station and day of a contract. Both dimensions: up + down + unknown + platform + excluded = required, to the ms;
-- platform is the unknown that the platform itself is the cause of.
create table accrual (
  contract_id int not null references contract on delete cascade,
  station_id int not null references station on delete cascade,
  day date not null,
  required_ms int not null,
  net_up_ms int not null,
  net_down_ms int not null,
  net_unknown_ms int not null,
  net_platform_ms int not null,
  net_excluded_ms int not null,
  eq_up_ms int not null,
  eq_down_ms int not null,
  eq_unknown_ms int not null,
  eq_platform_ms int not null,
  eq_excluded_ms int not null,
  computed_to timestamptz not null, -- later time of the day is in none of the numbers yet
  primary key (contract_id, station_id, day),
  check (net_up_ms + net_down_ms + net_unknown_ms + net_platform_ms + net_excluded_ms = required_ms),
  check (eq_up_ms + eq_down_ms + eq_unknown_ms + eq_platform_ms + eq_excluded_ms = required_ms)
) with (fillfactor = 80);
create index accrual_day on accrual (contract_id, day);

-- A closed period is frozen: the figures as they were when it was closed. What evidence says later shows as a difference.
create table closed_period (
  id int generated always as identity primary key,
  contract_id int not null references contract,
  from_day date not null,
  to_day date not null, -- exclusive
  closed_by int references app_user,
  closed_at timestamptz not null,
  figures_sha256 bytea not null,
  check (to_day > from_day),
  unique (contract_id, from_day)
);
create table closed_accrual (
  closed_id int not null references closed_period on delete cascade,
  station_id int not null,
  day date not null,
  required_ms int not null,
  net_up_ms int not null, net_down_ms int not null, net_unknown_ms int not null, net_platform_ms int not null, net_excluded_ms int not null,
  eq_up_ms int not null, eq_down_ms int not null, eq_unknown_ms int not null, eq_platform_ms int not null, eq_excluded_ms int not null,
  primary key (closed_id, station_id, day)
);

-- Evidence to hand over: made in the background, downloaded from the data folder.
create table evidence_bundle (
  id uuid primary key,
  contract_id int not null references contract,
  from_day date not null,
  to_day date not null,
  region_id int references region,
  site_id int references site,
  station_id int references station,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  stations_total int,
  stations_done int not null default 0,
  file_name text,
  file_bytes bigint,
  sha256 bytea,
  error text,
  created_by int references app_user,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz
);
create index evidence_bundle_recent on evidence_bundle (created_at desc);

-- ---------------------------------------------------------------- marks: what has to be computed again
-- Written in the transaction that changed the evidence; removed in the one that stores the new figures. [from_at, to_at], of a
-- device, a station, a contract, or (all null) everything.
create table evidence_mark (
  id bigint generated always as identity primary key,
  device_key int,
  station_id int,
  contract_id int,
  from_at timestamptz not null,
  to_at timestamptz not null,
  components text[], -- that a report is about: it holds until the next one
  lo_seq bigint,     -- sequence numbers that filled a gap, half-open: they bear on the silence that they fall into, wherever it is
  hi_seq bigint
);

-- Stations whose figures have to be computed again, and for when: what marks come to. Only the worker writes here.
create table accrual_due (
  station_id int primary key references station on delete cascade,
  due tstzmultirange not null,
  since timestamptz not null
);
create index accrual_due_order on accrual_due (since, station_id);
-- How far days have been handed to the worker; no row: nothing yet.
create table accrual_sweep (
  is_only boolean primary key default true check (is_only),
  swept_to timestamptz not null
);

create function mark_boot() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (device_key, from_at, to_at)
  select device_key, t, t from (
    select device_key, timestamptz 'epoch' + interval '1 millisecond' * offset_ms as t from changed where from_mono_ms = 0) b;
  return null;
end $$;
create trigger evidence_boot after insert on boot_anchor
  referencing new table as changed for each statement execute function mark_boot();

create function mark_session() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (device_key, from_at, to_at) values (new.device_key, new.ended_at, new.ended_at);
  return null;
end $$;
create trigger evidence_session_new after insert on device_session for each row
  when (new.end_kind in ('clean', 'revoked')) execute function mark_session();
create trigger evidence_session_end after update on device_session for each row
  when (new.end_kind in ('clean', 'revoked') and (old.ended_at, old.end_kind) is distinct from (new.ended_at, new.end_kind))
  execute function mark_session();

create function mark_installation() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    insert into evidence_mark (station_id, from_at, to_at) values (old.station_id, old.from_at, coalesce(old.to_at, 'infinity'));
  end if;
  if tg_op <> 'DELETE' then
    insert into evidence_mark (station_id, from_at, to_at) values (new.station_id, new.from_at, coalesce(new.to_at, 'infinity'));
  end if;
  return null;
end $$;
create trigger evidence_installation after insert or update or delete on installation
  for each row execute function mark_installation();

create function mark_station() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (station_id, from_at, to_at)
  values (new.id, '-infinity', 'infinity');
  return null;
end $$;
create trigger evidence_station_new after insert on station for each row
  when (new.commissioned_at is not null) execute function mark_station();
create trigger evidence_station after update on station for each row
  when ((old.commissioned_at, old.decommissioned_at, old.site_id)
    is distinct from (new.commissioned_at, new.decommissioned_at, new.site_id))
  execute function mark_station();

-- A site or a region that moves takes its stations into other contracts and exclusions.
create function mark_site() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (station_id, from_at, to_at)
  select id, '-infinity', 'infinity' from station where site_id = new.id;
  return null;
end $$;
create trigger evidence_site after update on site for each row
  when (old.region_id <> new.region_id) execute function mark_site();
create function mark_region() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (station_id, from_at, to_at)
  select t.id, '-infinity', 'infinity' from region r join site s on s.region_id = r.id join station t on t.site_id = s.id
  where r.path @> array[new.id];
  return null;
end $$;
create trigger evidence_region after update on region for each row
  when (old.path is distinct from new.path) execute function mark_region();

create function mark_suspension() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    insert into evidence_mark (station_id, from_at, to_at) values (old.station_id, old.from_at, coalesce(old.to_at, 'infinity'));
  end if;
  if tg_op <> 'DELETE' then
    insert into evidence_mark (station_id, from_at, to_at) values (new.station_id, new.from_at, coalesce(new.to_at, 'infinity'));
  end if;
  return null;
end $$;
create trigger evidence_suspension after insert or update or delete on station_suspension
  for each row execute function mark_suspension();

-- Only approved exclusions count, so only what enters or leaves that state changes a figure.
create function mark_exclusion() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.state = 'approved' then
    insert into evidence_mark (contract_id, from_at, to_at) values (old.contract_id, old.from_at, old.to_at);
  end if;
  if new.state = 'approved' then
    insert into evidence_mark (contract_id, from_at, to_at) values (new.contract_id, new.from_at, new.to_at);
  end if;
  return null;
end $$;
create trigger evidence_exclusion after insert or update on exclusion for each row execute function mark_exclusion();

create function mark_contract() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (contract_id, from_at, to_at) values (new.id, '-infinity', 'infinity');
  return null;
end $$;
create trigger evidence_contract_new after insert on contract for each row execute function mark_contract();
create trigger evidence_contract after update on contract for each row
  when ((old.time_zone, old.term_from, old.term_to, old.calendar)
    is distinct from (new.time_zone, new.term_from, new.term_to, new.calendar))
  execute function mark_contract();
create function mark_contract_region() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (contract_id, from_at, to_at)
  values (coalesce(new.contract_id, old.contract_id), '-infinity', 'infinity');
  return null;
end $$;
create trigger evidence_contract_region after insert or update or delete on contract_region
  for each row execute function mark_contract_region();

create function mark_calendar() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (from_at, to_at)
  select (d - 1)::timestamptz, (d + 2)::timestamptz from (select coalesce(new.day, old.day) as d) x;
  return null;
end $$;
create trigger evidence_calendar after insert or update or delete on calendar_day
  for each row execute function mark_calendar();

create function mark_requirement() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (device_key, from_at, to_at)
  select device_key, greatest(new.from_at, now()), 'infinity' from device where model_id = new.model_id;
  return null;
end $$;
create trigger evidence_requirement after insert on model_requirement for each row
  when (new.from_at > '-infinity') execute function mark_requirement();
create function mark_device_model() returns trigger language plpgsql as $$
begin
  insert into evidence_mark (device_key, from_at, to_at) values (new.device_key, '-infinity', 'infinity');
  return null;
end $$;
create trigger evidence_device_model after update on device for each row
  when (old.model_id is distinct from new.model_id) execute function mark_device_model();

-- A row of the platform's journal says that it was able to receive from then on, and when it was not before. Process after
-- process without a gap (15 s, as in fleet-api/src/platform) changes nothing.
create function mark_platform() returns trigger language plpgsql as $$
declare
  before constant timestamptz := (
    select max(to_at) from platform_liveness where component = new.component and id <> new.id and from_at <= new.from_at);
begin
  if new.from_at <= before + interval '15 seconds' and new.to_at <= before + interval '15 seconds' then
    return null;
  end if;
  insert into evidence_mark (from_at, to_at) values (coalesce(before, '-infinity'), new.to_at);
  return null;
end $$;
create trigger evidence_platform after insert on platform_liveness for each row
  when (new.component = 'ingest') execute function mark_platform();

-- ---------------------------------------------------------------- what there is already
insert into beat_run (device_key, live, from_at, to_at, from_seq, to_seq, live_ms)
select device_key, live, min(ts), max(ts), (array_agg(seq order by ts, seq))[1], (array_agg(seq order by ts desc, seq desc))[1], 150000
from (
  select device_key, live, ts, seq, sum(fresh) over (partition by device_key, live order by ts, seq) as run
  from (
    select device_key, flags & 1 <> 0 as live, ts, seq,
      case when ts <= lag(ts) over (partition by device_key, flags & 1 <> 0 order by ts, seq) + interval '150 seconds'
        then 0 else 1 end as fresh
    from rec_beat) b) r
group by device_key, live, run;

insert into component_report (device_key, component, at, seq, state)
select device_key, component, ts, seq, state from (
  select h.device_key, c.key as component, h.ts, h.seq, c.value->>'s' as state,
    lag(c.value->>'s' = 'fault') over (partition by h.device_key, c.key order by h.ts, h.seq) as was_fault
  from rec_health h cross join jsonb_each(h.components) c
  where h.components is not null and c.value->>'s' in ('ok', 'warn', 'fault')) r
where was_fault is distinct from (state = 'fault');

-- The baseline begins with the platform's first sign of life.
insert into contract (code, name, is_baseline, term_from)
values ('baseline', 'baseline', true,
  coalesce((select min(from_at) from platform_liveness where component = 'ingest'), now()) at time zone 'Asia/Shanghai');
