-- What alerting and command dispatch need beyond the first draft of their tables.

alter table oncall add column lang text not null default 'zh-CN' check (lang in ('zh-CN', 'en'));
alter table oncall add column created_at timestamptz not null default now();

-- A test message belongs to no incident.
alter table notification alter column incident_id drop not null;
alter table notification drop constraint notification_state_check;
-- dropped: no longer worth sending when its turn came; error_code says why.
alter table notification add constraint notification_state_check
  check (state in ('queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'unknown', 'dropped'));
alter table notification add column attempted_at timestamptz; -- begin of the newest attempt
alter table notification add column settled_at timestamptz;   -- nothing more is to be done or learnt about it
create index notification_unsettled on notification (updated_at) where settled_at is null;
create index notification_incident on notification (incident_id);
create index notification_recipient on notification (recipient, attempted_at);

-- Every attempt and what came of it: the delivery log.
create table notification_attempt (
  notification_id bigint not null references notification,
  attempt int not null,
  at timestamptz not null,
  provider_id text,
  status text not null default 'sending'
    check (status in ('sending', 'queued', 'sent', 'delivered', 'undelivered', 'failed', 'unknown')),
  error_code text,
  error_text text,
  updated_at timestamptz not null,
  primary key (notification_id, attempt)
);
create index notification_attempt_provider on notification_attempt (provider_id);

-- Facts that may be the platform's own doing: judged again at due_at, forgotten if the device comes back before.
create table alert_deferred (
  dedup_key text primary key,
  device_key int not null references device on delete cascade,
  opened_at timestamptz not null,
  due_at timestamptz not null
);
create index alert_deferred_due on alert_deferred (due_at);

create index alert_incident on alert (incident_id);
create index alert_history on alert (dedup_key, recorded_at desc);
create index alert_device on alert (device_key, recorded_at desc);
create index incident_group on incident (group_key, id desc);
create index incident_unnotified on incident (notify_after) where resolved_at is null and notified_at is null;

create index command_waiting on command (device_key) where state in ('queued', 'delivered');
