-- What lists and the marker job need of the clocks, confirmation by sites, parts used. See docs/work-orders.md.

-- Read from the log of a fault whenever it changes.
alter table fault add column marks jsonb not null default '[]'; -- [{stage, percent, at}] of its open stages, at in ms; stage 'pause': a pause begins or ends
alter table fault add column is_late boolean not null default false;
alter table fault add column paused boolean not null default false;

-- Shares of a limit of which people have been told, once for an order.
create table work_order_mark (
  work_order_id int not null references work_order on delete cascade,
  stage text not null,
  percent int not null,
  told_at timestamptz not null,
  primary key (work_order_id, stage, percent)
);

-- Parts that went in, with what one costs. Bound to the parts store by `part_id` if it came from there.
create table work_order_part (
  id int generated always as identity primary key,
  work_order_id int not null references work_order on delete cascade,
  name text not null,
  qty int not null check (qty between 1 and 9999),
  unit_fen bigint not null default 0 check (unit_fen between 0 and 100000000),
  serial text,
  part_id int,
  added_by int references app_user,
  added_at timestamptz not null
);
create index work_order_part_of on work_order_part (work_order_id, id);

-- Confirmation by the site: on the engineer's phone, through a link that the site opens itself, or by the agency on its behalf.
create table work_order_confirmation (
  id int generated always as identity primary key,
  work_order_id int not null references work_order on delete cascade,
  via text not null check (via in ('phone', 'link', 'agency')),
  name text not null,
  phone text,
  note text,
  at timestamptz not null,
  signature_id int references attached_file,
  user_id int references app_user,  -- null: the site itself
  voided_at timestamptz             -- the order was reopened
);
create unique index work_order_confirmation_once on work_order_confirmation (work_order_id) where voided_at is null;

-- A link is good once; only its hash is kept.
create table work_order_link (
  id int generated always as identity primary key,
  work_order_id int not null references work_order on delete cascade,
  token_hash bytea not null unique,
  created_by int not null references app_user,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index work_order_link_of on work_order_link (work_order_id);
