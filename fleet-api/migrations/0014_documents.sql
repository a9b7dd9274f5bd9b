-- Reports and other paper, made in the background: see docs/reports.md.

-- ---------------------------------------------------------------- what was asked for, and the files that came of it
-- The files lie in the data folder of the API; they go after a time, the row stays.
create table document (
  id uuid primary key,
  kind text not null,                 -- which maker makes it
  params jsonb not null,              -- what the maker is told
  subject text not null,              -- what it is of: 'report:12', 'statement:3'
  contract_id int not null references contract on delete cascade,
  region_id int references region,    -- null: about all of the contract
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  progress_done int not null default 0,
  progress_total int not null default 0,
  attempts int not null default 0,
  claim uuid,                         -- of the run in hand: another one than its own tells a maker that it was given up
  files jsonb not null default '[]',  -- {name, media_type, bytes, sha256, path}
  error text,
  created_by int references app_user, -- null: the platform's own clock
  created_at timestamptz not null,
  updated_at timestamptz not null,    -- heartbeat while it runs
  finished_at timestamptz,
  removed_at timestamptz              -- when its files were taken away
);
create index document_waiting on document (created_at) where state in ('queued', 'running');
create index document_subject on document (subject, created_at desc);
create index document_recent on document (created_at desc, id);
create index document_old on document (finished_at) where removed_at is null;

-- ---------------------------------------------------------------- reports
-- What is made by the clock, for each contract.
create table report_schedule (
  contract_id int not null references contract on delete cascade,
  kind text not null check (kind in ('day', 'week', 'month', 'quarter', 'half_year')),
  enabled boolean not null,
  hour int not null default 6 check (hour between 0 and 23), -- of the first day after the period, zone of the contract
  delay_days int not null default 0 check (delay_days between 0 and 60), -- further days, for late evidence
  language text not null default 'zh' check (language in ('zh', 'en')),
  since_day date not null,            -- periods that end on or after it: switching on makes no past
  updated_by int references app_user,
  updated_at timestamptz not null,
  version int not null default 1,
  primary key (contract_id, kind)
);

-- One edition of a report. The figures are kept as they were when it was made: a release says what the draft said.
create table report (
  id int generated always as identity primary key,
  contract_id int not null references contract on delete cascade,
  kind text not null check (kind in ('day', 'week', 'month', 'quarter', 'half_year')),
  region_id int references region,    -- null: all of the contract
  from_day date not null,
  to_day date not null,               -- the day after the last
  edition int not null check (edition > 0), -- of the same contract, kind, region and period
  origin text not null check (origin in ('schedule', 'person')),
  language text not null check (language in ('zh', 'en')),
  state text not null default 'draft' check (state in ('draft', 'released')),
  advice text not null default '',    -- the contractor's word, before release
  figures bytea,                      -- JSON, gzip; null until made
  figures_at timestamptz,
  headline jsonb,                     -- the few figures that lists show
  draft_document uuid references document on delete set null,
  final_document uuid references document on delete set null,
  created_by int references app_user,
  created_at timestamptz not null,
  released_by int references app_user,
  released_at timestamptz,
  version int not null default 1
);
create unique index report_edition on report (contract_id, kind, coalesce(region_id, 0), from_day, edition);
-- The clock makes a period once, whatever number of processes looks at it.
create unique index report_once on report (contract_id, kind, from_day) where origin = 'schedule';
create index report_recent on report (created_at desc, id desc);
