-- Documents owed, complaints, ratings, duty roster, ledger: see docs/duties.md.

-- ---------------------------------------------------------------- documents owed
-- What has to be handed in under a contract, and how often. One side proposes, the other agrees: only then anything is owed. Terms
-- never change; a duty ends and another begins.
create table document_duty (
  id int generated always as identity primary key,
  contract_id int not null references contract on delete cascade,
  duty_id text not null,            -- id of the duty in the contract document, by which figures find it
  name text not null,
  kind text not null,
  cycle text not null check (cycle in ('once', 'week', 'month', 'quarter', 'half_year', 'year')),
  counted_from text not null default 'calendar' check (counted_from in ('calendar', 'start')), -- calendar months, or months from from_day
  due_rule text not null check (due_rule in ('after_end', 'in_period')),
  due_days int not null check (due_days between 0 and 366), -- days after the period's last day, or the day of the period, from 1
  from_day date not null,
  until_day date,                   -- exclusive; null: as long as the contract runs
  state text not null default 'proposed' check (state in ('proposed', 'agreed', 'rejected')),
  proposed_by int references app_user,
  proposed_org_id int not null references org,
  proposed_at timestamptz not null,
  decided_by int references app_user,
  decided_org_id int references org,
  decided_at timestamptz,
  decision_note text,
  -- Somebody asks to end it before its time; it ends once the other side agrees.
  end_day date,
  end_by int references app_user,
  end_org_id int references org,
  end_at timestamptz,
  version int not null default 1,
  check (until_day is null or until_day > from_day)
);
create index document_duty_contract on document_duty (contract_id, id);

-- One document of one period. What is due is made ahead by a job; making it again changes nothing.
create table document_due (
  id int generated always as identity primary key,
  document_duty_id int not null references document_duty on delete cascade,
  contract_id int not null references contract on delete cascade,
  from_day date not null,
  to_day date not null,             -- exclusive
  due_at timestamptz not null,      -- the last instant that is in time: the end of the day
  state text not null default 'open' check (state in ('open', 'submitted', 'accepted', 'returned', 'waived')),
  submitted_at timestamptz,         -- of the submission that stands; null while there is none
  note text,                        -- why it was returned or waived
  decided_at timestamptz,
  decided_by int references app_user,
  decided_org_id int references org,
  version int not null default 1,
  unique (document_duty_id, from_day)
);
create index document_due_contract on document_due (contract_id, due_at);
create index document_due_recent on document_due (due_at desc, id desc);

-- Each handing-in, also those that were returned. Files lie in attached_file under 'document_due:<id>'.
create table document_submission (
  document_due_id int not null references document_due on delete cascade,
  n int not null,
  at timestamptz not null,
  user_id int references app_user,
  org_id int not null references org,
  note text,
  file_ids int[] not null default '{}',
  report_id uuid,                   -- a report that was made here, see document
  returned_at timestamptz,
  returned_note text,
  primary key (document_due_id, n)
);

-- ---------------------------------------------------------------- complaints
create table complaint (
  id int generated always as identity primary key,
  contract_id int not null references contract on delete cascade,
  received_at timestamptz not null,
  through text not null check (through in ('phone', 'letter', 'page', 'visit', 'other')),
  complainant text not null default '',
  phone text,
  region_path int[] not null default '{}', -- of the site; empty: about the contract as a whole
  site_id int references site,
  station_id int references station,
  work_order_id int references work_order on delete set null,
  body text not null,
  recorded_by int references app_user,
  recorded_org_id int not null references org,
  recorded_at timestamptz not null,
  -- Each side's word; equal ones decide.
  agency_word text check (agency_word in ('serious', 'ordinary', 'invalid')),
  agency_note text,
  agency_by int references app_user,
  agency_at timestamptz,
  contractor_word text check (contractor_word in ('serious', 'ordinary', 'invalid')),
  contractor_note text,
  contractor_by int references app_user,
  contractor_at timestamptz,
  state text not null default 'open' check (state in ('open', 'disputed', 'valid', 'invalid')),
  class text check (class in ('serious', 'ordinary')), -- of a valid one
  decided_at timestamptz,
  silent_side text check (silent_side in ('agency', 'contractor')), -- decided by the silence of this side
  resolution text,
  resolution_by int references app_user,
  resolution_at timestamptz,
  resolved_at timestamptz,          -- the agency agreed that it is resolved
  resolved_by int references app_user,
  resolution_refusal text,
  version int not null default 1,
  check ((state = 'valid') = (class is not null))
);
create index complaint_contract on complaint (contract_id, received_at desc, id desc);
create index complaint_recent on complaint (received_at desc, id desc);
create index complaint_waiting on complaint (agency_at, contractor_at) where state = 'open';

-- ---------------------------------------------------------------- ratings
-- Items of a contract's monthly sheet; none: the built-in ones.
create table rating_scheme (
  contract_id int primary key references contract on delete cascade,
  items jsonb not null,             -- [{id, name: {zh, en}}]
  changed_by int references app_user,
  changed_at timestamptz not null
);

create table rating_sheet (
  id int generated always as identity primary key,
  contract_id int not null references contract on delete cascade,
  month text not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  state text not null check (state in ('proposed', 'remarked', 'agreed')),
  items jsonb not null,             -- [{id, name, score, note}], 0 to 100
  figures jsonb,                    -- what was shown beside the items when it was agreed
  round int not null default 1,
  note text,
  proposed_by int references app_user,
  proposed_org_id int not null references org,
  proposed_at timestamptz not null,
  remark text,
  remarked_by int references app_user,
  remarked_at timestamptz,
  agreed_by int references app_user,
  agreed_org_id int references org,
  agreed_at timestamptz,
  version int not null default 1,
  unique (contract_id, month)
);

-- ---------------------------------------------------------------- duty roster
create table duty_shift (
  id int generated always as identity primary key,
  contract_id int not null references contract on delete cascade,
  day date not null,
  from_time text not null check (from_time ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  to_time text not null check (to_time ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'), -- not after from_time: on the next day
  name text not null default '',
  user_id int references app_user,
  person_name text,
  person_phone text,
  note text,
  version int not null default 1,
  unique (contract_id, day, from_time, name),
  check (user_id is null or person_name is null)
);
create index duty_shift_day on duty_shift (day, contract_id);

-- ---------------------------------------------------------------- maintenance ledger
-- A line for each work order that was not cancelled; what stands in it is the order's. Kept by triggers, so that no way of changing an
-- order gets past a confirmation.
create table ledger_line (
  work_order_id int primary key references work_order on delete cascade,
  contract_id int not null references contract,
  county_id int,
  region_path int[] not null,
  opened_at timestamptz not null,
  state text not null check (state in ('open', 'unconfirmed', 'confirmed', 'disputed')),
  said_by int references app_user,
  said_org_id int references org,
  said_at timestamptz,
  note text,
  answer text,                      -- the contractor's, to a dispute
  answered_by int references app_user,
  answered_at timestamptz
);
create index ledger_line_recent on ledger_line (opened_at desc, work_order_id desc);
create index ledger_line_contract on ledger_line (contract_id, opened_at desc, work_order_id desc);
create index ledger_line_state on ledger_line (state, opened_at desc, work_order_id desc);
create index ledger_line_contract_state on ledger_line (contract_id, state, opened_at desc, work_order_id desc);
create index ledger_line_county on ledger_line (county_id, opened_at desc, work_order_id desc);

create function ledger_follow() returns trigger language plpgsql as $$
begin
  if new.state = 'cancelled' then
    delete from ledger_line where work_order_id = new.id;
    return null;
  end if;
  insert into ledger_line (work_order_id, contract_id, county_id, region_path, opened_at, state)
  values (new.id, new.contract_id, new.county_id, new.region_path, new.opened_at,
    case when new.state = 'closed' then 'unconfirmed' else 'open' end)
  on conflict (work_order_id) do update set contract_id = excluded.contract_id, county_id = excluded.county_id,
    region_path = excluded.region_path, opened_at = excluded.opened_at, state = excluded.state,
    said_by = null, said_org_id = null, said_at = null, note = null, answer = null, answered_by = null, answered_at = null;
  return null;
end $$;
create trigger ledger_new after insert on work_order for each row execute function ledger_follow();
-- Whatever stands in the line: what was confirmed before was another line.
create trigger ledger_changed after update on work_order for each row
  when ((old.state = 'closed') is distinct from (new.state = 'closed')
    or (old.state = 'cancelled') is distinct from (new.state = 'cancelled')
    or (old.contract_id, old.county_id, old.region_path, old.opened_at) is distinct from
       (new.contract_id, new.county_id, new.region_path, new.opened_at)
    or new.state = 'closed' and (old.ended_at, old.cause_kind, old.cause_analysis, old.advice, old.warranty, old.labour_fen, old.logistics_fen,
         old.title, old.severity) is distinct from
       (new.ended_at, new.cause_kind, new.cause_analysis, new.advice, new.warranty, new.labour_fen, new.logistics_fen, new.title, new.severity))
  execute function ledger_follow();
create function ledger_follow_part() returns trigger language plpgsql as $$
begin
  update ledger_line set state = 'unconfirmed', said_by = null, said_org_id = null, said_at = null, note = null,
    answer = null, answered_by = null, answered_at = null
  where work_order_id in (new.work_order_id, old.work_order_id) and state in ('confirmed', 'disputed');
  return null;
end $$;
create trigger ledger_part after insert or update or delete on work_order_part for each row execute function ledger_follow_part();
insert into ledger_line (work_order_id, contract_id, county_id, region_path, opened_at, state)
select id, contract_id, county_id, region_path, opened_at, case when state = 'closed' then 'unconfirmed' else 'open' end
from work_order where state <> 'cancelled';
