-- Inspections: plans, tasks, checklists: see docs/inspections.md.

-- What is to be inspected how often. A row stays; what it asks for is in its versions.
create table inspection_plan (
  id int generated always as identity primary key,
  contract_id int not null references contract,
  version int not null default 1,  -- the newest of inspection_plan_version
  generated_to date,               -- every period that begins before this day has its tasks
  made_on date,                    -- day of the contract's zone for which tasks were made; null: to be done at once
  created_by int references app_user,
  created_at timestamptz not null
);
create index inspection_plan_contract on inspection_plan (contract_id);

-- Never changed, only followed by newer ones: a task names the version whose checklist it is answered by.
create table inspection_plan_version (
  plan_id int not null references inspection_plan on delete cascade,
  version int not null,
  from_day date not null,          -- holds for periods that begin on or after this day, until the next version's
  name text not null,
  cycle text not null check (cycle in ('month', 'quarter', 'half_year', 'before_holiday')),
  target text not null check (target in ('station', 'site', 'county')),
  region_ids int[] not null,       -- empty: all that the contract is about
  checklist jsonb not null,        -- [{id, zh, en, kind, required, metric, component}]
  assignees jsonb not null,        -- [{region_id, user_id}]: the deepest region counts
  first_day date not null,
  last_day date,                   -- the last one that belongs to it; null: as long as the contract runs
  lead_days int not null check (lead_days between 0 and 366),     -- tasks are there so many days before their period
  window_days int not null check (window_days between 1 and 60),  -- before_holiday: from so many days before it
  min_holiday_days int not null check (min_holiday_days between 1 and 30),
  duty_id text,                    -- the duty of the contract document that this is
  changed_by int references app_user,
  changed_at timestamptz not null,
  primary key (plan_id, version)
);

-- One visit that is owed.
create table inspection_task (
  id int generated always as identity primary key,
  plan_id int not null references inspection_plan on delete cascade,
  plan_version int not null,
  contract_id int not null references contract,
  duty_id text,
  org_id int references org,        -- the contractor that has to come; null: baseline
  period_key text not null,         -- 2026-03, 2026-Q1, 2026-H1, or the first day of the holiday
  period_name text not null,        -- the holiday in words; empty for the others
  period_from date not null,        -- in the contract's zone
  period_to date not null,          -- the day after the last
  begins_at timestamptz not null,
  due_at timestamptz not null,      -- first instant after the last day: done by then is in time
  target text not null check (target in ('station', 'site', 'county')),
  target_id int not null,
  county_id int references region,
  region_path int[] not null,       -- of the site or the county: for scope
  site_id int references site,
  station_id int references station,
  assignee_id int references app_user,
  state text not null default 'open' check (state in ('open', 'started', 'done', 'cancelled')),
  started_at timestamptz,
  started_by int references app_user,
  done_at timestamptz,              -- when it was carried out, as told
  recorded_at timestamptz,          -- when that was told
  done_by int references app_user,
  device_key int references device, -- that stood at the station then
  client_key uuid unique,           -- of the phone's word that it is done: the same word twice is one
  answers jsonb not null default '{}',  -- item -> {value, note, files, reading_at, fault_id}
  readings jsonb not null default '[]', -- what telemetry said when it was told
  note text,
  faulty int not null default 0,    -- items that were found faulty
  -- Taken off by agreement: one side asks, the other decides.
  cancel_reason text,
  cancel_asked_by int references app_user,
  cancel_asked_org_id int references org,
  cancel_asked_at timestamptz,
  cancel_decision text check (cancel_decision in ('approved', 'rejected')),
  cancel_decided_by int references app_user,
  cancel_decided_org_id int references org,
  cancel_decided_at timestamptz,
  cancel_note text,
  version int not null default 1,
  foreign key (plan_id, plan_version) references inspection_plan_version (plan_id, version),
  check ((state = 'done') = (done_at is not null)),
  unique (plan_id, period_key, target, target_id)
);
create index inspection_task_due on inspection_task (contract_id, due_at);
create index inspection_task_list on inspection_task (due_at, id);
create index inspection_task_assignee on inspection_task (assignee_id, due_at) where state in ('open', 'started');
create index inspection_task_asked on inspection_task (cancel_asked_at) where cancel_asked_at is not null and cancel_decision is null;
create index inspection_task_station on inspection_task (station_id, done_at desc) where state = 'done';
create index inspection_task_site on inspection_task (site_id, done_at desc) where state = 'done';
create index inspection_task_device on inspection_task (device_key, done_at desc) where state = 'done';
