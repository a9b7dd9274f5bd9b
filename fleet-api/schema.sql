-- Generated from the migrations by "npm run generate". Do not edit.

-- tables
table accrual
  contract_id integer not null
  station_id integer not null
  day date not null
  required_ms integer not null
  net_up_ms integer not null
  net_down_ms integer not null
  net_unknown_ms integer not null
  net_platform_ms integer not null
  net_excluded_ms integer not null
  eq_up_ms integer not null
  eq_down_ms integer not null
  eq_unknown_ms integer not null
  eq_platform_ms integer not null
  eq_excluded_ms integer not null
  computed_to timestamp with time zone not null
table accrual_due
  station_id integer not null
  due tstzmultirange not null
  since timestamp with time zone not null
table accrual_sweep
  is_only boolean not null default true
  swept_to timestamp with time zone not null
table alert
  id bigint not null identity
  rule text not null
  dedup_key text not null
  device_key integer not null
  station_id integer
  county_id integer
  component text
  reason text
  severity text not null default 'error'::text
  opened_at timestamp with time zone not null
  recorded_at timestamp with time zone not null default now()
  resolved_at timestamp with time zone
  incident_id bigint
table alert_deferred
  dedup_key text not null
  device_key integer not null
  opened_at timestamp with time zone not null
  due_at timestamp with time zone not null
table api_key
  id integer not null identity
  key_hash bytea not null
  label text not null
  user_id integer not null
  created_at timestamp with time zone not null default now()
  expires_at timestamp with time zone
  revoked_at timestamp with time zone
  last_used_at timestamp with time zone
table app_user
  id integer not null identity
  login text not null
  name text not null
  org_id integer not null
  role text not null
  phone text
  lang text not null default 'zh-CN'::text
  password_hash text not null
  must_change_password boolean not null default true
  totp_secret text
  totp_confirmed_at timestamp with time zone
  failed_logins integer not null default 0
  locked_until timestamp with time zone
  disabled_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  version integer not null default 1
  totp_last_step bigint not null default 0
table attached_file
  id integer not null identity
  subject text not null
  purpose text not null default 'photo'::text
  name text not null
  media_type text not null
  bytes integer not null
  sha256 bytea not null
  content bytea not null
  uploaded_by integer
  uploaded_at timestamp with time zone not null
table audit_log
  id bigint not null identity
  at timestamp with time zone not null
  user_id integer
  org_id integer
  action text not null
  subject text not null
  detail jsonb not null default '{}'::jsonb
  ip text
  prev_hash bytea not null
  hash bytea not null
table beat_run
  device_key integer not null
  live boolean not null
  from_at timestamp with time zone not null
  to_at timestamp with time zone not null
  from_seq bigint not null
  to_seq bigint not null
  live_ms integer not null
table boot_anchor
  device_key integer not null
  boot integer not null
  from_mono_ms bigint not null
  offset_ms bigint not null
  wall_offset_ms bigint
table calendar_day
  day date not null
  kind text not null
  name text not null
  source text not null default 'manual'::text
table case_event
  fault_id integer not null
  seq integer not null
  at timestamp with time zone not null
  kind text not null
  data jsonb not null default '{}'::jsonb
  entry_id bigint
  recorded_at timestamp with time zone not null
  user_id integer
table closed_accrual
  closed_id integer not null
  station_id integer not null
  day date not null
  required_ms integer not null
  net_up_ms integer not null
  net_down_ms integer not null
  net_unknown_ms integer not null
  net_platform_ms integer not null
  net_excluded_ms integer not null
  eq_up_ms integer not null
  eq_down_ms integer not null
  eq_unknown_ms integer not null
  eq_platform_ms integer not null
  eq_excluded_ms integer not null
table closed_period
  id integer not null identity
  contract_id integer not null
  from_day date not null
  to_day date not null
  closed_by integer
  closed_at timestamp with time zone not null
  figures_sha256 bytea not null
table command
  id uuid not null
  batch_id uuid not null
  device_key integer not null
  op text not null
  args jsonb not null default '{}'::jsonb
  state text not null default 'queued'::text
  created_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null
  sent_at timestamp with time zone
  deliveries integer not null default 0
  delivered_at timestamp with time zone
  accepted_at timestamp with time zone
  started_at timestamp with time zone
  ended_at timestamp with time zone
  result jsonb
table command_batch
  id uuid not null
  op text not null
  args jsonb not null default '{}'::jsonb
  ttl_ms bigint not null
  created_by integer
  created_at timestamp with time zone not null default now()
  selection jsonb not null
  total integer not null
table compatible_model
  model_id integer not null
  spare_model_id integer not null
table complaint
  id integer not null identity
  contract_id integer not null
  received_at timestamp with time zone not null
  through text not null
  complainant text not null default ''::text
  phone text
  region_path integer[] not null default '{}'::integer[]
  site_id integer
  station_id integer
  work_order_id integer
  body text not null
  recorded_by integer
  recorded_org_id integer not null
  recorded_at timestamp with time zone not null
  agency_word text
  agency_note text
  agency_by integer
  agency_at timestamp with time zone
  contractor_word text
  contractor_note text
  contractor_by integer
  contractor_at timestamp with time zone
  state text not null default 'open'::text
  class text
  decided_at timestamp with time zone
  silent_side text
  resolution text
  resolution_by integer
  resolution_at timestamp with time zone
  resolved_at timestamp with time zone
  resolved_by integer
  resolution_refusal text
  version integer not null default 1
table component_report
  device_key integer not null
  component text not null
  at timestamp with time zone not null
  seq bigint not null
  state text not null
table contract
  id integer not null identity
  code text not null
  name text not null
  is_baseline boolean not null default false
  agency_org_id integer
  contractor_org_id integer
  time_zone text not null default 'Asia/Shanghai'::text
  term_from date not null
  term_to date
  calendar jsonb not null default '{"kind": "always"}'::jsonb
  rules jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default now()
  version integer not null default 1
table contract_document
  id integer not null identity
  contract_id integer not null
  number integer not null
  state text not null default 'draft'::text
  document json not null
  source_text text not null
  sha256 bytea not null
  note text
  created_by integer
  created_org_id integer
  created_at timestamp with time zone not null
  proposed_by integer
  proposed_org_id integer
  proposed_at timestamp with time zone
  decided_by integer
  decided_org_id integer
  decided_at timestamp with time zone
  decision_note text
  effective_from date
  repair_terms_id integer
  version integer not null default 1
table contract_region
  contract_id integer not null
  region_id integer not null
table device
  device_key integer not null identity
  device_id text not null
  serial text not null
  model_id integer
  org_id integer
  region_id integer
  lifecycle text not null default 'in_stock'::text
  secret_hash bytea
  enrolled_at timestamp with time zone
  revoked_at timestamp with time zone
  note text
  inventory jsonb
  created_at timestamp with time zone not null default now()
  version integer not null default 1
table device_list
  device_key integer not null
  device_id text not null
  serial text not null
  model_id integer
  lifecycle text not null
  region_id integer
  site_id integer
  station_id integer
  place text
  state smallint not null default 2
  troubles text[] not null default '{}'::text[]
  changed_at timestamp with time zone
  signal_dbm real
  rtt_ms real
  sim_order bigint not null default 0
table device_live
  device_key integer not null
  seqs int8multirange not null default '{}'::int8multirange
  boot integer
  session integer
  connected boolean not null default false
  online boolean not null default false
  changed_at timestamp with time zone
  last_live_at timestamp with time zone
  last_rcv_at timestamp with time zone
  last_ts timestamp with time zone
  beat_ms integer not null default 60000
  agent text
  fw text
  cfg_rev integer
  components jsonb not null default '{}'::jsonb
  faulty boolean not null default false
  health jsonb not null default '{}'::jsonb
  health_at timestamp with time zone
  net jsonb not null default '{}'::jsonb
  net_at timestamp with time zone
  sim_month date
  sim_bytes bigint not null default 0
  gaps_reported bigint not null default 0
  run_from timestamp with time zone
  run_to timestamp with time zone
  run_from_seq bigint
  run_to_seq bigint
  run_live_ms integer
table device_model
  id integer not null identity
  code text not null
  name text not null
  vendor text not null default ''::text
  required_components text[] not null default '{}'::text[]
table device_purchase
  device_key integer not null
  purchased_on date
  warranty_until date
  supplier text
  updated_by integer
  updated_at timestamp with time zone not null
table device_search
  device_key integer not null
  search text not null
table device_session
  device_key integer not null
  session integer not null
  boot integer
  began_at timestamp with time zone not null
  ended_at timestamp with time zone
  end_kind text
table document
  id uuid not null
  kind text not null
  params jsonb not null
  subject text not null
  contract_id integer not null
  region_id integer
  state text not null default 'queued'::text
  progress_done integer not null default 0
  progress_total integer not null default 0
  attempts integer not null default 0
  claim uuid
  files jsonb not null default '[]'::jsonb
  error text
  created_by integer
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  finished_at timestamp with time zone
  removed_at timestamp with time zone
table document_due
  id integer not null identity
  document_duty_id integer not null
  contract_id integer not null
  from_day date not null
  to_day date not null
  due_at timestamp with time zone not null
  state text not null default 'open'::text
  submitted_at timestamp with time zone
  note text
  decided_at timestamp with time zone
  decided_by integer
  decided_org_id integer
  version integer not null default 1
table document_duty
  id integer not null identity
  contract_id integer not null
  duty_id text not null
  name text not null
  kind text not null
  cycle text not null
  counted_from text not null default 'calendar'::text
  due_rule text not null
  due_days integer not null
  from_day date not null
  until_day date
  state text not null default 'proposed'::text
  proposed_by integer
  proposed_org_id integer not null
  proposed_at timestamp with time zone not null
  decided_by integer
  decided_org_id integer
  decided_at timestamp with time zone
  decision_note text
  end_day date
  end_by integer
  end_org_id integer
  end_at timestamp with time zone
  version integer not null default 1
table document_submission
  document_due_id integer not null
  n integer not null
  at timestamp with time zone not null
  user_id integer
  org_id integer not null
  note text
  file_ids integer[] not null default '{}'::integer[]
  report_id uuid
  returned_at timestamp with time zone
  returned_note text
table duty_shift
  id integer not null identity
  contract_id integer not null
  day date not null
  from_time text not null
  to_time text not null
  name text not null default ''::text
  user_id integer
  person_name text
  person_phone text
  note text
  version integer not null default 1
table enrolment_token
  id integer not null identity
  token_hash bytea not null
  label text not null
  uses_max integer not null
  uses integer not null default 0
  expires_at timestamp with time zone not null
  revoked_at timestamp with time zone
  model_id integer
  region_id integer
  created_by integer
  created_at timestamp with time zone not null default now()
table evidence_bundle
  id uuid not null
  contract_id integer not null
  from_day date not null
  to_day date not null
  region_id integer
  site_id integer
  station_id integer
  state text not null default 'queued'::text
  stations_total integer
  stations_done integer not null default 0
  file_name text
  file_bytes bigint
  sha256 bytea
  error text
  created_by integer
  created_at timestamp with time zone not null
  updated_at timestamp with time zone not null
  finished_at timestamp with time zone
  statement_id integer
table evidence_mark
  id bigint not null identity
  device_key integer
  station_id integer
  contract_id integer
  from_at timestamp with time zone not null
  to_at timestamp with time zone not null
  components text[]
  lo_seq bigint
  hi_seq bigint
table exclusion
  id integer not null identity
  contract_id integer not null
  kind text not null
  dimension text not null default 'both'::text
  region_id integer
  site_id integer
  station_id integer
  from_at timestamp with time zone not null
  to_at timestamp with time zone not null
  reason text not null
  state text not null default 'proposed'::text
  proposed_by integer not null
  proposed_org_id integer not null
  proposed_at timestamp with time zone not null
  decided_by integer
  decided_org_id integer
  decided_at timestamp with time zone
  decision_note text
  withdraw_by integer
  withdraw_org_id integer
  withdraw_at timestamp with time zone
  withdraw_note text
  version integer not null default 1
table exclusion_file
  id integer not null identity
  exclusion_id integer not null
  name text not null
  media_type text not null
  bytes integer not null
  sha256 bytea not null
  content bytea not null
  uploaded_by integer
  uploaded_at timestamp with time zone not null default now()
table fault
  id integer not null identity
  contract_id integer not null
  work_order_id integer
  county_id integer
  region_path integer[] not null
  site_id integer not null
  station_id integer
  device_key integer
  source text not null
  cause text not null
  component text
  reason text
  severity text not null
  description text not null default ''::text
  reporter_name text
  reporter_phone text
  reported_by integer
  opened_at timestamp with time zone not null
  recorded_at timestamp with time zone not null default now()
  recovered_at timestamp with time zone
  dedup_key text
  is_flapping boolean not null default false
  changes integer not null default 0
  recurrence_of integer
  merged_into integer
  status text not null default 'open'::text
  ended_at timestamp with time zone
  verdict text not null default 'pending'::text
  next_stage text
  next_due_at timestamp with time zone
  version integer not null default 1
  marks jsonb not null default '[]'::jsonb
  is_late boolean not null default false
  paused boolean not null default false
table fault_episode
  id bigint not null identity
  station_id integer not null
  device_key integer not null
  cause text not null
  component text
  reason text
  since timestamp with time zone not null
  until_at timestamp with time zone
  state text not null default 'waiting'::text
  outcome text
  why text
  due_at timestamp with time zone
  fault_id integer
table fault_report
  id bigint not null identity
  fault_id integer not null
  at timestamp with time zone not null
  recorded_at timestamp with time zone not null
  source text not null
  cause text not null
  words text not null default ''::text
  name text
  phone text
  user_id integer
  photo_key bytea
table idempotency
  user_id integer not null
  key text not null
  request_hash bytea not null
  status integer
  body jsonb
  created_at timestamp with time zone not null default now()
table incident
  id bigint not null identity
  group_key text not null
  rule text not null
  county_id integer
  opened_at timestamp with time zone not null
  notify_after timestamp with time zone not null
  notified_at timestamp with time zone
  acked_at timestamp with time zone
  acked_by integer
  resolved_at timestamp with time zone
  title text not null default ''::text
  alerts_total integer not null default 0
table inspection_plan
  id integer not null identity
  contract_id integer not null
  version integer not null default 1
  generated_to date
  made_on date
  created_by integer
  created_at timestamp with time zone not null
table inspection_plan_version
  plan_id integer not null
  version integer not null
  from_day date not null
  name text not null
  cycle text not null
  target text not null
  region_ids integer[] not null
  checklist jsonb not null
  assignees jsonb not null
  first_day date not null
  last_day date
  lead_days integer not null
  window_days integer not null
  min_holiday_days integer not null
  duty_id text
  changed_by integer
  changed_at timestamp with time zone not null
table inspection_task
  id integer not null identity
  plan_id integer not null
  plan_version integer not null
  contract_id integer not null
  duty_id text
  org_id integer
  period_key text not null
  period_name text not null
  period_from date not null
  period_to date not null
  begins_at timestamp with time zone not null
  due_at timestamp with time zone not null
  target text not null
  target_id integer not null
  county_id integer
  region_path integer[] not null
  site_id integer
  station_id integer
  assignee_id integer
  state text not null default 'open'::text
  started_at timestamp with time zone
  started_by integer
  done_at timestamp with time zone
  recorded_at timestamp with time zone
  done_by integer
  device_key integer
  client_key uuid
  answers jsonb not null default '{}'::jsonb
  readings jsonb not null default '[]'::jsonb
  note text
  faulty integer not null default 0
  cancel_reason text
  cancel_asked_by integer
  cancel_asked_org_id integer
  cancel_asked_at timestamp with time zone
  cancel_decision text
  cancel_decided_by integer
  cancel_decided_org_id integer
  cancel_decided_at timestamp with time zone
  cancel_note text
  version integer not null default 1
table installation
  id integer not null identity
  device_key integer not null
  station_id integer not null
  from_at timestamp with time zone not null
  to_at timestamp with time zone
  reason text
table lease
  name text not null
  owner text not null
  until_at timestamp with time zone not null
table ledger_line
  work_order_id integer not null
  contract_id integer not null
  county_id integer
  region_path integer[] not null
  opened_at timestamp with time zone not null
  state text not null
  said_by integer
  said_org_id integer
  said_at timestamp with time zone
  note text
  answer text
  answered_by integer
  answered_at timestamp with time zone
table metric_input
  id integer not null identity
  contract_id integer not null
  metric text not null
  from_day date not null
  to_day date not null
  value jsonb not null
  source text not null
  state text not null default 'proposed'::text
  proposed_by integer not null
  proposed_org_id integer not null
  proposed_at timestamp with time zone not null
  decided_by integer
  decided_org_id integer
  decided_at timestamp with time zone
  decision_note text
table model_requirement
  model_id integer not null
  from_at timestamp with time zone not null
  components text[] not null
table notification
  id bigint not null identity
  incident_id bigint
  oncall_id integer
  channel text not null default 'sms'::text
  recipient text not null
  body text not null
  dedup_key text not null
  state text not null default 'queued'::text
  attempts integer not null default 0
  next_attempt_at timestamp with time zone not null default now()
  provider_id text
  error_code text
  error_text text
  created_at timestamp with time zone not null default now()
  sent_at timestamp with time zone
  updated_at timestamp with time zone not null default now()
  attempted_at timestamp with time zone
  settled_at timestamp with time zone
table notification_attempt
  notification_id bigint not null
  attempt integer not null
  at timestamp with time zone not null
  provider_id text
  status text not null default 'sending'::text
  error_code text
  error_text text
  updated_at timestamp with time zone not null
table oncall
  id integer not null identity
  name text not null
  phone text not null
  region_id integer
  enabled boolean not null default true
  flagged_reason text
  lang text not null default 'zh-CN'::text
  created_at timestamp with time zone not null default now()
  topics text[] not null default '{}'::text[]
table org
  id integer not null identity
  code text not null
  name text not null
  kind text not null
  created_at timestamp with time zone not null default now()
table outbox
  id bigint not null identity
  at timestamp with time zone not null default now()
  kind text not null
  device_key integer
  region_path integer[]
  payload jsonb not null default '{}'::jsonb
table outbox_cursor
  reader text not null
  id bigint not null
  moved_at timestamp with time zone not null default now()
table part
  id integer not null identity
  code text not null
  name text not null
  unit text not null
  price_fen bigint not null default 0
  is_retired boolean not null default false
  version integer not null default 1
table part_movement
  id bigint not null identity
  part_id integer not null
  region_id integer not null
  at timestamp with time zone not null
  kind text not null
  change integer not null
  quantity integer not null
  work_order_id integer
  user_id integer
  reason text
table part_stock
  part_id integer not null
  region_id integer not null
  quantity integer not null default 0
  minimum integer not null default 0
table platform_liveness
  id bigint not null identity
  component text not null
  instance text not null
  from_at timestamp with time zone not null
  to_at timestamp with time zone not null
table quarantine
  id bigint not null identity
  at timestamp with time zone not null default now()
  device_key integer
  device_id text not null
  channel text not null
  code text not null
  reason text not null
  payload bytea not null
table rating_scheme
  contract_id integer not null
  items jsonb not null
  changed_by integer
  changed_at timestamp with time zone not null
table rating_sheet
  id integer not null identity
  contract_id integer not null
  month text not null
  state text not null
  items jsonb not null
  figures jsonb
  round integer not null default 1
  note text
  proposed_by integer
  proposed_org_id integer not null
  proposed_at timestamp with time zone not null
  remark text
  remarked_by integer
  remarked_at timestamp with time zone
  agreed_by integer
  agreed_org_id integer
  agreed_at timestamp with time zone
  version integer not null default 1
table rec_beat
  ts timestamp with time zone not null
  rcv_at timestamp with time zone not null
  seq bigint not null
  device_key integer not null
  flags smallint not null
  live_ms integer
table rec_event
  ts timestamp with time zone not null
  rcv_at timestamp with time zone not null
  seq bigint not null
  device_key integer not null
  flags smallint not null
  code text not null
  sev text not null
  d jsonb
table rec_health
  ts timestamp with time zone not null
  rcv_at timestamp with time zone not null
  seq bigint not null
  device_key integer not null
  flags smallint not null
  is_full boolean not null
  components jsonb
  metrics jsonb
  cpu_pct real
  mem_used_pct real
  disk_used_pct real
  temp_c real
  load1 real
table rec_log
  ts timestamp with time zone not null
  rcv_at timestamp with time zone not null
  seq bigint not null
  device_key integer not null
  flags smallint not null
  lvl text not null
  src text
  msg text not null
table rec_net
  ts timestamp with time zone not null
  rcv_at timestamp with time zone not null
  seq bigint not null
  device_key integer not null
  flags smallint not null
  rtt_ms real
  jitter_ms real
  sent integer
  lost integer
  pkt bigint
  pkt_err bigint
  signal_dbm real
  rsrp_dbm real
  rsrq_db real
  sinr_db real
  operator text
  rat text
  cell text
table rec_other
  ts timestamp with time zone not null
  rcv_at timestamp with time zone not null
  seq bigint not null
  device_key integer not null
  flags smallint not null
  kind text not null
  body jsonb not null
table rec_result
  ts timestamp with time zone not null
  rcv_at timestamp with time zone not null
  seq bigint not null
  device_key integer not null
  flags smallint not null
  cmd text not null
  state text not null
  code text
  d jsonb
table rec_sim
  ts timestamp with time zone not null
  rcv_at timestamp with time zone not null
  seq bigint not null
  device_key integer not null
  flags smallint not null
  rx_bytes bigint not null
  tx_bytes bigint not null
  src text
  iccid text
  imsi text
  imei text
table region
  id integer not null identity
  parent_id integer
  kind text not null
  code text not null
  name text not null
  path integer[] not null default '{}'::integer[]
  sort integer not null default 0
table repair_leg
  id integer not null identity
  device_key integer not null
  work_order_id integer
  station_id integer
  sent_at timestamp with time zone not null
  sent_by integer
  from_region integer
  centre text
  carrier text
  tracking_no text
  warranty text not null default 'unknown'::text
  due_on date
  symptom text
  diagnosis text
  repair_fen bigint not null default 0
  logistics_fen bigint not null default 0
  returned_at timestamp with time zone
  returned_by integer
  outcome text
  swapped_back_at timestamp with time zone
  version integer not null default 1
table repair_terms
  id integer not null identity
  contract_id integer not null
  targets json not null
  timeliness jsonb not null default '{}'::jsonb
  source text not null default 'manual'::text
  created_by integer
  created_at timestamp with time zone not null default now()
table report
  id integer not null identity
  contract_id integer not null
  kind text not null
  region_id integer
  from_day date not null
  to_day date not null
  edition integer not null
  origin text not null
  language text not null
  state text not null default 'draft'::text
  advice text not null default ''::text
  figures bytea
  figures_at timestamp with time zone
  headline jsonb
  draft_document uuid
  final_document uuid
  created_by integer
  created_at timestamp with time zone not null
  released_by integer
  released_at timestamp with time zone
  version integer not null default 1
table report_schedule
  contract_id integer not null
  kind text not null
  enabled boolean not null
  hour integer not null default 6
  delay_days integer not null default 0
  language text not null default 'zh'::text
  since_day date not null
  updated_by integer
  updated_at timestamp with time zone not null
  version integer not null default 1
table restatement
  id integer not null identity
  statement_id integer not null
  freeze_id integer not null
  found_at timestamp with time zone not null
  sha256 bytea not null
  content text not null
  difference_fen bigint not null
  stations_changed integer not null
  seen_by_agency timestamp with time zone
  seen_by_contractor timestamp with time zone
table risk_notice
  contract_id integer not null
  instalment text not null
  sub_period text not null
  clause text not null
  from_day date not null
  tier text not null
  noticed_at timestamp with time zone not null
table schema_migration
  number integer not null
  name text not null
  sha256 text not null
  applied_at timestamp with time zone not null default now()
table setting
  key text not null
  value jsonb not null
  version integer not null default 1
table sim_card
  id integer not null identity
  iccid text not null
  imsi text
  msisdn text
  operator text
  quota_bytes bigint not null default 524288000
  state text not null default 'active'::text
  device_key integer
  version integer not null default 1
table site
  id integer not null identity
  region_id integer not null
  code text not null
  name text not null
  kind text not null default 'village_clinic'::text
  address text
  contact_name text
  contact_phone text
  lat double precision
  lon double precision
  created_at timestamp with time zone not null default now()
  version integer not null default 1
table statement
  id integer not null identity
  contract_id integer not null
  instalment text not null
  sub_period text
  from_day date not null
  to_day date not null
  state text not null default 'draft'::text
  freeze_id integer
  created_by integer
  created_at timestamp with time zone not null
  submitted_by integer
  submitted_org_id integer
  submitted_at timestamp with time zone
  agreed_by integer
  agreed_org_id integer
  agreed_at timestamp with time zone
  checked_at timestamp with time zone
  version integer not null default 1
table statement_archive
  contract_id integer not null
  seq integer not null
  statement_id integer not null
  content text not null
  sha256 bytea not null
  previous_sha256 bytea
  archived_by integer
  archived_at timestamp with time zone not null
table statement_closing
  freeze_id integer not null
  closed_id integer not null
table statement_comment
  id integer not null identity
  dispute_id integer not null
  body text not null
  user_id integer not null
  org_id integer not null
  at timestamp with time zone not null
table statement_dispute
  id integer not null identity
  statement_id integer not null
  freeze_id integer not null
  clause text not null
  reason text not null
  state text not null default 'open'::text
  opened_by integer not null
  opened_org_id integer not null
  opened_at timestamp with time zone not null
  resolved_by integer
  resolved_org_id integer
  resolved_at timestamp with time zone
  resolution_note text
table statement_freeze
  id integer not null identity
  statement_id integer not null
  revision integer not null
  document_id integer not null
  content text not null
  sha256 bytea not null
  evidence text not null
  evidence_sha256 bytea not null
  is_complete boolean not null
  total_fen bigint not null
  closed_by integer
  closed_at timestamp with time zone not null
table statement_signature
  id integer not null identity
  statement_id integer not null
  freeze_id integer not null
  side text not null
  user_id integer not null
  org_id integer not null
  name text not null
  post text not null
  sha256 bytea not null
  signed_at timestamp with time zone not null
table station
  id integer not null identity
  site_id integer not null
  code text not null
  name text not null
  commissioned_at timestamp with time zone
  decommissioned_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  version integer not null default 1
table station_page
  station_id integer not null
  token text not null
  made_at timestamp with time zone not null
  made_by integer
table station_suspension
  id integer not null identity
  station_id integer not null
  from_at timestamp with time zone not null
  to_at timestamp with time zone
  reason text not null
  created_by integer
  created_at timestamp with time zone not null default now()
table stock_minimum
  region_id integer not null
  model_id integer not null
  minimum integer not null
table stock_movement
  id bigint not null identity
  device_key integer not null
  at timestamp with time zone not null
  recorded_at timestamp with time zone not null default now()
  kind text not null
  from_lifecycle text
  to_lifecycle text not null
  from_region integer
  to_region integer
  station_id integer
  work_order_id integer
  user_id integer
  note text
table user_region
  user_id integer not null
  region_id integer not null
table user_session
  token_hash bytea not null
  user_id integer not null
  created_at timestamp with time zone not null default now()
  last_seen_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null
  ip text
  user_agent text
  id integer not null identity
table wipe_check
  id integer not null identity
  device_key integer not null
  station_id integer
  work_order_id integer
  left_at timestamp with time zone not null
  state text not null default 'pending'::text
  version integer not null default 1
table wipe_record
  id integer not null identity
  check_id integer not null
  at timestamp with time zone not null
  user_id integer
  method text not null
  result text not null
  note text
table work_order
  id integer not null identity
  kind text not null
  contract_id integer not null
  county_id integer
  region_path integer[] not null
  site_id integer
  station_id integer
  cause text not null
  title text not null default ''::text
  severity text not null
  state text not null default 'new'::text
  org_id integer
  assignee_id integer
  opened_at timestamp with time zone not null
  recorded_at timestamp with time zone not null default now()
  ended_at timestamp with time zone
  closed_at timestamp with time zone
  faults_total integer not null default 0
  faults_open integer not null default 0
  next_stage text
  next_due_at timestamp with time zone
  next_mark_at timestamp with time zone
  paused boolean not null default false
  is_late boolean not null default false
  cause_kind text
  cause_analysis text
  advice text
  warranty text
  labour_fen bigint not null default 0
  logistics_fen bigint not null default 0
  version integer not null default 1
table work_order_confirmation
  id integer not null identity
  work_order_id integer not null
  via text not null
  name text not null
  phone text
  note text
  at timestamp with time zone not null
  signature_id integer
  user_id integer
  voided_at timestamp with time zone
table work_order_entry
  id bigint not null identity
  work_order_id integer not null
  at timestamp with time zone not null
  recorded_at timestamp with time zone not null
  kind text not null
  user_id integer
  org_id integer
  note text
  detail jsonb not null default '{}'::jsonb
table work_order_link
  id integer not null identity
  work_order_id integer not null
  token_hash bytea not null
  created_by integer not null
  created_at timestamp with time zone not null
  expires_at timestamp with time zone not null
  used_at timestamp with time zone
table work_order_mark
  work_order_id integer not null
  stage text not null
  percent integer not null
  told_at timestamp with time zone not null
table work_order_part
  id integer not null identity
  work_order_id integer not null
  name text not null
  qty integer not null
  unit_fen bigint not null default 0
  serial text
  part_id integer
  added_by integer
  added_at timestamp with time zone not null

-- constraints
accrual.accrual_check: CHECK ((((((net_up_ms + net_down_ms) + net_unknown_ms) + net_platform_ms) + net_excluded_ms) = required_ms))
accrual.accrual_check1: CHECK ((((((eq_up_ms + eq_down_ms) + eq_unknown_ms) + eq_platform_ms) + eq_excluded_ms) = required_ms))
accrual.accrual_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
accrual.accrual_pkey: PRIMARY KEY (contract_id, station_id, day)
accrual.accrual_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id) ON DELETE CASCADE
accrual_due.accrual_due_pkey: PRIMARY KEY (station_id)
accrual_due.accrual_due_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id) ON DELETE CASCADE
accrual_sweep.accrual_sweep_is_only_check: CHECK (is_only)
accrual_sweep.accrual_sweep_pkey: PRIMARY KEY (is_only)
alert.alert_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key)
alert.alert_pkey: PRIMARY KEY (id)
alert.alert_rule_check: CHECK ((rule = ANY (ARRAY['device_offline'::text, 'component_fault'::text])))
alert.alert_severity_check: CHECK ((severity = ANY (ARRAY['info'::text, 'warn'::text, 'error'::text])))
alert_deferred.alert_deferred_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
alert_deferred.alert_deferred_pkey: PRIMARY KEY (dedup_key)
api_key.api_key_key_hash_key: UNIQUE (key_hash)
api_key.api_key_pkey: PRIMARY KEY (id)
api_key.api_key_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
app_user.app_user_lang_check: CHECK ((lang = ANY (ARRAY['zh-CN'::text, 'en'::text])))
app_user.app_user_login_check: CHECK ((login = lower(login)))
app_user.app_user_login_key: UNIQUE (login)
app_user.app_user_org_id_fkey: FOREIGN KEY (org_id) REFERENCES org(id)
app_user.app_user_pkey: PRIMARY KEY (id)
app_user.app_user_role_check: CHECK ((role = ANY (ARRAY['admin'::text, 'manager'::text, 'engineer'::text, 'oncall'::text, 'auditor'::text])))
attached_file.attached_file_pkey: PRIMARY KEY (id)
attached_file.attached_file_subject_sha256_key: UNIQUE (subject, sha256)
attached_file.attached_file_uploaded_by_fkey: FOREIGN KEY (uploaded_by) REFERENCES app_user(id)
audit_log.audit_log_pkey: PRIMARY KEY (id)
beat_run.beat_run_check: CHECK ((to_at >= from_at))
beat_run.beat_run_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
boot_anchor.boot_anchor_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
boot_anchor.boot_anchor_pkey: PRIMARY KEY (device_key, boot, from_mono_ms)
calendar_day.calendar_day_kind_check: CHECK ((kind = ANY (ARRAY['holiday'::text, 'workday'::text])))
calendar_day.calendar_day_pkey: PRIMARY KEY (day)
case_event.case_event_entry_id_fkey: FOREIGN KEY (entry_id) REFERENCES work_order_entry(id) ON DELETE SET NULL
case_event.case_event_fault_id_fkey: FOREIGN KEY (fault_id) REFERENCES fault(id) ON DELETE CASCADE
case_event.case_event_pkey: PRIMARY KEY (fault_id, seq)
case_event.case_event_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
closed_accrual.closed_accrual_closed_id_fkey: FOREIGN KEY (closed_id) REFERENCES closed_period(id) ON DELETE CASCADE
closed_accrual.closed_accrual_pkey: PRIMARY KEY (closed_id, station_id, day)
closed_period.closed_period_check: CHECK ((to_day > from_day))
closed_period.closed_period_closed_by_fkey: FOREIGN KEY (closed_by) REFERENCES app_user(id)
closed_period.closed_period_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
closed_period.closed_period_contract_id_from_day_key: UNIQUE (contract_id, from_day)
closed_period.closed_period_pkey: PRIMARY KEY (id)
command.command_batch_id_fkey: FOREIGN KEY (batch_id) REFERENCES command_batch(id)
command.command_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key)
command.command_pkey: PRIMARY KEY (id)
command.command_state_check: CHECK ((state = ANY (ARRAY['queued'::text, 'delivered'::text, 'accepted'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'expired'::text, 'cancelled'::text])))
command_batch.command_batch_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
command_batch.command_batch_pkey: PRIMARY KEY (id)
compatible_model.compatible_model_check: CHECK ((model_id <> spare_model_id))
compatible_model.compatible_model_model_id_fkey: FOREIGN KEY (model_id) REFERENCES device_model(id)
compatible_model.compatible_model_pkey: PRIMARY KEY (model_id, spare_model_id)
compatible_model.compatible_model_spare_model_id_fkey: FOREIGN KEY (spare_model_id) REFERENCES device_model(id)
complaint.complaint_agency_by_fkey: FOREIGN KEY (agency_by) REFERENCES app_user(id)
complaint.complaint_agency_word_check: CHECK ((agency_word = ANY (ARRAY['serious'::text, 'ordinary'::text, 'invalid'::text])))
complaint.complaint_check: CHECK (((state = 'valid'::text) = (class IS NOT NULL)))
complaint.complaint_class_check: CHECK ((class = ANY (ARRAY['serious'::text, 'ordinary'::text])))
complaint.complaint_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
complaint.complaint_contractor_by_fkey: FOREIGN KEY (contractor_by) REFERENCES app_user(id)
complaint.complaint_contractor_word_check: CHECK ((contractor_word = ANY (ARRAY['serious'::text, 'ordinary'::text, 'invalid'::text])))
complaint.complaint_pkey: PRIMARY KEY (id)
complaint.complaint_recorded_by_fkey: FOREIGN KEY (recorded_by) REFERENCES app_user(id)
complaint.complaint_recorded_org_id_fkey: FOREIGN KEY (recorded_org_id) REFERENCES org(id)
complaint.complaint_resolution_by_fkey: FOREIGN KEY (resolution_by) REFERENCES app_user(id)
complaint.complaint_resolved_by_fkey: FOREIGN KEY (resolved_by) REFERENCES app_user(id)
complaint.complaint_silent_side_check: CHECK ((silent_side = ANY (ARRAY['agency'::text, 'contractor'::text])))
complaint.complaint_site_id_fkey: FOREIGN KEY (site_id) REFERENCES site(id)
complaint.complaint_state_check: CHECK ((state = ANY (ARRAY['open'::text, 'disputed'::text, 'valid'::text, 'invalid'::text])))
complaint.complaint_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
complaint.complaint_through_check: CHECK ((through = ANY (ARRAY['phone'::text, 'letter'::text, 'page'::text, 'visit'::text, 'other'::text])))
complaint.complaint_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id) ON DELETE SET NULL
component_report.component_report_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
component_report.component_report_pkey: PRIMARY KEY (device_key, component, at, seq)
component_report.component_report_state_check: CHECK ((state = ANY (ARRAY['ok'::text, 'warn'::text, 'fault'::text])))
contract.contract_agency_org_id_fkey: FOREIGN KEY (agency_org_id) REFERENCES org(id)
contract.contract_check: CHECK (((term_to IS NULL) OR (term_to > term_from)))
contract.contract_code_key: UNIQUE (code)
contract.contract_contractor_org_id_fkey: FOREIGN KEY (contractor_org_id) REFERENCES org(id)
contract.contract_pkey: PRIMARY KEY (id)
contract_document.contract_document_check: CHECK ((decided_org_id <> proposed_org_id))
contract_document.contract_document_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
contract_document.contract_document_contract_id_number_key: UNIQUE (contract_id, number)
contract_document.contract_document_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
contract_document.contract_document_created_org_id_fkey: FOREIGN KEY (created_org_id) REFERENCES org(id)
contract_document.contract_document_decided_by_fkey: FOREIGN KEY (decided_by) REFERENCES app_user(id)
contract_document.contract_document_decided_org_id_fkey: FOREIGN KEY (decided_org_id) REFERENCES org(id)
contract_document.contract_document_pkey: PRIMARY KEY (id)
contract_document.contract_document_proposed_by_fkey: FOREIGN KEY (proposed_by) REFERENCES app_user(id)
contract_document.contract_document_proposed_org_id_fkey: FOREIGN KEY (proposed_org_id) REFERENCES org(id)
contract_document.contract_document_repair_terms_id_fkey: FOREIGN KEY (repair_terms_id) REFERENCES repair_terms(id)
contract_document.contract_document_state_check: CHECK ((state = ANY (ARRAY['draft'::text, 'proposed'::text, 'agreed'::text, 'rejected'::text, 'withdrawn'::text])))
contract_region.contract_region_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
contract_region.contract_region_pkey: PRIMARY KEY (contract_id, region_id)
contract_region.contract_region_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
device.device_device_id_key: UNIQUE (device_id)
device.device_lifecycle_check: CHECK ((lifecycle = ANY (ARRAY['in_stock'::text, 'in_service'::text, 'in_repair'::text, 'retired'::text])))
device.device_model_id_fkey: FOREIGN KEY (model_id) REFERENCES device_model(id)
device.device_org_id_fkey: FOREIGN KEY (org_id) REFERENCES org(id)
device.device_pkey: PRIMARY KEY (device_key)
device.device_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
device.device_serial_key: UNIQUE (serial)
device_list.device_list_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
device_list.device_list_pkey: PRIMARY KEY (device_key)
device_live.device_live_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
device_live.device_live_pkey: PRIMARY KEY (device_key)
device_model.device_model_code_key: UNIQUE (code)
device_model.device_model_pkey: PRIMARY KEY (id)
device_purchase.device_purchase_check: CHECK ((warranty_until >= purchased_on))
device_purchase.device_purchase_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
device_purchase.device_purchase_pkey: PRIMARY KEY (device_key)
device_purchase.device_purchase_updated_by_fkey: FOREIGN KEY (updated_by) REFERENCES app_user(id)
device_search.device_search_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
device_search.device_search_pkey: PRIMARY KEY (device_key)
device_session.device_session_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
device_session.device_session_end_kind_check: CHECK ((end_kind = ANY (ARRAY['clean'::text, 'will'::text, 'superseded'::text, 'revoked'::text])))
device_session.device_session_pkey: PRIMARY KEY (device_key, session)
document.document_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
document.document_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
document.document_pkey: PRIMARY KEY (id)
document.document_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
document.document_state_check: CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text])))
document_due.document_due_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
document_due.document_due_decided_by_fkey: FOREIGN KEY (decided_by) REFERENCES app_user(id)
document_due.document_due_decided_org_id_fkey: FOREIGN KEY (decided_org_id) REFERENCES org(id)
document_due.document_due_document_duty_id_fkey: FOREIGN KEY (document_duty_id) REFERENCES document_duty(id) ON DELETE CASCADE
document_due.document_due_document_duty_id_from_day_key: UNIQUE (document_duty_id, from_day)
document_due.document_due_pkey: PRIMARY KEY (id)
document_due.document_due_state_check: CHECK ((state = ANY (ARRAY['open'::text, 'submitted'::text, 'accepted'::text, 'returned'::text, 'waived'::text])))
document_duty.document_duty_check: CHECK (((until_day IS NULL) OR (until_day > from_day)))
document_duty.document_duty_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
document_duty.document_duty_counted_from_check: CHECK ((counted_from = ANY (ARRAY['calendar'::text, 'start'::text])))
document_duty.document_duty_cycle_check: CHECK ((cycle = ANY (ARRAY['once'::text, 'week'::text, 'month'::text, 'quarter'::text, 'half_year'::text, 'year'::text])))
document_duty.document_duty_decided_by_fkey: FOREIGN KEY (decided_by) REFERENCES app_user(id)
document_duty.document_duty_decided_org_id_fkey: FOREIGN KEY (decided_org_id) REFERENCES org(id)
document_duty.document_duty_due_days_check: CHECK (((due_days >= 0) AND (due_days <= 366)))
document_duty.document_duty_due_rule_check: CHECK ((due_rule = ANY (ARRAY['after_end'::text, 'in_period'::text])))
document_duty.document_duty_end_by_fkey: FOREIGN KEY (end_by) REFERENCES app_user(id)
document_duty.document_duty_end_org_id_fkey: FOREIGN KEY (end_org_id) REFERENCES org(id)
document_duty.document_duty_pkey: PRIMARY KEY (id)
document_duty.document_duty_proposed_by_fkey: FOREIGN KEY (proposed_by) REFERENCES app_user(id)
document_duty.document_duty_proposed_org_id_fkey: FOREIGN KEY (proposed_org_id) REFERENCES org(id)
document_duty.document_duty_state_check: CHECK ((state = ANY (ARRAY['proposed'::text, 'agreed'::text, 'rejected'::text])))
document_submission.document_submission_document_due_id_fkey: FOREIGN KEY (document_due_id) REFERENCES document_due(id) ON DELETE CASCADE
document_submission.document_submission_org_id_fkey: FOREIGN KEY (org_id) REFERENCES org(id)
document_submission.document_submission_pkey: PRIMARY KEY (document_due_id, n)
document_submission.document_submission_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
duty_shift.duty_shift_check: CHECK (((user_id IS NULL) OR (person_name IS NULL)))
duty_shift.duty_shift_contract_id_day_from_time_name_key: UNIQUE (contract_id, day, from_time, name)
duty_shift.duty_shift_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
duty_shift.duty_shift_from_time_check: CHECK ((from_time ~ '^([01]\d|2[0-3]):[0-5]\d$'::text))
duty_shift.duty_shift_pkey: PRIMARY KEY (id)
duty_shift.duty_shift_to_time_check: CHECK ((to_time ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'::text))
duty_shift.duty_shift_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
enrolment_token.enrolment_token_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
enrolment_token.enrolment_token_model_id_fkey: FOREIGN KEY (model_id) REFERENCES device_model(id)
enrolment_token.enrolment_token_pkey: PRIMARY KEY (id)
enrolment_token.enrolment_token_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
enrolment_token.enrolment_token_token_hash_key: UNIQUE (token_hash)
enrolment_token.enrolment_token_uses_max_check: CHECK (((uses_max >= 1) AND (uses_max <= 100000)))
evidence_bundle.evidence_bundle_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
evidence_bundle.evidence_bundle_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
evidence_bundle.evidence_bundle_pkey: PRIMARY KEY (id)
evidence_bundle.evidence_bundle_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
evidence_bundle.evidence_bundle_site_id_fkey: FOREIGN KEY (site_id) REFERENCES site(id)
evidence_bundle.evidence_bundle_state_check: CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text])))
evidence_bundle.evidence_bundle_statement_id_fkey: FOREIGN KEY (statement_id) REFERENCES statement(id) ON DELETE CASCADE
evidence_bundle.evidence_bundle_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
evidence_mark.evidence_mark_pkey: PRIMARY KEY (id)
exclusion.exclusion_check: CHECK ((to_at > from_at))
exclusion.exclusion_check1: CHECK ((num_nonnulls(region_id, site_id, station_id) = 1))
exclusion.exclusion_check2: CHECK ((decided_org_id <> proposed_org_id))
exclusion.exclusion_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
exclusion.exclusion_decided_by_fkey: FOREIGN KEY (decided_by) REFERENCES app_user(id)
exclusion.exclusion_decided_org_id_fkey: FOREIGN KEY (decided_org_id) REFERENCES org(id)
exclusion.exclusion_dimension_check: CHECK ((dimension = ANY (ARRAY['network'::text, 'equipment'::text, 'both'::text])))
exclusion.exclusion_kind_check: CHECK ((kind = ANY (ARRAY['planned_maintenance'::text, 'site_power_cut'::text, 'site_closed'::text, 'force_majeure'::text, 'customer_request'::text])))
exclusion.exclusion_pkey: PRIMARY KEY (id)
exclusion.exclusion_proposed_by_fkey: FOREIGN KEY (proposed_by) REFERENCES app_user(id)
exclusion.exclusion_proposed_org_id_fkey: FOREIGN KEY (proposed_org_id) REFERENCES org(id)
exclusion.exclusion_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
exclusion.exclusion_site_id_fkey: FOREIGN KEY (site_id) REFERENCES site(id)
exclusion.exclusion_state_check: CHECK ((state = ANY (ARRAY['proposed'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text])))
exclusion.exclusion_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
exclusion.exclusion_withdraw_by_fkey: FOREIGN KEY (withdraw_by) REFERENCES app_user(id)
exclusion.exclusion_withdraw_org_id_fkey: FOREIGN KEY (withdraw_org_id) REFERENCES org(id)
exclusion_file.exclusion_file_exclusion_id_fkey: FOREIGN KEY (exclusion_id) REFERENCES exclusion(id) ON DELETE CASCADE
exclusion_file.exclusion_file_pkey: PRIMARY KEY (id)
exclusion_file.exclusion_file_uploaded_by_fkey: FOREIGN KEY (uploaded_by) REFERENCES app_user(id)
fault.fault_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
fault.fault_county_id_fkey: FOREIGN KEY (county_id) REFERENCES region(id)
fault.fault_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key)
fault.fault_merged_into_fkey: FOREIGN KEY (merged_into) REFERENCES fault(id)
fault.fault_pkey: PRIMARY KEY (id)
fault.fault_recurrence_of_fkey: FOREIGN KEY (recurrence_of) REFERENCES fault(id)
fault.fault_reported_by_fkey: FOREIGN KEY (reported_by) REFERENCES app_user(id)
fault.fault_site_id_fkey: FOREIGN KEY (site_id) REFERENCES site(id)
fault.fault_source_check: CHECK ((source = ANY (ARRAY['telemetry'::text, 'person'::text, 'site'::text])))
fault.fault_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
fault.fault_status_check: CHECK ((status = ANY (ARRAY['open'::text, 'repaired'::text, 'confirmed'::text, 'cancelled'::text])))
fault.fault_verdict_check: CHECK ((verdict = ANY (ARRAY['on_time'::text, 'late'::text, 'pending'::text, 'cancelled'::text, 'not_owed'::text])))
fault.fault_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id)
fault_episode.fault_episode_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key)
fault_episode.fault_episode_fault_id_fkey: FOREIGN KEY (fault_id) REFERENCES fault(id) ON DELETE SET NULL
fault_episode.fault_episode_outcome_check: CHECK ((outcome = ANY (ARRAY['fault'::text, 'short'::text, 'suppressed'::text])))
fault_episode.fault_episode_pkey: PRIMARY KEY (id)
fault_episode.fault_episode_state_check: CHECK ((state = ANY (ARRAY['waiting'::text, 'opened'::text, 'ending'::text, 'over'::text])))
fault_episode.fault_episode_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id) ON DELETE CASCADE
fault_report.fault_report_fault_id_fkey: FOREIGN KEY (fault_id) REFERENCES fault(id) ON DELETE CASCADE
fault_report.fault_report_pkey: PRIMARY KEY (id)
fault_report.fault_report_source_check: CHECK ((source = ANY (ARRAY['telemetry'::text, 'person'::text, 'site'::text])))
fault_report.fault_report_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
idempotency.idempotency_pkey: PRIMARY KEY (user_id, key)
incident.incident_acked_by_fkey: FOREIGN KEY (acked_by) REFERENCES app_user(id)
incident.incident_pkey: PRIMARY KEY (id)
inspection_plan.inspection_plan_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
inspection_plan.inspection_plan_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
inspection_plan.inspection_plan_pkey: PRIMARY KEY (id)
inspection_plan_version.inspection_plan_version_changed_by_fkey: FOREIGN KEY (changed_by) REFERENCES app_user(id)
inspection_plan_version.inspection_plan_version_cycle_check: CHECK ((cycle = ANY (ARRAY['month'::text, 'quarter'::text, 'half_year'::text, 'before_holiday'::text])))
inspection_plan_version.inspection_plan_version_lead_days_check: CHECK (((lead_days >= 0) AND (lead_days <= 366)))
inspection_plan_version.inspection_plan_version_min_holiday_days_check: CHECK (((min_holiday_days >= 1) AND (min_holiday_days <= 30)))
inspection_plan_version.inspection_plan_version_pkey: PRIMARY KEY (plan_id, version)
inspection_plan_version.inspection_plan_version_plan_id_fkey: FOREIGN KEY (plan_id) REFERENCES inspection_plan(id) ON DELETE CASCADE
inspection_plan_version.inspection_plan_version_target_check: CHECK ((target = ANY (ARRAY['station'::text, 'site'::text, 'county'::text])))
inspection_plan_version.inspection_plan_version_window_days_check: CHECK (((window_days >= 1) AND (window_days <= 60)))
inspection_task.inspection_task_assignee_id_fkey: FOREIGN KEY (assignee_id) REFERENCES app_user(id)
inspection_task.inspection_task_cancel_asked_by_fkey: FOREIGN KEY (cancel_asked_by) REFERENCES app_user(id)
inspection_task.inspection_task_cancel_asked_org_id_fkey: FOREIGN KEY (cancel_asked_org_id) REFERENCES org(id)
inspection_task.inspection_task_cancel_decided_by_fkey: FOREIGN KEY (cancel_decided_by) REFERENCES app_user(id)
inspection_task.inspection_task_cancel_decided_org_id_fkey: FOREIGN KEY (cancel_decided_org_id) REFERENCES org(id)
inspection_task.inspection_task_cancel_decision_check: CHECK ((cancel_decision = ANY (ARRAY['approved'::text, 'rejected'::text])))
inspection_task.inspection_task_check: CHECK (((state = 'done'::text) = (done_at IS NOT NULL)))
inspection_task.inspection_task_client_key_key: UNIQUE (client_key)
inspection_task.inspection_task_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
inspection_task.inspection_task_county_id_fkey: FOREIGN KEY (county_id) REFERENCES region(id)
inspection_task.inspection_task_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key)
inspection_task.inspection_task_done_by_fkey: FOREIGN KEY (done_by) REFERENCES app_user(id)
inspection_task.inspection_task_org_id_fkey: FOREIGN KEY (org_id) REFERENCES org(id)
inspection_task.inspection_task_pkey: PRIMARY KEY (id)
inspection_task.inspection_task_plan_id_fkey: FOREIGN KEY (plan_id) REFERENCES inspection_plan(id) ON DELETE CASCADE
inspection_task.inspection_task_plan_id_period_key_target_target_id_key: UNIQUE (plan_id, period_key, target, target_id)
inspection_task.inspection_task_plan_id_plan_version_fkey: FOREIGN KEY (plan_id, plan_version) REFERENCES inspection_plan_version(plan_id, version)
inspection_task.inspection_task_site_id_fkey: FOREIGN KEY (site_id) REFERENCES site(id)
inspection_task.inspection_task_started_by_fkey: FOREIGN KEY (started_by) REFERENCES app_user(id)
inspection_task.inspection_task_state_check: CHECK ((state = ANY (ARRAY['open'::text, 'started'::text, 'done'::text, 'cancelled'::text])))
inspection_task.inspection_task_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
inspection_task.inspection_task_target_check: CHECK ((target = ANY (ARRAY['station'::text, 'site'::text, 'county'::text])))
installation.installation_check: CHECK (((to_at IS NULL) OR (to_at > from_at)))
installation.installation_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key)
installation.installation_pkey: PRIMARY KEY (id)
installation.installation_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
lease.lease_pkey: PRIMARY KEY (name)
ledger_line.ledger_line_answered_by_fkey: FOREIGN KEY (answered_by) REFERENCES app_user(id)
ledger_line.ledger_line_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
ledger_line.ledger_line_pkey: PRIMARY KEY (work_order_id)
ledger_line.ledger_line_said_by_fkey: FOREIGN KEY (said_by) REFERENCES app_user(id)
ledger_line.ledger_line_said_org_id_fkey: FOREIGN KEY (said_org_id) REFERENCES org(id)
ledger_line.ledger_line_state_check: CHECK ((state = ANY (ARRAY['open'::text, 'unconfirmed'::text, 'confirmed'::text, 'disputed'::text])))
ledger_line.ledger_line_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id) ON DELETE CASCADE
metric_input.metric_input_check: CHECK ((to_day > from_day))
metric_input.metric_input_check1: CHECK ((decided_org_id <> proposed_org_id))
metric_input.metric_input_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
metric_input.metric_input_decided_by_fkey: FOREIGN KEY (decided_by) REFERENCES app_user(id)
metric_input.metric_input_decided_org_id_fkey: FOREIGN KEY (decided_org_id) REFERENCES org(id)
metric_input.metric_input_pkey: PRIMARY KEY (id)
metric_input.metric_input_proposed_by_fkey: FOREIGN KEY (proposed_by) REFERENCES app_user(id)
metric_input.metric_input_proposed_org_id_fkey: FOREIGN KEY (proposed_org_id) REFERENCES org(id)
metric_input.metric_input_state_check: CHECK ((state = ANY (ARRAY['proposed'::text, 'agreed'::text, 'rejected'::text, 'withdrawn'::text])))
model_requirement.model_requirement_model_id_fkey: FOREIGN KEY (model_id) REFERENCES device_model(id) ON DELETE CASCADE
model_requirement.model_requirement_pkey: PRIMARY KEY (model_id, from_at)
notification.notification_dedup_key_key: UNIQUE (dedup_key)
notification.notification_incident_id_fkey: FOREIGN KEY (incident_id) REFERENCES incident(id)
notification.notification_oncall_id_fkey: FOREIGN KEY (oncall_id) REFERENCES oncall(id)
notification.notification_pkey: PRIMARY KEY (id)
notification.notification_state_check: CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'failed'::text, 'unknown'::text, 'dropped'::text])))
notification_attempt.notification_attempt_notification_id_fkey: FOREIGN KEY (notification_id) REFERENCES notification(id)
notification_attempt.notification_attempt_pkey: PRIMARY KEY (notification_id, attempt)
notification_attempt.notification_attempt_status_check: CHECK ((status = ANY (ARRAY['sending'::text, 'queued'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'failed'::text, 'unknown'::text])))
oncall.oncall_lang_check: CHECK ((lang = ANY (ARRAY['zh-CN'::text, 'en'::text])))
oncall.oncall_pkey: PRIMARY KEY (id)
oncall.oncall_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
oncall.oncall_topics_check: CHECK ((topics <@ ARRAY['stock'::text, 'settlement'::text]))
org.org_code_key: UNIQUE (code)
org.org_kind_check: CHECK ((kind = ANY (ARRAY['platform'::text, 'agency'::text, 'contractor'::text, 'vendor'::text])))
org.org_pkey: PRIMARY KEY (id)
outbox.outbox_pkey: PRIMARY KEY (id)
outbox_cursor.outbox_cursor_pkey: PRIMARY KEY (reader)
part.part_code_key: UNIQUE (code)
part.part_pkey: PRIMARY KEY (id)
part.part_price_fen_check: CHECK ((price_fen >= 0))
part_movement.part_movement_change_check: CHECK ((change <> 0))
part_movement.part_movement_kind_check: CHECK ((kind = ANY (ARRAY['in'::text, 'out'::text, 'correction'::text])))
part_movement.part_movement_part_id_fkey: FOREIGN KEY (part_id) REFERENCES part(id)
part_movement.part_movement_pkey: PRIMARY KEY (id)
part_movement.part_movement_quantity_check: CHECK ((quantity >= 0))
part_movement.part_movement_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
part_movement.part_movement_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
part_movement.part_movement_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id)
part_stock.part_stock_minimum_check: CHECK ((minimum >= 0))
part_stock.part_stock_part_id_fkey: FOREIGN KEY (part_id) REFERENCES part(id)
part_stock.part_stock_pkey: PRIMARY KEY (part_id, region_id)
part_stock.part_stock_quantity_check: CHECK ((quantity >= 0))
part_stock.part_stock_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
platform_liveness.platform_liveness_pkey: PRIMARY KEY (id)
quarantine.quarantine_pkey: PRIMARY KEY (id)
rating_scheme.rating_scheme_changed_by_fkey: FOREIGN KEY (changed_by) REFERENCES app_user(id)
rating_scheme.rating_scheme_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
rating_scheme.rating_scheme_pkey: PRIMARY KEY (contract_id)
rating_sheet.rating_sheet_agreed_by_fkey: FOREIGN KEY (agreed_by) REFERENCES app_user(id)
rating_sheet.rating_sheet_agreed_org_id_fkey: FOREIGN KEY (agreed_org_id) REFERENCES org(id)
rating_sheet.rating_sheet_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
rating_sheet.rating_sheet_contract_id_month_key: UNIQUE (contract_id, month)
rating_sheet.rating_sheet_month_check: CHECK ((month ~ '^\d{4}-(0[1-9]|1[0-2])$'::text))
rating_sheet.rating_sheet_pkey: PRIMARY KEY (id)
rating_sheet.rating_sheet_proposed_by_fkey: FOREIGN KEY (proposed_by) REFERENCES app_user(id)
rating_sheet.rating_sheet_proposed_org_id_fkey: FOREIGN KEY (proposed_org_id) REFERENCES org(id)
rating_sheet.rating_sheet_remarked_by_fkey: FOREIGN KEY (remarked_by) REFERENCES app_user(id)
rating_sheet.rating_sheet_state_check: CHECK ((state = ANY (ARRAY['proposed'::text, 'remarked'::text, 'agreed'::text])))
region.region_code_key: UNIQUE (code)
region.region_kind_check: CHECK ((kind = ANY (ARRAY['province'::text, 'county'::text, 'township'::text])))
region.region_parent_id_fkey: FOREIGN KEY (parent_id) REFERENCES region(id)
region.region_pkey: PRIMARY KEY (id)
repair_leg.repair_leg_check: CHECK (((returned_at IS NULL) = (outcome IS NULL)))
repair_leg.repair_leg_check1: CHECK (((returned_at IS NULL) OR (returned_at >= sent_at)))
repair_leg.repair_leg_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
repair_leg.repair_leg_from_region_fkey: FOREIGN KEY (from_region) REFERENCES region(id)
repair_leg.repair_leg_logistics_fen_check: CHECK ((logistics_fen >= 0))
repair_leg.repair_leg_outcome_check: CHECK ((outcome = ANY (ARRAY['repaired'::text, 'scrapped'::text])))
repair_leg.repair_leg_pkey: PRIMARY KEY (id)
repair_leg.repair_leg_repair_fen_check: CHECK ((repair_fen >= 0))
repair_leg.repair_leg_returned_by_fkey: FOREIGN KEY (returned_by) REFERENCES app_user(id)
repair_leg.repair_leg_sent_by_fkey: FOREIGN KEY (sent_by) REFERENCES app_user(id)
repair_leg.repair_leg_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
repair_leg.repair_leg_warranty_check: CHECK ((warranty = ANY (ARRAY['in'::text, 'out'::text, 'unknown'::text])))
repair_leg.repair_leg_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id)
repair_terms.repair_terms_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
repair_terms.repair_terms_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
repair_terms.repair_terms_pkey: PRIMARY KEY (id)
repair_terms.repair_terms_source_check: CHECK ((source = ANY (ARRAY['default'::text, 'manual'::text, 'contract'::text])))
report.report_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
report.report_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
report.report_draft_document_fkey: FOREIGN KEY (draft_document) REFERENCES document(id) ON DELETE SET NULL
report.report_edition_check: CHECK ((edition > 0))
report.report_final_document_fkey: FOREIGN KEY (final_document) REFERENCES document(id) ON DELETE SET NULL
report.report_kind_check: CHECK ((kind = ANY (ARRAY['day'::text, 'week'::text, 'month'::text, 'quarter'::text, 'half_year'::text])))
report.report_language_check: CHECK ((language = ANY (ARRAY['zh'::text, 'en'::text])))
report.report_origin_check: CHECK ((origin = ANY (ARRAY['schedule'::text, 'person'::text])))
report.report_pkey: PRIMARY KEY (id)
report.report_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
report.report_released_by_fkey: FOREIGN KEY (released_by) REFERENCES app_user(id)
report.report_state_check: CHECK ((state = ANY (ARRAY['draft'::text, 'released'::text])))
report_schedule.report_schedule_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
report_schedule.report_schedule_delay_days_check: CHECK (((delay_days >= 0) AND (delay_days <= 60)))
report_schedule.report_schedule_hour_check: CHECK (((hour >= 0) AND (hour <= 23)))
report_schedule.report_schedule_kind_check: CHECK ((kind = ANY (ARRAY['day'::text, 'week'::text, 'month'::text, 'quarter'::text, 'half_year'::text])))
report_schedule.report_schedule_language_check: CHECK ((language = ANY (ARRAY['zh'::text, 'en'::text])))
report_schedule.report_schedule_pkey: PRIMARY KEY (contract_id, kind)
report_schedule.report_schedule_updated_by_fkey: FOREIGN KEY (updated_by) REFERENCES app_user(id)
restatement.restatement_freeze_id_fkey: FOREIGN KEY (freeze_id) REFERENCES statement_freeze(id) ON DELETE CASCADE
restatement.restatement_pkey: PRIMARY KEY (id)
restatement.restatement_statement_id_fkey: FOREIGN KEY (statement_id) REFERENCES statement(id) ON DELETE CASCADE
risk_notice.risk_notice_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id) ON DELETE CASCADE
risk_notice.risk_notice_pkey: PRIMARY KEY (contract_id, instalment, sub_period, clause, from_day, tier)
schema_migration.schema_migration_pkey: PRIMARY KEY (number)
setting.setting_pkey: PRIMARY KEY (key)
sim_card.sim_card_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key)
sim_card.sim_card_device_key_key: UNIQUE (device_key)
sim_card.sim_card_iccid_key: UNIQUE (iccid)
sim_card.sim_card_pkey: PRIMARY KEY (id)
sim_card.sim_card_state_check: CHECK ((state = ANY (ARRAY['stock'::text, 'active'::text, 'suspended'::text, 'retired'::text])))
site.site_code_key: UNIQUE (code)
site.site_kind_check: CHECK ((kind = ANY (ARRAY['township_hospital'::text, 'village_clinic'::text, 'community'::text, 'other'::text])))
site.site_pkey: PRIMARY KEY (id)
site.site_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
statement.statement_agreed_by_fkey: FOREIGN KEY (agreed_by) REFERENCES app_user(id)
statement.statement_agreed_org_id_fkey: FOREIGN KEY (agreed_org_id) REFERENCES org(id)
statement.statement_check: CHECK ((to_day > from_day))
statement.statement_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
statement.statement_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
statement.statement_freeze_id_fkey: FOREIGN KEY (freeze_id) REFERENCES statement_freeze(id)
statement.statement_pkey: PRIMARY KEY (id)
statement.statement_state_check: CHECK ((state = ANY (ARRAY['draft'::text, 'closed'::text, 'submitted'::text, 'disputed'::text, 'agreed'::text, 'signed'::text, 'archived'::text])))
statement.statement_submitted_by_fkey: FOREIGN KEY (submitted_by) REFERENCES app_user(id)
statement.statement_submitted_org_id_fkey: FOREIGN KEY (submitted_org_id) REFERENCES org(id)
statement_archive.statement_archive_archived_by_fkey: FOREIGN KEY (archived_by) REFERENCES app_user(id)
statement_archive.statement_archive_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
statement_archive.statement_archive_pkey: PRIMARY KEY (contract_id, seq)
statement_archive.statement_archive_statement_id_fkey: FOREIGN KEY (statement_id) REFERENCES statement(id)
statement_archive.statement_archive_statement_id_key: UNIQUE (statement_id)
statement_closing.statement_closing_closed_id_fkey: FOREIGN KEY (closed_id) REFERENCES closed_period(id)
statement_closing.statement_closing_freeze_id_fkey: FOREIGN KEY (freeze_id) REFERENCES statement_freeze(id) ON DELETE CASCADE
statement_closing.statement_closing_pkey: PRIMARY KEY (freeze_id, closed_id)
statement_comment.statement_comment_dispute_id_fkey: FOREIGN KEY (dispute_id) REFERENCES statement_dispute(id) ON DELETE CASCADE
statement_comment.statement_comment_org_id_fkey: FOREIGN KEY (org_id) REFERENCES org(id)
statement_comment.statement_comment_pkey: PRIMARY KEY (id)
statement_comment.statement_comment_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
statement_dispute.statement_dispute_freeze_id_fkey: FOREIGN KEY (freeze_id) REFERENCES statement_freeze(id) ON DELETE CASCADE
statement_dispute.statement_dispute_opened_by_fkey: FOREIGN KEY (opened_by) REFERENCES app_user(id)
statement_dispute.statement_dispute_opened_org_id_fkey: FOREIGN KEY (opened_org_id) REFERENCES org(id)
statement_dispute.statement_dispute_pkey: PRIMARY KEY (id)
statement_dispute.statement_dispute_resolved_by_fkey: FOREIGN KEY (resolved_by) REFERENCES app_user(id)
statement_dispute.statement_dispute_resolved_org_id_fkey: FOREIGN KEY (resolved_org_id) REFERENCES org(id)
statement_dispute.statement_dispute_state_check: CHECK ((state = ANY (ARRAY['open'::text, 'withdrawn'::text, 'upheld'::text])))
statement_dispute.statement_dispute_statement_id_fkey: FOREIGN KEY (statement_id) REFERENCES statement(id) ON DELETE CASCADE
statement_freeze.statement_freeze_closed_by_fkey: FOREIGN KEY (closed_by) REFERENCES app_user(id)
statement_freeze.statement_freeze_document_id_fkey: FOREIGN KEY (document_id) REFERENCES contract_document(id)
statement_freeze.statement_freeze_pkey: PRIMARY KEY (id)
statement_freeze.statement_freeze_statement_id_fkey: FOREIGN KEY (statement_id) REFERENCES statement(id) ON DELETE CASCADE
statement_freeze.statement_freeze_statement_id_revision_key: UNIQUE (statement_id, revision)
statement_signature.statement_signature_freeze_id_fkey: FOREIGN KEY (freeze_id) REFERENCES statement_freeze(id) ON DELETE CASCADE
statement_signature.statement_signature_freeze_id_side_key: UNIQUE (freeze_id, side)
statement_signature.statement_signature_org_id_fkey: FOREIGN KEY (org_id) REFERENCES org(id)
statement_signature.statement_signature_pkey: PRIMARY KEY (id)
statement_signature.statement_signature_side_check: CHECK ((side = ANY (ARRAY['agency'::text, 'contractor'::text])))
statement_signature.statement_signature_statement_id_fkey: FOREIGN KEY (statement_id) REFERENCES statement(id) ON DELETE CASCADE
statement_signature.statement_signature_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
station.station_code_key: UNIQUE (code)
station.station_pkey: PRIMARY KEY (id)
station.station_site_id_fkey: FOREIGN KEY (site_id) REFERENCES site(id)
station_page.station_page_made_by_fkey: FOREIGN KEY (made_by) REFERENCES app_user(id)
station_page.station_page_pkey: PRIMARY KEY (station_id)
station_page.station_page_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id) ON DELETE CASCADE
station_page.station_page_token_key: UNIQUE (token)
station_suspension.station_suspension_check: CHECK (((to_at IS NULL) OR (to_at > from_at)))
station_suspension.station_suspension_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
station_suspension.station_suspension_pkey: PRIMARY KEY (id)
station_suspension.station_suspension_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id) ON DELETE CASCADE
stock_minimum.stock_minimum_minimum_check: CHECK (((minimum >= 0) AND (minimum <= 100000)))
stock_minimum.stock_minimum_model_id_fkey: FOREIGN KEY (model_id) REFERENCES device_model(id)
stock_minimum.stock_minimum_pkey: PRIMARY KEY (region_id, model_id)
stock_minimum.stock_minimum_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
stock_movement.stock_movement_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
stock_movement.stock_movement_from_region_fkey: FOREIGN KEY (from_region) REFERENCES region(id)
stock_movement.stock_movement_kind_check: CHECK ((kind = ANY (ARRAY['received'::text, 'installed'::text, 'removed'::text, 'transferred'::text, 'set_aside'::text, 'sent'::text, 'returned'::text, 'retired'::text, 'reinstated'::text])))
stock_movement.stock_movement_pkey: PRIMARY KEY (id)
stock_movement.stock_movement_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
stock_movement.stock_movement_to_region_fkey: FOREIGN KEY (to_region) REFERENCES region(id)
stock_movement.stock_movement_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
stock_movement.stock_movement_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id)
user_region.user_region_pkey: PRIMARY KEY (user_id, region_id)
user_region.user_region_region_id_fkey: FOREIGN KEY (region_id) REFERENCES region(id)
user_region.user_region_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
user_session.user_session_id_key: UNIQUE (id)
user_session.user_session_pkey: PRIMARY KEY (token_hash)
user_session.user_session_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
wipe_check.wipe_check_device_key_fkey: FOREIGN KEY (device_key) REFERENCES device(device_key) ON DELETE CASCADE
wipe_check.wipe_check_pkey: PRIMARY KEY (id)
wipe_check.wipe_check_state_check: CHECK ((state = ANY (ARRAY['pending'::text, 'failed'::text, 'clean'::text, 'void'::text])))
wipe_check.wipe_check_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
wipe_check.wipe_check_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id)
wipe_record.wipe_record_check_id_fkey: FOREIGN KEY (check_id) REFERENCES wipe_check(id) ON DELETE CASCADE
wipe_record.wipe_record_method_check: CHECK ((method = ANY (ARRAY['overwrite'::text, 'factory_reset'::text, 'disk_removed'::text, 'destroyed'::text, 'no_data'::text])))
wipe_record.wipe_record_pkey: PRIMARY KEY (id)
wipe_record.wipe_record_result_check: CHECK ((result = ANY (ARRAY['clean'::text, 'failed'::text])))
wipe_record.wipe_record_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
work_order.work_order_assignee_id_fkey: FOREIGN KEY (assignee_id) REFERENCES app_user(id)
work_order.work_order_contract_id_fkey: FOREIGN KEY (contract_id) REFERENCES contract(id)
work_order.work_order_county_id_fkey: FOREIGN KEY (county_id) REFERENCES region(id)
work_order.work_order_kind_check: CHECK ((kind = ANY (ARRAY['station'::text, 'incident'::text])))
work_order.work_order_labour_fen_check: CHECK ((labour_fen >= 0))
work_order.work_order_logistics_fen_check: CHECK ((logistics_fen >= 0))
work_order.work_order_org_id_fkey: FOREIGN KEY (org_id) REFERENCES org(id)
work_order.work_order_pkey: PRIMARY KEY (id)
work_order.work_order_site_id_fkey: FOREIGN KEY (site_id) REFERENCES site(id)
work_order.work_order_state_check: CHECK ((state = ANY (ARRAY['new'::text, 'acknowledged'::text, 'assigned'::text, 'on_the_way'::text, 'on_site'::text, 'restored'::text, 'repaired'::text, 'confirmed'::text, 'closed'::text, 'cancelled'::text])))
work_order.work_order_station_id_fkey: FOREIGN KEY (station_id) REFERENCES station(id)
work_order.work_order_warranty_check: CHECK ((warranty = ANY (ARRAY['in'::text, 'out'::text, 'unknown'::text])))
work_order_confirmation.work_order_confirmation_pkey: PRIMARY KEY (id)
work_order_confirmation.work_order_confirmation_signature_id_fkey: FOREIGN KEY (signature_id) REFERENCES attached_file(id)
work_order_confirmation.work_order_confirmation_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
work_order_confirmation.work_order_confirmation_via_check: CHECK ((via = ANY (ARRAY['phone'::text, 'link'::text, 'agency'::text])))
work_order_confirmation.work_order_confirmation_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id) ON DELETE CASCADE
work_order_entry.work_order_entry_org_id_fkey: FOREIGN KEY (org_id) REFERENCES org(id)
work_order_entry.work_order_entry_pkey: PRIMARY KEY (id)
work_order_entry.work_order_entry_user_id_fkey: FOREIGN KEY (user_id) REFERENCES app_user(id)
work_order_entry.work_order_entry_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id) ON DELETE CASCADE
work_order_link.work_order_link_created_by_fkey: FOREIGN KEY (created_by) REFERENCES app_user(id)
work_order_link.work_order_link_pkey: PRIMARY KEY (id)
work_order_link.work_order_link_token_hash_key: UNIQUE (token_hash)
work_order_link.work_order_link_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id) ON DELETE CASCADE
work_order_mark.work_order_mark_pkey: PRIMARY KEY (work_order_id, stage, percent)
work_order_mark.work_order_mark_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id) ON DELETE CASCADE
work_order_part.work_order_part_added_by_fkey: FOREIGN KEY (added_by) REFERENCES app_user(id)
work_order_part.work_order_part_pkey: PRIMARY KEY (id)
work_order_part.work_order_part_qty_check: CHECK (((qty >= 1) AND (qty <= 9999)))
work_order_part.work_order_part_unit_fen_check: CHECK (((unit_fen >= 0) AND (unit_fen <= 100000000)))
work_order_part.work_order_part_work_order_id_fkey: FOREIGN KEY (work_order_id) REFERENCES work_order(id) ON DELETE CASCADE

-- indexes
CREATE INDEX accrual_day ON uptally.accrual USING btree (contract_id, day)
CREATE UNIQUE INDEX accrual_pkey ON uptally.accrual USING btree (contract_id, station_id, day)
CREATE INDEX accrual_due_order ON uptally.accrual_due USING btree (since, station_id)
CREATE UNIQUE INDEX accrual_due_pkey ON uptally.accrual_due USING btree (station_id)
CREATE UNIQUE INDEX accrual_sweep_pkey ON uptally.accrual_sweep USING btree (is_only)
CREATE INDEX alert_device ON uptally.alert USING btree (device_key, recorded_at DESC)
CREATE INDEX alert_history ON uptally.alert USING btree (dedup_key, recorded_at DESC)
CREATE INDEX alert_incident ON uptally.alert USING btree (incident_id)
CREATE UNIQUE INDEX alert_open ON uptally.alert USING btree (dedup_key) WHERE (resolved_at IS NULL)
CREATE UNIQUE INDEX alert_pkey ON uptally.alert USING btree (id)
CREATE INDEX alert_recent ON uptally.alert USING btree (recorded_at DESC)
CREATE INDEX alert_deferred_due ON uptally.alert_deferred USING btree (due_at)
CREATE UNIQUE INDEX alert_deferred_pkey ON uptally.alert_deferred USING btree (dedup_key)
CREATE UNIQUE INDEX api_key_key_hash_key ON uptally.api_key USING btree (key_hash)
CREATE UNIQUE INDEX api_key_pkey ON uptally.api_key USING btree (id)
CREATE UNIQUE INDEX app_user_login_key ON uptally.app_user USING btree (login)
CREATE UNIQUE INDEX app_user_pkey ON uptally.app_user USING btree (id)
CREATE INDEX attached_file_of ON uptally.attached_file USING btree (subject, id)
CREATE UNIQUE INDEX attached_file_pkey ON uptally.attached_file USING btree (id)
CREATE UNIQUE INDEX attached_file_subject_sha256_key ON uptally.attached_file USING btree (subject, sha256)
CREATE UNIQUE INDEX audit_log_pkey ON uptally.audit_log USING btree (id)
CREATE INDEX audit_subject ON uptally.audit_log USING btree (subject, id)
CREATE INDEX beat_run_from ON uptally.beat_run USING btree (device_key, from_at)
CREATE INDEX beat_run_to ON uptally.beat_run USING btree (device_key, to_at)
CREATE INDEX boot_anchor_begin ON uptally.boot_anchor USING btree (device_key, offset_ms) WHERE (from_mono_ms = 0)
CREATE UNIQUE INDEX boot_anchor_pkey ON uptally.boot_anchor USING btree (device_key, boot, from_mono_ms)
CREATE UNIQUE INDEX calendar_day_pkey ON uptally.calendar_day USING btree (day)
CREATE UNIQUE INDEX case_event_pkey ON uptally.case_event USING btree (fault_id, seq)
CREATE INDEX case_event_severity_proposed ON uptally.case_event USING btree (fault_id) WHERE (kind = 'severity_proposed'::text)
CREATE UNIQUE INDEX closed_accrual_pkey ON uptally.closed_accrual USING btree (closed_id, station_id, day)
CREATE UNIQUE INDEX closed_period_contract_id_from_day_key ON uptally.closed_period USING btree (contract_id, from_day)
CREATE UNIQUE INDEX closed_period_pkey ON uptally.closed_period USING btree (id)
CREATE INDEX command_batch_id ON uptally.command USING btree (batch_id)
CREATE INDEX command_device ON uptally.command USING btree (device_key, created_at DESC)
CREATE INDEX command_open ON uptally.command USING btree (expires_at) WHERE (state = ANY (ARRAY['queued'::text, 'delivered'::text, 'accepted'::text, 'running'::text]))
CREATE UNIQUE INDEX command_pkey ON uptally.command USING btree (id)
CREATE INDEX command_waiting ON uptally.command USING btree (device_key) WHERE (state = ANY (ARRAY['queued'::text, 'delivered'::text]))
CREATE UNIQUE INDEX command_batch_pkey ON uptally.command_batch USING btree (id)
CREATE UNIQUE INDEX compatible_model_pkey ON uptally.compatible_model USING btree (model_id, spare_model_id)
CREATE INDEX complaint_contract ON uptally.complaint USING btree (contract_id, received_at DESC, id DESC)
CREATE UNIQUE INDEX complaint_pkey ON uptally.complaint USING btree (id)
CREATE INDEX complaint_recent ON uptally.complaint USING btree (received_at DESC, id DESC)
CREATE INDEX complaint_waiting ON uptally.complaint USING btree (agency_at, contractor_at) WHERE (state = 'open'::text)
CREATE UNIQUE INDEX component_report_pkey ON uptally.component_report USING btree (device_key, component, at, seq)
CREATE UNIQUE INDEX contract_baseline ON uptally.contract USING btree (is_baseline) WHERE is_baseline
CREATE UNIQUE INDEX contract_code_key ON uptally.contract USING btree (code)
CREATE UNIQUE INDEX contract_pkey ON uptally.contract USING btree (id)
CREATE INDEX contract_document_agreed ON uptally.contract_document USING btree (contract_id, decided_at DESC, id DESC) WHERE (state = 'agreed'::text)
CREATE UNIQUE INDEX contract_document_contract_id_number_key ON uptally.contract_document USING btree (contract_id, number)
CREATE UNIQUE INDEX contract_document_pkey ON uptally.contract_document USING btree (id)
CREATE UNIQUE INDEX contract_region_pkey ON uptally.contract_region USING btree (contract_id, region_id)
CREATE UNIQUE INDEX device_device_id_key ON uptally.device USING btree (device_id)
CREATE INDEX device_lifecycle ON uptally.device USING btree (lifecycle)
CREATE UNIQUE INDEX device_pkey ON uptally.device USING btree (device_key)
CREATE INDEX device_region ON uptally.device USING btree (region_id)
CREATE UNIQUE INDEX device_serial_key ON uptally.device USING btree (serial)
CREATE INDEX device_list_changed ON uptally.device_list USING btree (changed_at, device_key)
CREATE INDEX device_list_changed_desc ON uptally.device_list USING btree (changed_at DESC NULLS LAST, device_key DESC)
CREATE UNIQUE INDEX device_list_id ON uptally.device_list USING btree (device_id)
CREATE UNIQUE INDEX device_list_pkey ON uptally.device_list USING btree (device_key)
CREATE INDEX device_list_place ON uptally.device_list USING btree (place, device_key)
CREATE INDEX device_list_place_desc ON uptally.device_list USING btree (place DESC NULLS LAST, device_key DESC)
CREATE INDEX device_list_region ON uptally.device_list USING btree (region_id)
CREATE INDEX device_list_rtt ON uptally.device_list USING btree (rtt_ms, device_key)
CREATE INDEX device_list_rtt_desc ON uptally.device_list USING btree (rtt_ms DESC NULLS LAST, device_key DESC)
CREATE INDEX device_list_serial ON uptally.device_list USING btree (serial, device_key)
CREATE INDEX device_list_signal ON uptally.device_list USING btree (signal_dbm, device_key)
CREATE INDEX device_list_signal_desc ON uptally.device_list USING btree (signal_dbm DESC NULLS LAST, device_key DESC)
CREATE INDEX device_list_sim ON uptally.device_list USING btree (sim_order, device_key)
CREATE INDEX device_list_site ON uptally.device_list USING btree (site_id)
CREATE INDEX device_list_state ON uptally.device_list USING btree (state, device_key)
CREATE INDEX device_list_troubles ON uptally.device_list USING btree (device_key) WHERE (troubles <> '{}'::text[])
CREATE UNIQUE INDEX device_live_pkey ON uptally.device_live USING btree (device_key)
CREATE UNIQUE INDEX device_model_code_key ON uptally.device_model USING btree (code)
CREATE UNIQUE INDEX device_model_pkey ON uptally.device_model USING btree (id)
CREATE UNIQUE INDEX device_purchase_pkey ON uptally.device_purchase USING btree (device_key)
CREATE INDEX device_purchase_warranty ON uptally.device_purchase USING btree (warranty_until)
CREATE UNIQUE INDEX device_search_pkey ON uptally.device_search USING btree (device_key)
CREATE INDEX device_session_clean ON uptally.device_session USING btree (device_key, ended_at) WHERE (end_kind = ANY (ARRAY['clean'::text, 'revoked'::text]))
CREATE UNIQUE INDEX device_session_pkey ON uptally.device_session USING btree (device_key, session)
CREATE INDEX document_old ON uptally.document USING btree (finished_at) WHERE (removed_at IS NULL)
CREATE UNIQUE INDEX document_pkey ON uptally.document USING btree (id)
CREATE INDEX document_recent ON uptally.document USING btree (created_at DESC, id)
CREATE INDEX document_subject ON uptally.document USING btree (subject, created_at DESC)
CREATE INDEX document_waiting ON uptally.document USING btree (created_at) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]))
CREATE INDEX document_due_contract ON uptally.document_due USING btree (contract_id, due_at)
CREATE UNIQUE INDEX document_due_document_duty_id_from_day_key ON uptally.document_due USING btree (document_duty_id, from_day)
CREATE UNIQUE INDEX document_due_pkey ON uptally.document_due USING btree (id)
CREATE INDEX document_due_recent ON uptally.document_due USING btree (due_at DESC, id DESC)
CREATE INDEX document_duty_contract ON uptally.document_duty USING btree (contract_id, id)
CREATE UNIQUE INDEX document_duty_pkey ON uptally.document_duty USING btree (id)
CREATE UNIQUE INDEX document_submission_pkey ON uptally.document_submission USING btree (document_due_id, n)
CREATE UNIQUE INDEX duty_shift_contract_id_day_from_time_name_key ON uptally.duty_shift USING btree (contract_id, day, from_time, name)
CREATE INDEX duty_shift_day ON uptally.duty_shift USING btree (day, contract_id)
CREATE UNIQUE INDEX duty_shift_pkey ON uptally.duty_shift USING btree (id)
CREATE UNIQUE INDEX enrolment_token_pkey ON uptally.enrolment_token USING btree (id)
CREATE UNIQUE INDEX enrolment_token_token_hash_key ON uptally.enrolment_token USING btree (token_hash)
CREATE UNIQUE INDEX evidence_bundle_pkey ON uptally.evidence_bundle USING btree (id)
CREATE INDEX evidence_bundle_recent ON uptally.evidence_bundle USING btree (created_at DESC)
CREATE UNIQUE INDEX evidence_mark_pkey ON uptally.evidence_mark USING btree (id)
CREATE UNIQUE INDEX exclusion_pkey ON uptally.exclusion USING btree (id)
CREATE INDEX exclusion_state ON uptally.exclusion USING btree (state, id DESC)
CREATE INDEX exclusion_time ON uptally.exclusion USING btree (contract_id, from_at)
CREATE INDEX exclusion_file_of ON uptally.exclusion_file USING btree (exclusion_id)
CREATE UNIQUE INDEX exclusion_file_pkey ON uptally.exclusion_file USING btree (id)
CREATE INDEX fault_again ON uptally.fault USING btree (opened_at DESC, id DESC) WHERE (recurrence_of IS NOT NULL)
CREATE INDEX fault_contract ON uptally.fault USING btree (contract_id, opened_at)
CREATE INDEX fault_county ON uptally.fault USING btree (county_id, opened_at DESC)
CREATE UNIQUE INDEX fault_held ON uptally.fault USING btree (dedup_key) WHERE ((dedup_key IS NOT NULL) AND (recovered_at IS NULL) AND (merged_into IS NULL))
CREATE INDEX fault_list ON uptally.fault USING btree (id DESC) WHERE (merged_into IS NULL)
CREATE INDEX fault_list_due ON uptally.fault USING btree (next_due_at, id) WHERE ((merged_into IS NULL) AND (next_due_at IS NOT NULL))
CREATE INDEX fault_merged ON uptally.fault USING btree (merged_into) WHERE (merged_into IS NOT NULL)
CREATE INDEX fault_open_due ON uptally.fault USING btree (next_due_at) WHERE ((status = 'open'::text) AND (merged_into IS NULL))
CREATE INDEX fault_order ON uptally.fault USING btree (work_order_id)
CREATE UNIQUE INDEX fault_pkey ON uptally.fault USING btree (id)
CREATE INDEX fault_recent ON uptally.fault USING btree (opened_at DESC, id DESC)
CREATE INDEX fault_region ON uptally.fault USING gin (region_path)
CREATE INDEX fault_site ON uptally.fault USING btree (site_id, opened_at DESC)
CREATE INDEX fault_station ON uptally.fault USING btree (station_id, cause, opened_at DESC)
CREATE INDEX fault_told ON uptally.fault USING btree (source, opened_at DESC, id DESC) WHERE (source <> 'telemetry'::text)
CREATE INDEX fault_episode_device ON uptally.fault_episode USING btree (device_key) WHERE (until_at IS NULL)
CREATE INDEX fault_episode_due ON uptally.fault_episode USING btree (due_at, id) WHERE (due_at IS NOT NULL)
CREATE INDEX fault_episode_fault ON uptally.fault_episode USING btree (fault_id)
CREATE UNIQUE INDEX fault_episode_lasting ON uptally.fault_episode USING btree (station_id, cause) WHERE (until_at IS NULL)
CREATE INDEX fault_episode_of ON uptally.fault_episode USING btree (station_id, cause, since)
CREATE UNIQUE INDEX fault_episode_pkey ON uptally.fault_episode USING btree (id)
CREATE INDEX fault_report_of ON uptally.fault_report USING btree (fault_id, id)
CREATE UNIQUE INDEX fault_report_pkey ON uptally.fault_report USING btree (id)
CREATE INDEX fault_report_site ON uptally.fault_report USING btree (recorded_at) WHERE (source = 'site'::text)
CREATE UNIQUE INDEX idempotency_pkey ON uptally.idempotency USING btree (user_id, key)
CREATE INDEX incident_group ON uptally.incident USING btree (group_key, id DESC)
CREATE UNIQUE INDEX incident_open ON uptally.incident USING btree (group_key) WHERE ((resolved_at IS NULL) AND (notified_at IS NULL))
CREATE UNIQUE INDEX incident_pkey ON uptally.incident USING btree (id)
CREATE INDEX incident_recent ON uptally.incident USING btree (opened_at DESC)
CREATE INDEX incident_unnotified ON uptally.incident USING btree (notify_after) WHERE ((resolved_at IS NULL) AND (notified_at IS NULL))
CREATE INDEX inspection_plan_contract ON uptally.inspection_plan USING btree (contract_id)
CREATE UNIQUE INDEX inspection_plan_pkey ON uptally.inspection_plan USING btree (id)
CREATE UNIQUE INDEX inspection_plan_version_pkey ON uptally.inspection_plan_version USING btree (plan_id, version)
CREATE INDEX inspection_task_asked ON uptally.inspection_task USING btree (cancel_asked_at) WHERE ((cancel_asked_at IS NOT NULL) AND (cancel_decision IS NULL))
CREATE INDEX inspection_task_assignee ON uptally.inspection_task USING btree (assignee_id, due_at) WHERE (state = ANY (ARRAY['open'::text, 'started'::text]))
CREATE UNIQUE INDEX inspection_task_client_key_key ON uptally.inspection_task USING btree (client_key)
CREATE INDEX inspection_task_device ON uptally.inspection_task USING btree (device_key, done_at DESC) WHERE (state = 'done'::text)
CREATE INDEX inspection_task_due ON uptally.inspection_task USING btree (contract_id, due_at)
CREATE INDEX inspection_task_list ON uptally.inspection_task USING btree (due_at, id)
CREATE UNIQUE INDEX inspection_task_pkey ON uptally.inspection_task USING btree (id)
CREATE UNIQUE INDEX inspection_task_plan_id_period_key_target_target_id_key ON uptally.inspection_task USING btree (plan_id, period_key, target, target_id)
CREATE INDEX inspection_task_site ON uptally.inspection_task USING btree (site_id, done_at DESC) WHERE (state = 'done'::text)
CREATE INDEX inspection_task_station ON uptally.inspection_task USING btree (station_id, done_at DESC) WHERE (state = 'done'::text)
CREATE INDEX installation_device ON uptally.installation USING btree (device_key, from_at)
CREATE UNIQUE INDEX installation_open_device ON uptally.installation USING btree (device_key) WHERE (to_at IS NULL)
CREATE UNIQUE INDEX installation_open_station ON uptally.installation USING btree (station_id) WHERE (to_at IS NULL)
CREATE UNIQUE INDEX installation_pkey ON uptally.installation USING btree (id)
CREATE INDEX installation_station ON uptally.installation USING btree (station_id, from_at)
CREATE UNIQUE INDEX lease_pkey ON uptally.lease USING btree (name)
CREATE INDEX ledger_line_contract ON uptally.ledger_line USING btree (contract_id, opened_at DESC, work_order_id DESC)
CREATE INDEX ledger_line_contract_state ON uptally.ledger_line USING btree (contract_id, state, opened_at DESC, work_order_id DESC)
CREATE INDEX ledger_line_county ON uptally.ledger_line USING btree (county_id, opened_at DESC, work_order_id DESC)
CREATE UNIQUE INDEX ledger_line_pkey ON uptally.ledger_line USING btree (work_order_id)
CREATE INDEX ledger_line_recent ON uptally.ledger_line USING btree (opened_at DESC, work_order_id DESC)
CREATE INDEX ledger_line_state ON uptally.ledger_line USING btree (state, opened_at DESC, work_order_id DESC)
CREATE INDEX metric_input_of ON uptally.metric_input USING btree (contract_id, metric, from_day, id)
CREATE UNIQUE INDEX metric_input_pkey ON uptally.metric_input USING btree (id)
CREATE UNIQUE INDEX model_requirement_pkey ON uptally.model_requirement USING btree (model_id, from_at)
CREATE UNIQUE INDEX notification_dedup_key_key ON uptally.notification USING btree (dedup_key)
CREATE INDEX notification_due ON uptally.notification USING btree (next_attempt_at) WHERE (state = ANY (ARRAY['queued'::text, 'unknown'::text, 'sending'::text]))
CREATE INDEX notification_incident ON uptally.notification USING btree (incident_id)
CREATE UNIQUE INDEX notification_pkey ON uptally.notification USING btree (id)
CREATE INDEX notification_recipient ON uptally.notification USING btree (recipient, attempted_at)
CREATE INDEX notification_unsettled ON uptally.notification USING btree (updated_at) WHERE (settled_at IS NULL)
CREATE UNIQUE INDEX notification_attempt_pkey ON uptally.notification_attempt USING btree (notification_id, attempt)
CREATE INDEX notification_attempt_provider ON uptally.notification_attempt USING btree (provider_id)
CREATE UNIQUE INDEX oncall_pkey ON uptally.oncall USING btree (id)
CREATE UNIQUE INDEX org_code_key ON uptally.org USING btree (code)
CREATE UNIQUE INDEX org_pkey ON uptally.org USING btree (id)
CREATE UNIQUE INDEX outbox_pkey ON uptally.outbox USING btree (id)
CREATE UNIQUE INDEX outbox_cursor_pkey ON uptally.outbox_cursor USING btree (reader)
CREATE UNIQUE INDEX part_code_key ON uptally.part USING btree (code)
CREATE UNIQUE INDEX part_pkey ON uptally.part USING btree (id)
CREATE INDEX part_movement_of ON uptally.part_movement USING btree (part_id, region_id, id DESC)
CREATE INDEX part_movement_order ON uptally.part_movement USING btree (work_order_id) WHERE (work_order_id IS NOT NULL)
CREATE UNIQUE INDEX part_movement_pkey ON uptally.part_movement USING btree (id)
CREATE INDEX part_movement_recent ON uptally.part_movement USING btree (id DESC)
CREATE UNIQUE INDEX part_stock_pkey ON uptally.part_stock USING btree (part_id, region_id)
CREATE INDEX part_stock_region ON uptally.part_stock USING btree (region_id)
CREATE UNIQUE INDEX platform_liveness_pkey ON uptally.platform_liveness USING btree (id)
CREATE INDEX platform_liveness_time ON uptally.platform_liveness USING btree (component, to_at)
CREATE INDEX quarantine_at ON uptally.quarantine USING btree (at DESC)
CREATE UNIQUE INDEX quarantine_pkey ON uptally.quarantine USING btree (id)
CREATE UNIQUE INDEX rating_scheme_pkey ON uptally.rating_scheme USING btree (contract_id)
CREATE UNIQUE INDEX rating_sheet_contract_id_month_key ON uptally.rating_sheet USING btree (contract_id, month)
CREATE UNIQUE INDEX rating_sheet_pkey ON uptally.rating_sheet USING btree (id)
CREATE INDEX rec_beat_device ON uptally.rec_beat USING btree (device_key, ts DESC)
CREATE INDEX rec_event_boot ON uptally.rec_event USING btree (device_key, ts) WHERE (code = 'boot'::text)
CREATE INDEX rec_event_device ON uptally.rec_event USING btree (device_key, ts DESC)
CREATE INDEX rec_health_device ON uptally.rec_health USING btree (device_key, ts DESC)
CREATE INDEX rec_health_full ON uptally.rec_health USING btree (device_key, ts DESC) WHERE is_full
CREATE INDEX rec_log_device ON uptally.rec_log USING btree (device_key, ts DESC)
CREATE INDEX rec_net_device ON uptally.rec_net USING btree (device_key, ts DESC)
CREATE INDEX rec_other_device ON uptally.rec_other USING btree (device_key, ts DESC)
CREATE INDEX rec_result_cmd ON uptally.rec_result USING btree (cmd)
CREATE INDEX rec_result_device ON uptally.rec_result USING btree (device_key, ts DESC)
CREATE INDEX rec_sim_device ON uptally.rec_sim USING btree (device_key, ts DESC)
CREATE UNIQUE INDEX region_code_key ON uptally.region USING btree (code)
CREATE INDEX region_parent ON uptally.region USING btree (parent_id)
CREATE INDEX region_path ON uptally.region USING gin (path)
CREATE UNIQUE INDEX region_pkey ON uptally.region USING btree (id)
CREATE INDEX repair_leg_device ON uptally.repair_leg USING btree (device_key, id)
CREATE INDEX repair_leg_due ON uptally.repair_leg USING btree (due_on, id) WHERE (returned_at IS NULL)
CREATE UNIQUE INDEX repair_leg_open ON uptally.repair_leg USING btree (device_key) WHERE (returned_at IS NULL)
CREATE INDEX repair_leg_order ON uptally.repair_leg USING btree (work_order_id) WHERE (work_order_id IS NOT NULL)
CREATE UNIQUE INDEX repair_leg_pkey ON uptally.repair_leg USING btree (id)
CREATE INDEX repair_leg_returned ON uptally.repair_leg USING btree (returned_at DESC, id DESC)
CREATE INDEX repair_terms_newest ON uptally.repair_terms USING btree (contract_id, id DESC)
CREATE UNIQUE INDEX repair_terms_pkey ON uptally.repair_terms USING btree (id)
CREATE UNIQUE INDEX report_edition ON uptally.report USING btree (contract_id, kind, COALESCE(region_id, 0), from_day, edition)
CREATE UNIQUE INDEX report_once ON uptally.report USING btree (contract_id, kind, from_day) WHERE (origin = 'schedule'::text)
CREATE UNIQUE INDEX report_pkey ON uptally.report USING btree (id)
CREATE INDEX report_recent ON uptally.report USING btree (created_at DESC, id DESC)
CREATE UNIQUE INDEX report_schedule_pkey ON uptally.report_schedule USING btree (contract_id, kind)
CREATE INDEX restatement_of ON uptally.restatement USING btree (statement_id, id)
CREATE UNIQUE INDEX restatement_pkey ON uptally.restatement USING btree (id)
CREATE UNIQUE INDEX risk_notice_pkey ON uptally.risk_notice USING btree (contract_id, instalment, sub_period, clause, from_day, tier)
CREATE UNIQUE INDEX schema_migration_pkey ON uptally.schema_migration USING btree (number)
CREATE UNIQUE INDEX setting_pkey ON uptally.setting USING btree (key)
CREATE UNIQUE INDEX sim_card_device_key_key ON uptally.sim_card USING btree (device_key)
CREATE UNIQUE INDEX sim_card_iccid_key ON uptally.sim_card USING btree (iccid)
CREATE INDEX sim_card_list ON uptally.sim_card USING btree (iccid COLLATE "C", id)
CREATE UNIQUE INDEX sim_card_pkey ON uptally.sim_card USING btree (id)
CREATE INDEX site_code ON uptally.site USING btree (code COLLATE "C", id)
CREATE UNIQUE INDEX site_code_key ON uptally.site USING btree (code)
CREATE INDEX site_name ON uptally.site USING btree (name COLLATE "C", id)
CREATE UNIQUE INDEX site_pkey ON uptally.site USING btree (id)
CREATE INDEX site_region ON uptally.site USING btree (region_id)
CREATE UNIQUE INDEX statement_of ON uptally.statement USING btree (contract_id, instalment, from_day, to_day, COALESCE(sub_period, ''::text))
CREATE UNIQUE INDEX statement_pkey ON uptally.statement USING btree (id)
CREATE INDEX statement_recent ON uptally.statement USING btree (from_day DESC, id DESC)
CREATE UNIQUE INDEX statement_archive_pkey ON uptally.statement_archive USING btree (contract_id, seq)
CREATE UNIQUE INDEX statement_archive_statement_id_key ON uptally.statement_archive USING btree (statement_id)
CREATE UNIQUE INDEX statement_closing_pkey ON uptally.statement_closing USING btree (freeze_id, closed_id)
CREATE INDEX statement_comment_of ON uptally.statement_comment USING btree (dispute_id, id)
CREATE UNIQUE INDEX statement_comment_pkey ON uptally.statement_comment USING btree (id)
CREATE INDEX statement_dispute_of ON uptally.statement_dispute USING btree (statement_id, id)
CREATE UNIQUE INDEX statement_dispute_pkey ON uptally.statement_dispute USING btree (id)
CREATE UNIQUE INDEX statement_freeze_pkey ON uptally.statement_freeze USING btree (id)
CREATE UNIQUE INDEX statement_freeze_statement_id_revision_key ON uptally.statement_freeze USING btree (statement_id, revision)
CREATE UNIQUE INDEX statement_signature_freeze_id_side_key ON uptally.statement_signature USING btree (freeze_id, side)
CREATE UNIQUE INDEX statement_signature_pkey ON uptally.statement_signature USING btree (id)
CREATE INDEX station_code ON uptally.station USING btree (code COLLATE "C", id)
CREATE UNIQUE INDEX station_code_key ON uptally.station USING btree (code)
CREATE INDEX station_name ON uptally.station USING btree (name COLLATE "C", id)
CREATE UNIQUE INDEX station_pkey ON uptally.station USING btree (id)
CREATE INDEX station_site ON uptally.station USING btree (site_id)
CREATE UNIQUE INDEX station_page_pkey ON uptally.station_page USING btree (station_id)
CREATE UNIQUE INDEX station_page_token_key ON uptally.station_page USING btree (token)
CREATE UNIQUE INDEX station_suspension_pkey ON uptally.station_suspension USING btree (id)
CREATE INDEX station_suspension_station ON uptally.station_suspension USING btree (station_id, from_at)
CREATE UNIQUE INDEX stock_minimum_pkey ON uptally.stock_minimum USING btree (region_id, model_id)
CREATE INDEX stock_movement_device ON uptally.stock_movement USING btree (device_key, id)
CREATE INDEX stock_movement_from ON uptally.stock_movement USING btree (from_region, at DESC)
CREATE INDEX stock_movement_order ON uptally.stock_movement USING btree (work_order_id) WHERE (work_order_id IS NOT NULL)
CREATE UNIQUE INDEX stock_movement_pkey ON uptally.stock_movement USING btree (id)
CREATE INDEX stock_movement_recent ON uptally.stock_movement USING btree (at DESC, id DESC)
CREATE INDEX stock_movement_to ON uptally.stock_movement USING btree (to_region, at DESC)
CREATE UNIQUE INDEX user_region_pkey ON uptally.user_region USING btree (user_id, region_id)
CREATE UNIQUE INDEX user_session_id_key ON uptally.user_session USING btree (id)
CREATE UNIQUE INDEX user_session_pkey ON uptally.user_session USING btree (token_hash)
CREATE INDEX user_session_user ON uptally.user_session USING btree (user_id)
CREATE INDEX wipe_check_device ON uptally.wipe_check USING btree (device_key)
CREATE UNIQUE INDEX wipe_check_open ON uptally.wipe_check USING btree (device_key) WHERE (state = ANY (ARRAY['pending'::text, 'failed'::text]))
CREATE UNIQUE INDEX wipe_check_pkey ON uptally.wipe_check USING btree (id)
CREATE INDEX wipe_record_of ON uptally.wipe_record USING btree (check_id, id)
CREATE UNIQUE INDEX wipe_record_pkey ON uptally.wipe_record USING btree (id)
CREATE INDEX work_order_assignee ON uptally.work_order USING btree (assignee_id, state)
CREATE INDEX work_order_contract ON uptally.work_order USING btree (contract_id, opened_at DESC)
CREATE INDEX work_order_county ON uptally.work_order USING btree (county_id, opened_at DESC)
CREATE INDEX work_order_incident ON uptally.work_order USING btree (county_id, cause) WHERE ((kind = 'incident'::text) AND (state <> ALL (ARRAY['closed'::text, 'cancelled'::text])))
CREATE INDEX work_order_next_mark ON uptally.work_order USING btree (next_mark_at) WHERE (next_mark_at IS NOT NULL)
CREATE INDEX work_order_open ON uptally.work_order USING btree (next_due_at, id) WHERE (state <> ALL (ARRAY['closed'::text, 'cancelled'::text]))
CREATE UNIQUE INDEX work_order_pkey ON uptally.work_order USING btree (id)
CREATE INDEX work_order_recent ON uptally.work_order USING btree (opened_at DESC, id DESC)
CREATE INDEX work_order_site ON uptally.work_order USING btree (site_id, opened_at DESC)
CREATE INDEX work_order_station ON uptally.work_order USING btree (station_id, opened_at DESC)
CREATE UNIQUE INDEX work_order_confirmation_once ON uptally.work_order_confirmation USING btree (work_order_id) WHERE (voided_at IS NULL)
CREATE UNIQUE INDEX work_order_confirmation_pkey ON uptally.work_order_confirmation USING btree (id)
CREATE INDEX work_order_entry_of ON uptally.work_order_entry USING btree (work_order_id, id)
CREATE INDEX work_order_entry_pause_proposed ON uptally.work_order_entry USING btree (work_order_id) WHERE (kind = 'pause_proposed'::text)
CREATE UNIQUE INDEX work_order_entry_pkey ON uptally.work_order_entry USING btree (id)
CREATE INDEX work_order_link_of ON uptally.work_order_link USING btree (work_order_id)
CREATE UNIQUE INDEX work_order_link_pkey ON uptally.work_order_link USING btree (id)
CREATE UNIQUE INDEX work_order_link_token_hash_key ON uptally.work_order_link USING btree (token_hash)
CREATE UNIQUE INDEX work_order_mark_pkey ON uptally.work_order_mark USING btree (work_order_id, stage, percent)
CREATE INDEX work_order_part_of ON uptally.work_order_part USING btree (work_order_id, id)
CREATE UNIQUE INDEX work_order_part_pkey ON uptally.work_order_part USING btree (id)

-- views
view health_hourly
view net_hourly
view sim_daily

-- functions and triggers
CREATE OR REPLACE FUNCTION uptally.device_list_by_device()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform device_list_refresh(array(select device_key from changed order by device_key));
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.device_list_by_device_row()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform device_list_refresh(array[new.device_key]);
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.device_list_by_live()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  now_state constant smallint := case when new.last_rcv_at is null then 2 when not new.online then 0 when new.faulty then 1 else 3 end;
  now_troubles constant text[] := array(
    select key from jsonb_each(new.components) where value->>'s' in ('fault', 'warn') order by key);
  now_signal constant real := (new.net->>'signal_dbm')::real;
  now_rtt constant real := (new.net->>'rtt_ms')::real;
  now_sim constant bigint := device_list_sim_order(new.sim_month, new.sim_bytes);
begin
  update device_list l set state = now_state, troubles = now_troubles, changed_at = new.changed_at, signal_dbm = now_signal,
    rtt_ms = now_rtt, sim_order = now_sim
  where l.device_key = new.device_key and (l.state, l.troubles, l.changed_at, l.signal_dbm, l.rtt_ms, l.sim_order)
    is distinct from (now_state, now_troubles, new.changed_at, now_signal, now_rtt, now_sim);
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.device_list_by_sim()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform device_list_refresh(array(
    select device_key from before union select device_key from after order by device_key));
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.device_list_by_site()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform device_list_refresh(array(
    select i.device_key from changed c join station s on s.site_id = c.id
    join installation i on i.station_id = s.id and i.to_at is null order by i.device_key));
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.device_list_by_station()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform device_list_refresh(array(
    select i.device_key from changed c join installation i on i.station_id = c.id and i.to_at is null
    order by i.device_key));
  return null;
end $function$

CREATE TRIGGER device_list_insert AFTER INSERT ON uptally.device REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_list_by_device()
CREATE TRIGGER device_list_install AFTER INSERT ON uptally.installation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_list_by_device()
CREATE TRIGGER device_list_live_insert AFTER INSERT ON uptally.device_live FOR EACH ROW WHEN ((new.last_rcv_at IS NOT NULL)) EXECUTE FUNCTION device_list_by_live()
CREATE TRIGGER device_list_live_update AFTER UPDATE ON uptally.device_live FOR EACH ROW WHEN (((old.online IS DISTINCT FROM new.online) OR (old.faulty IS DISTINCT FROM new.faulty) OR (old.changed_at IS DISTINCT FROM new.changed_at) OR ((old.last_rcv_at IS NULL) <> (new.last_rcv_at IS NULL)) OR (old.sim_bytes IS DISTINCT FROM new.sim_bytes) OR (old.sim_month IS DISTINCT FROM new.sim_month) OR (old.net IS DISTINCT FROM new.net) OR (old.components IS DISTINCT FROM new.components))) EXECUTE FUNCTION device_list_by_live()
CREATE OR REPLACE FUNCTION uptally.device_list_refresh(keys integer[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform 1 from device_list where device_key = any (keys) order by device_key for update;
  insert into device_list as l
    (device_key, device_id, serial, model_id, lifecycle, region_id, site_id, station_id, place)
  select d.device_key, d.device_id, d.serial, d.model_id, d.lifecycle, d.region_id, si.id, st.id, si.name || ' ' || st.name
  from device d
  left join installation i on i.device_key = d.device_key and i.to_at is null
  left join station st on st.id = i.station_id
  left join site si on si.id = st.site_id
  where d.device_key = any (keys)
  order by d.device_key
  on conflict (device_key) do update set
    device_id = excluded.device_id, serial = excluded.serial, model_id = excluded.model_id,
    lifecycle = excluded.lifecycle, region_id = excluded.region_id, site_id = excluded.site_id,
    station_id = excluded.station_id, place = excluded.place
  where (l.device_id, l.serial, l.model_id, l.lifecycle, l.region_id, l.site_id, l.station_id, l.place)
    is distinct from (excluded.device_id, excluded.serial, excluded.model_id, excluded.lifecycle, excluded.region_id,
      excluded.site_id, excluded.station_id, excluded.place);
  insert into device_search as s (device_key, search)
  select l.device_key, lower(concat_ws(' ', l.device_id, l.serial, si.code, si.name, st.code, c.iccid))
  from device_list l
  left join station st on st.id = l.station_id
  left join site si on si.id = l.site_id
  left join sim_card c on c.device_key = l.device_key
  where l.device_key = any (keys)
  order by l.device_key
  on conflict (device_key) do update set search = excluded.search where s.search <> excluded.search;
end $function$

CREATE TRIGGER device_list_reinstall AFTER UPDATE ON uptally.installation REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_list_by_device()
CREATE TRIGGER device_list_sim_delete AFTER DELETE ON uptally.sim_card REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_list_by_device()
CREATE TRIGGER device_list_sim_insert AFTER INSERT ON uptally.sim_card REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_list_by_device()
CREATE OR REPLACE FUNCTION uptally.device_list_sim_order(month date, bytes bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce((extract(year from month) * 12 + extract(month from month))::bigint << 44, 0) + least(bytes, (1::bigint << 44) - 1)
$function$

CREATE TRIGGER device_list_sim_update AFTER UPDATE ON uptally.sim_card REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION device_list_by_sim()
CREATE TRIGGER device_list_site_update AFTER UPDATE ON uptally.site REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_list_by_site()
CREATE TRIGGER device_list_station AFTER UPDATE ON uptally.station REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_list_by_station()
CREATE TRIGGER device_list_uninstall AFTER DELETE ON uptally.installation REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_list_by_device()
CREATE TRIGGER device_list_update AFTER UPDATE ON uptally.device FOR EACH ROW WHEN ((((((old.device_id IS DISTINCT FROM new.device_id) OR (old.serial IS DISTINCT FROM new.serial)) OR (old.model_id IS DISTINCT FROM new.model_id)) OR (old.lifecycle IS DISTINCT FROM new.lifecycle)) OR (old.region_id IS DISTINCT FROM new.region_id))) EXECUTE FUNCTION device_list_by_device_row()
CREATE TRIGGER evidence_boot AFTER INSERT ON uptally.boot_anchor REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_boot()
CREATE TRIGGER evidence_calendar AFTER INSERT OR DELETE OR UPDATE ON uptally.calendar_day FOR EACH ROW EXECUTE FUNCTION mark_calendar()
CREATE TRIGGER evidence_contract AFTER UPDATE ON uptally.contract FOR EACH ROW WHEN (((((old.time_zone IS DISTINCT FROM new.time_zone) OR (old.term_from IS DISTINCT FROM new.term_from)) OR (old.term_to IS DISTINCT FROM new.term_to)) OR (old.calendar IS DISTINCT FROM new.calendar))) EXECUTE FUNCTION mark_contract()
CREATE TRIGGER evidence_contract_new AFTER INSERT ON uptally.contract FOR EACH ROW EXECUTE FUNCTION mark_contract()
CREATE TRIGGER evidence_contract_region AFTER INSERT OR DELETE OR UPDATE ON uptally.contract_region FOR EACH ROW EXECUTE FUNCTION mark_contract_region()
CREATE TRIGGER evidence_device_model AFTER UPDATE ON uptally.device FOR EACH ROW WHEN ((old.model_id IS DISTINCT FROM new.model_id)) EXECUTE FUNCTION mark_device_model()
CREATE TRIGGER evidence_exclusion AFTER INSERT OR UPDATE ON uptally.exclusion FOR EACH ROW EXECUTE FUNCTION mark_exclusion()
CREATE TRIGGER evidence_installation AFTER INSERT OR DELETE OR UPDATE ON uptally.installation FOR EACH ROW EXECUTE FUNCTION mark_installation()
CREATE TRIGGER evidence_platform AFTER INSERT ON uptally.platform_liveness FOR EACH ROW WHEN ((new.component = 'ingest'::text)) EXECUTE FUNCTION mark_platform()
CREATE TRIGGER evidence_region AFTER UPDATE ON uptally.region FOR EACH ROW WHEN ((old.path IS DISTINCT FROM new.path)) EXECUTE FUNCTION mark_region()
CREATE TRIGGER evidence_requirement AFTER INSERT ON uptally.model_requirement FOR EACH ROW WHEN ((new.from_at > '-infinity'::timestamp with time zone)) EXECUTE FUNCTION mark_requirement()
CREATE TRIGGER evidence_session_end AFTER UPDATE ON uptally.device_session FOR EACH ROW WHEN (((new.end_kind = ANY (ARRAY['clean'::text, 'revoked'::text])) AND ((old.ended_at IS DISTINCT FROM new.ended_at) OR (old.end_kind IS DISTINCT FROM new.end_kind)))) EXECUTE FUNCTION mark_session()
CREATE TRIGGER evidence_session_new AFTER INSERT ON uptally.device_session FOR EACH ROW WHEN ((new.end_kind = ANY (ARRAY['clean'::text, 'revoked'::text]))) EXECUTE FUNCTION mark_session()
CREATE TRIGGER evidence_site AFTER UPDATE ON uptally.site FOR EACH ROW WHEN ((old.region_id <> new.region_id)) EXECUTE FUNCTION mark_site()
CREATE TRIGGER evidence_station AFTER UPDATE ON uptally.station FOR EACH ROW WHEN ((((old.commissioned_at IS DISTINCT FROM new.commissioned_at) OR (old.decommissioned_at IS DISTINCT FROM new.decommissioned_at)) OR (old.site_id IS DISTINCT FROM new.site_id))) EXECUTE FUNCTION mark_station()
CREATE TRIGGER evidence_station_new AFTER INSERT ON uptally.station FOR EACH ROW WHEN ((new.commissioned_at IS NOT NULL)) EXECUTE FUNCTION mark_station()
CREATE TRIGGER evidence_suspension AFTER INSERT OR DELETE OR UPDATE ON uptally.station_suspension FOR EACH ROW EXECUTE FUNCTION mark_suspension()
CREATE TRIGGER ledger_changed AFTER UPDATE ON uptally.work_order FOR EACH ROW WHEN ((((old.state = 'closed'::text) IS DISTINCT FROM (new.state = 'closed'::text)) OR ((old.state = 'cancelled'::text) IS DISTINCT FROM (new.state = 'cancelled'::text)) OR ((((old.contract_id IS DISTINCT FROM new.contract_id) OR (old.county_id IS DISTINCT FROM new.county_id)) OR (old.region_path IS DISTINCT FROM new.region_path)) OR (old.opened_at IS DISTINCT FROM new.opened_at)) OR ((new.state = 'closed'::text) AND (((((((((old.ended_at IS DISTINCT FROM new.ended_at) OR (old.cause_kind IS DISTINCT FROM new.cause_kind)) OR (old.cause_analysis IS DISTINCT FROM new.cause_analysis)) OR (old.advice IS DISTINCT FROM new.advice)) OR (old.warranty IS DISTINCT FROM new.warranty)) OR (old.labour_fen IS DISTINCT FROM new.labour_fen)) OR (old.logistics_fen IS DISTINCT FROM new.logistics_fen)) OR (old.title IS DISTINCT FROM new.title)) OR (old.severity IS DISTINCT FROM new.severity))))) EXECUTE FUNCTION ledger_follow()
CREATE OR REPLACE FUNCTION uptally.ledger_follow()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$

CREATE OR REPLACE FUNCTION uptally.ledger_follow_part()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update ledger_line set state = 'unconfirmed', said_by = null, said_org_id = null, said_at = null, note = null,
    answer = null, answered_by = null, answered_at = null
  where work_order_id in (new.work_order_id, old.work_order_id) and state in ('confirmed', 'disputed');
  return null;
end $function$

CREATE TRIGGER ledger_new AFTER INSERT ON uptally.work_order FOR EACH ROW EXECUTE FUNCTION ledger_follow()
CREATE TRIGGER ledger_part AFTER INSERT OR DELETE OR UPDATE ON uptally.work_order_part FOR EACH ROW EXECUTE FUNCTION ledger_follow_part()
CREATE OR REPLACE FUNCTION uptally.mark_boot()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (device_key, from_at, to_at)
  select device_key, t, t from (
    select device_key, timestamptz 'epoch' + interval '1 millisecond' * offset_ms as t from changed where from_mono_ms = 0) b;
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_calendar()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (from_at, to_at)
  select (d - 1)::timestamptz, (d + 2)::timestamptz from (select coalesce(new.day, old.day) as d) x;
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_contract()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (contract_id, from_at, to_at) values (new.id, '-infinity', 'infinity');
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_contract_region()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (contract_id, from_at, to_at)
  values (coalesce(new.contract_id, old.contract_id), '-infinity', 'infinity');
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_device_model()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (device_key, from_at, to_at) values (new.device_key, '-infinity', 'infinity');
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_exclusion()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and old.state = 'approved' then
    insert into evidence_mark (contract_id, from_at, to_at) values (old.contract_id, old.from_at, old.to_at);
  end if;
  if new.state = 'approved' then
    insert into evidence_mark (contract_id, from_at, to_at) values (new.contract_id, new.from_at, new.to_at);
  end if;
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_installation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op <> 'INSERT' then
    insert into evidence_mark (station_id, from_at, to_at) values (old.station_id, old.from_at, coalesce(old.to_at, 'infinity'));
  end if;
  if tg_op <> 'DELETE' then
    insert into evidence_mark (station_id, from_at, to_at) values (new.station_id, new.from_at, coalesce(new.to_at, 'infinity'));
  end if;
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_platform()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  before constant timestamptz := (
    select max(to_at) from platform_liveness where component = new.component and id <> new.id and from_at <= new.from_at);
begin
  if new.from_at <= before + interval '15 seconds' and new.to_at <= before + interval '15 seconds' then
    return null;
  end if;
  insert into evidence_mark (from_at, to_at) values (coalesce(before, '-infinity'), new.to_at);
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_region()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (station_id, from_at, to_at)
  select t.id, '-infinity', 'infinity' from region r join site s on s.region_id = r.id join station t on t.site_id = s.id
  where r.path @> array[new.id];
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_requirement()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (device_key, from_at, to_at)
  select device_key, greatest(new.from_at, now()), 'infinity' from device where model_id = new.model_id;
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_session()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (device_key, from_at, to_at) values (new.device_key, new.ended_at, new.ended_at);
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_site()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (station_id, from_at, to_at)
  select id, '-infinity', 'infinity' from station where site_id = new.id;
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_station()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into evidence_mark (station_id, from_at, to_at)
  values (new.id, '-infinity', 'infinity');
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.mark_suspension()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op <> 'INSERT' then
    insert into evidence_mark (station_id, from_at, to_at) values (old.station_id, old.from_at, coalesce(old.to_at, 'infinity'));
  end if;
  if tg_op <> 'DELETE' then
    insert into evidence_mark (station_id, from_at, to_at) values (new.station_id, new.from_at, coalesce(new.to_at, 'infinity'));
  end if;
  return null;
end $function$

CREATE TRIGGER model_requirement_changed AFTER UPDATE ON uptally.device_model FOR EACH ROW WHEN ((old.required_components IS DISTINCT FROM new.required_components)) EXECUTE FUNCTION model_requirement_note()
CREATE TRIGGER model_requirement_new AFTER INSERT ON uptally.device_model FOR EACH ROW EXECUTE FUNCTION model_requirement_note()
CREATE OR REPLACE FUNCTION uptally.model_requirement_note()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into model_requirement values
    (new.id, case tg_op when 'INSERT' then '-infinity'::timestamptz else now() end, new.required_components)
  on conflict (model_id, from_at) do update set components = excluded.components;
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.notification_report(n_id bigint, n_attempt integer, sid text, reported text, code text, reported_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
declare
  rank_of constant jsonb :=
    '{"sending": 0, "unknown": 0, "queued": 1, "sent": 2, "delivered": 3, "undelivered": 3, "failed": 3}';
  n notification%rowtype;
begin
  if n_id is null then
    select notification_id, attempt into n_id, n_attempt from notification_attempt where provider_id = sid;
  end if;
  select * into n from notification where id = n_id for update;
  if not found or not (rank_of ? reported) then
    return null;
  end if;
  update notification_attempt t set status = reported, provider_id = coalesce(t.provider_id, sid), error_code = code,
    updated_at = reported_at
  where t.notification_id = n_id and t.attempt = n_attempt and coalesce(t.provider_id, sid) = sid
    and (rank_of->>t.status)::int < (rank_of->>reported)::int;
  if not found then
    return n_id;
  end if;
  if reported = 'delivered' then
    update notification set state = 'delivered', provider_id = sid, error_code = null, error_text = null,
      sent_at = coalesce(sent_at, reported_at), settled_at = reported_at, updated_at = reported_at
    where id = n_id and state <> 'delivered';
  elsif n_attempt = n.attempts and n.state in ('sending', 'unknown', 'sent') then
    update notification set
      state = case when reported in ('undelivered', 'failed') then 'undelivered' else 'sent' end,
      provider_id = sid, error_code = code, sent_at = coalesce(sent_at, reported_at), updated_at = reported_at
    where id = n_id;
  end if;
  return n_id;
end $function$

CREATE OR REPLACE FUNCTION uptally.outbox_tail(OUT newest bigint, OUT writers text[])
 RETURNS record
 LANGUAGE plpgsql
AS $function$
begin
  select case when is_called then last_value else 0 end into newest from outbox_id_seq;
  select coalesce(array_agg(virtualtransaction), '{}') into writers from pg_locks
  where locktype = 'relation' and relation = 'outbox'::regclass and mode = 'RowExclusiveLock' and pid <> pg_backend_pid()
    and database = (select oid from pg_database where datname = current_database());
end $function$

CREATE TRIGGER region_path_set BEFORE INSERT OR UPDATE OF parent_id ON uptally.region FOR EACH ROW EXECUTE FUNCTION region_set_path()
CREATE OR REPLACE FUNCTION uptally.region_set_path()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.path := coalesce((select path from region where id = new.parent_id), '{}') || new.id;
  return new;
end $function$

CREATE TRIGGER stock_device_moved AFTER UPDATE OF lifecycle, region_id ON uptally.device FOR EACH ROW EXECUTE FUNCTION stock_move()
CREATE TRIGGER stock_device_new AFTER INSERT ON uptally.device FOR EACH ROW EXECUTE FUNCTION stock_move()
CREATE OR REPLACE FUNCTION uptally.stock_low()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  store int := store_of(new.from_region);
  model int := (select model_id from device where device_key = new.device_key);
  wanted int;
  left_over int;
begin
  -- Locked, so that of two that leave at once the second counts what the first has left.
  select minimum into wanted from stock_minimum where region_id = store and model_id = model for update;
  if wanted is null then return null; end if;
  select count(*) into left_over from device d where d.lifecycle = 'in_stock' and d.model_id = model
    and d.region_id in (select r.id from region r where r.path @> array[store] and store_of(r.id) = store);
  if left_over = wanted - 1 then
    insert into outbox (kind, device_key, region_path, payload)
    select 'stock.low', new.device_key, r.path, jsonb_build_object('what', 'spares', 'region_id', store, 'model_id', model,
      'left', left_over, 'minimum', wanted) from region r where r.id = store;
  end if;
  return null;
end $function$

CREATE OR REPLACE FUNCTION uptally.stock_move()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  act jsonb := coalesce(nullif(current_setting('uptally.act', true), '')::jsonb, '{}');
  was text;
  was_at int;
  what text;
  place installation;
  moment timestamptz;
begin
  if tg_op = 'UPDATE' then
    was := old.lifecycle;
    was_at := old.region_id;
    -- An installed device follows its station: that the site was moved to another region is no movement.
    if new.lifecycle = was and (new.region_id is not distinct from was_at or was = 'in_service') then return null; end if;
  end if;
  what := case
    when tg_op = 'INSERT' then 'received'
    when new.lifecycle = 'in_service' then 'installed'
    when new.lifecycle = was then 'transferred'
    when new.lifecycle = 'retired' then 'retired'
    when was = 'in_service' then 'removed'
    when was = 'retired' then 'reinstated'
    when new.lifecycle = 'in_repair' then 'set_aside'
    else 'returned' end;
  if 'in_service' in (was, new.lifecycle) then
    select * into place from installation where device_key = new.device_key
      and (to_at is null) = (new.lifecycle = 'in_service') order by from_at desc limit 1;
  end if;
  moment := coalesce((act ->> 'at')::timestamptz, case when was = 'in_service' then place.to_at else place.from_at end, now());
  insert into stock_movement (device_key, at, kind, from_lifecycle, to_lifecycle, from_region, to_region, station_id, work_order_id,
    user_id, note)
  values (new.device_key, moment, what, was, new.lifecycle, was_at, new.region_id, place.station_id, (act ->> 'order')::int,
    (act ->> 'user')::int, act ->> 'note');
  if what = 'installed' then
    update wipe_check set state = 'void', version = version + 1
    where device_key = new.device_key and state in ('pending', 'failed') and station_id = place.station_id;
  elsif was = 'in_service' then
    insert into wipe_check (device_key, station_id, work_order_id, left_at)
    values (new.device_key, place.station_id, (act ->> 'order')::int, moment) on conflict do nothing;
  end if;
  return null;
end $function$

CREATE TRIGGER stock_movement_low AFTER INSERT ON uptally.stock_movement FOR EACH ROW WHEN (((new.from_lifecycle = 'in_stock'::text) AND ((new.to_lifecycle <> 'in_stock'::text) OR (new.from_region IS DISTINCT FROM new.to_region)))) EXECUTE FUNCTION stock_low()
CREATE OR REPLACE FUNCTION uptally.store_of(region integer)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce((select up.id from region up where up.id = any (r.path) and up.kind = 'county'), r.id) from region r where r.id = region
$function$


-- hypertables
rec_beat by ts every 1 day, compressed
rec_event by ts every 7 days, compressed
rec_health by ts every 7 days, compressed
rec_log by ts every 7 days, compressed
rec_net by ts every 7 days, compressed
rec_other by ts every 30 days
rec_result by ts every 30 days
rec_sim by ts every 7 days, compressed

-- continuous aggregates
health_hourly:  SELECT device_key, time_bucket('01:00:00'::interval, ts) AS bucket, count(*) AS samples, avg(cpu_pct) AS cpu_pct, max(cpu_pct) AS cpu_pct_max, avg(mem_used_pct) AS mem_used_pct, avg(disk_used_pct) AS disk_used_pct, avg(temp_c) AS temp_c, max(temp_c) AS temp_c_max FROM rec_health GROUP BY device_key, (time_bucket('01:00:00'::interval, ts));
net_hourly:  SELECT device_key, time_bucket('01:00:00'::interval, ts) AS bucket, count(*) AS samples, avg(rtt_ms) AS rtt_ms, max(rtt_ms) AS rtt_ms_max, avg(jitter_ms) AS jitter_ms, sum(sent) AS sent, sum(lost) AS lost, sum(pkt) AS pkt, sum(pkt_err) AS pkt_err, avg(signal_dbm) AS signal_dbm FROM rec_net GROUP BY device_key, (time_bucket('01:00:00'::interval, ts));
sim_daily:  SELECT device_key, time_bucket('1 day'::interval, ts, 'Asia/Shanghai'::text) AS bucket, sum(rx_bytes) AS rx_bytes, sum(tx_bytes) AS tx_bytes FROM rec_sim GROUP BY device_key, (time_bucket('1 day'::interval, ts, 'Asia/Shanghai'::text));

-- policies
policy_compression every 12:00:00 on rec_beat {"compress_after": "7 days"}
policy_compression every 12:00:00 on rec_event {"compress_after": "30 days"}
policy_compression every 12:00:00 on rec_health {"compress_after": "14 days"}
policy_compression every 12:00:00 on rec_log {"compress_after": "14 days"}
policy_compression every 12:00:00 on rec_net {"compress_after": "14 days"}
policy_compression every 12:00:00 on rec_sim {"compress_after": "14 days"}
policy_refresh_continuous_aggregate every 00:30:00 on health_hourly {"end_offset": "01:00:00", "start_offset": "45 days"}
policy_refresh_continuous_aggregate every 00:30:00 on net_hourly {"end_offset": "01:00:00", "start_offset": "45 days"}
policy_refresh_continuous_aggregate every 01:00:00 on sim_daily {"end_offset": "1 day", "start_offset": "45 days"}
