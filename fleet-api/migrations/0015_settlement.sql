-- Contracts as data, statements, their archive: see docs/settlement.md.

-- ---------------------------------------------------------------- contract documents
-- Versions of a contract as data. One side proposes, the other agrees; the newest agreed one is in force, also for what it says of
-- periods that began before, unless they have been closed.
create table contract_document (
  id int generated always as identity primary key,
  contract_id int not null references contract on delete cascade,
  number int not null,
  state text not null default 'draft' check (state in ('draft', 'proposed', 'agreed', 'rejected', 'withdrawn')),
  document json not null,         -- keeps the order in which people wrote it
  source_text text not null,      -- as it was handed in, JSON or YAML
  sha256 bytea not null,          -- of the canonical form, see docs/settlement.md
  note text,
  created_by int references app_user,
  created_org_id int references org,
  created_at timestamptz not null,
  proposed_by int references app_user,
  proposed_org_id int references org,
  proposed_at timestamptz,
  decided_by int references app_user,
  decided_org_id int references org,
  decided_at timestamptz,
  decision_note text,
  effective_from date,            -- first day of the term that was not closed when it was agreed
  repair_terms_id int references repair_terms,
  version int not null default 1,
  unique (contract_id, number),
  check (decided_org_id <> proposed_org_id)
);
create index contract_document_agreed on contract_document (contract_id, decided_at desc, id desc) where state = 'agreed';

-- ---------------------------------------------------------------- values that no record proves
-- What people say of a metric over a period; counts once the other side agrees, the latest first.
create table metric_input (
  id int generated always as identity primary key,
  contract_id int not null references contract on delete cascade,
  metric text not null,
  from_day date not null,
  to_day date not null,           -- exclusive
  value jsonb not null,
  source text not null,           -- on what it rests: minutes, a survey, a letter
  state text not null default 'proposed' check (state in ('proposed', 'agreed', 'rejected', 'withdrawn')),
  proposed_by int not null references app_user,
  proposed_org_id int not null references org,
  proposed_at timestamptz not null,
  decided_by int references app_user,
  decided_org_id int references org,
  decided_at timestamptz,
  decision_note text,
  check (to_day > from_day),
  check (decided_org_id <> proposed_org_id)
);
create index metric_input_of on metric_input (contract_id, metric, from_day, id);

-- ---------------------------------------------------------------- statements
create table statement (
  id int generated always as identity primary key,
  contract_id int not null references contract,
  instalment text not null,
  sub_period text,
  from_day date not null,
  to_day date not null,           -- exclusive
  state text not null default 'draft'
    check (state in ('draft', 'closed', 'submitted', 'disputed', 'agreed', 'signed', 'archived')),
  freeze_id int,                  -- what it was closed with; null: a draft, computed whenever it is looked at
  created_by int references app_user,
  created_at timestamptz not null,
  submitted_by int references app_user,
  submitted_org_id int references org,
  submitted_at timestamptz,
  agreed_by int references app_user,
  agreed_org_id int references org,
  agreed_at timestamptz,
  checked_at timestamptz,         -- when it was last compared with what evidence says
  version int not null default 1,
  check (to_day > from_day)
);
create unique index statement_of on statement (contract_id, instalment, from_day, to_day, coalesce(sub_period, ''));
create index statement_recent on statement (from_day desc, id desc);

-- What a statement was closed with. Kept when it is opened again, so that nothing that was once put before the other side is lost.
create table statement_freeze (
  id int generated always as identity primary key,
  statement_id int not null references statement on delete cascade,
  revision int not null,
  document_id int not null references contract_document,
  content text not null,          -- canonical JSON: rules, contract document, input, provenance of each value, the statement
  sha256 bytea not null,          -- of content
  evidence text not null,         -- canonical JSON: case logs and lists that values rest on
  evidence_sha256 bytea not null,
  is_complete boolean not null,
  total_fen bigint not null,
  closed_by int references app_user,
  closed_at timestamptz not null,
  unique (statement_id, revision)
);
alter table statement add foreign key (freeze_id) references statement_freeze;

create table statement_closing (
  freeze_id int not null references statement_freeze on delete cascade,
  closed_id int not null references closed_period,
  primary key (freeze_id, closed_id)
);

-- A line that somebody does not accept. Upheld: the other side grants it, the statement can be opened again.
create table statement_dispute (
  id int generated always as identity primary key,
  statement_id int not null references statement on delete cascade,
  freeze_id int not null references statement_freeze on delete cascade,
  clause text not null,
  reason text not null,
  state text not null default 'open' check (state in ('open', 'withdrawn', 'upheld')),
  opened_by int not null references app_user,
  opened_org_id int not null references org,
  opened_at timestamptz not null,
  resolved_by int references app_user,
  resolved_org_id int references org,
  resolved_at timestamptz,
  resolution_note text
);
create index statement_dispute_of on statement_dispute (statement_id, id);
create table statement_comment (
  id int generated always as identity primary key,
  dispute_id int not null references statement_dispute on delete cascade,
  body text not null,
  user_id int not null references app_user,
  org_id int not null references org,
  at timestamptz not null
);
create index statement_comment_of on statement_comment (dispute_id, id);

-- A named person of a side, and the digest of exactly what was signed.
create table statement_signature (
  id int generated always as identity primary key,
  statement_id int not null references statement on delete cascade,
  freeze_id int not null references statement_freeze on delete cascade,
  side text not null check (side in ('agency', 'contractor')),
  user_id int not null references app_user,
  org_id int not null references org,
  name text not null,
  post text not null,
  sha256 bytea not null,
  signed_at timestamptz not null,
  unique (freeze_id, side)
);

-- Chained by contract: each entry's content names the hash of the one before it.
create table statement_archive (
  contract_id int not null references contract,
  seq int not null,
  statement_id int not null unique references statement,
  content text not null,          -- canonical JSON
  sha256 bytea not null,
  previous_sha256 bytea,          -- null: the first
  archived_by int references app_user,
  archived_at timestamptz not null,
  primary key (contract_id, seq)
);

-- What evidence says now of a statement that was closed. The statement itself is not touched.
create table restatement (
  id int generated always as identity primary key,
  statement_id int not null references statement on delete cascade,
  freeze_id int not null references statement_freeze on delete cascade,
  found_at timestamptz not null,
  sha256 bytea not null,          -- of content: the same finding is written down once
  content text not null,          -- canonical JSON: metrics before and after, ms, the statement as it would be, the difference
  difference_fen bigint not null,
  stations_changed int not null,
  seen_by_agency timestamptz,
  seen_by_contractor timestamptz
);
create index restatement_of on restatement (statement_id, id);

-- A running period whose forecast fell below a tier has been told of, once.
create table risk_notice (
  contract_id int not null references contract on delete cascade,
  instalment text not null,
  sub_period text not null,
  clause text not null,
  from_day date not null,
  tier text not null,
  noticed_at timestamptz not null,
  primary key (contract_id, instalment, sub_period, clause, from_day, tier)
);

-- A bundle may carry a statement: the contract document, values and what they rest on.
alter table evidence_bundle add column statement_id int references statement on delete cascade;
