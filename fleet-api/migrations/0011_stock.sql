-- Spares, parts, swaps and the repair centre: see docs/stock.md.

-- ---------------------------------------------------------------- spare store
-- Where a device of a region is kept: at the county; the region itself if it has none above (a store of the province).
create function store_of(region int) returns int language sql stable as $$
  select coalesce((select up.id from region up where up.id = any (r.path) and up.kind = 'county'), r.id) from region r where r.id = region
$$;

-- Every change of where a device is, as a line of a ledger: the spares of a region are the sum of its movements, by construction.
-- Written by trigger, so that no way of changing a device can forget it.
create table stock_movement (
  id bigint generated always as identity primary key,
  device_key int not null references device on delete cascade,
  at timestamptz not null,           -- when it happened
  recorded_at timestamptz not null default now(),
  kind text not null check (kind in
    ('received', 'installed', 'removed', 'transferred', 'set_aside', 'sent', 'returned', 'retired', 'reinstated')),
  from_lifecycle text,               -- null: it was not known before
  to_lifecycle text not null,
  from_region int references region,
  to_region int references region,
  station_id int references station, -- where it was put, or taken from
  work_order_id int references work_order,
  user_id int references app_user,
  note text
);
create index stock_movement_device on stock_movement (device_key, id);
create index stock_movement_recent on stock_movement (at desc, id desc);
create index stock_movement_to on stock_movement (to_region, at desc);
create index stock_movement_from on stock_movement (from_region, at desc);
create index stock_movement_order on stock_movement (work_order_id) where work_order_id is not null;

-- What was there before: one opening line a device.
insert into stock_movement (device_key, at, kind, to_lifecycle, to_region, note)
select device_key, created_at, 'received', lifecycle, region_id, 'opening' from device order by device_key;

-- Below `minimum` spares of a model in a store somebody has to act (R-DG-7).
create table stock_minimum (
  region_id int not null references region,
  model_id int not null references device_model,
  minimum int not null check (minimum between 0 and 100000),
  primary key (region_id, model_id)
);

-- Another model that may stand in for a model: of the same specification (R-DG-7).
create table compatible_model (
  model_id int not null references device_model,
  spare_model_id int not null references device_model,
  primary key (model_id, spare_model_id),
  check (model_id <> spare_model_id)
);

-- ---------------------------------------------------------------- wiping (R-DG-10)
-- A device that left a station, until its data are known to be gone.
create table wipe_check (
  id int generated always as identity primary key,
  device_key int not null references device on delete cascade,
  station_id int references station, -- that it left; back there it may go as it is
  work_order_id int references work_order,
  left_at timestamptz not null,
  state text not null default 'pending' check (state in ('pending', 'failed', 'clean', 'void')), -- void: it went back
  version int not null default 1
);
create unique index wipe_check_open on wipe_check (device_key) where state in ('pending', 'failed');
create index wipe_check_device on wipe_check (device_key);

create table wipe_record (
  id int generated always as identity primary key,
  check_id int not null references wipe_check on delete cascade,
  at timestamptz not null,
  user_id int references app_user,
  method text not null check (method in ('overwrite', 'factory_reset', 'disk_removed', 'destroyed', 'no_data')),
  result text not null check (result in ('clean', 'failed')),
  note text
);
create index wipe_record_of on wipe_record (check_id, id);

-- ---------------------------------------------------------------- the ledger's trigger
-- Who does what and why is told by the transaction in `uptally.act` (set local): {at, user, note, order}.
create function stock_move() returns trigger language plpgsql as $$
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
end $$;
create trigger stock_device_new after insert on device for each row execute function stock_move();
create trigger stock_device_moved after update of lifecycle, region_id on device for each row execute function stock_move();

-- Tells once when the spares of a model fall below the minimum of their store.
create function stock_low() returns trigger language plpgsql as $$
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
end $$;
create trigger stock_movement_low after insert on stock_movement for each row
  when (new.from_lifecycle = 'in_stock' and (new.to_lifecycle <> 'in_stock' or new.from_region is distinct from new.to_region))
  execute function stock_low();

-- ---------------------------------------------------------------- the way through the repair centre (R-HN-4)
create table repair_leg (
  id int generated always as identity primary key,
  device_key int not null references device on delete cascade,
  work_order_id int references work_order,
  station_id int references station,  -- where it stood, and goes back to
  sent_at timestamptz not null,
  sent_by int references app_user,
  from_region int references region,
  centre text,
  carrier text,
  tracking_no text,
  warranty text not null default 'unknown' check (warranty in ('in', 'out', 'unknown')),
  due_on date,                        -- when it is to be back
  symptom text,
  diagnosis text,
  repair_fen bigint not null default 0 check (repair_fen >= 0),
  logistics_fen bigint not null default 0 check (logistics_fen >= 0), -- there and back
  returned_at timestamptz,
  returned_by int references app_user,
  outcome text check (outcome in ('repaired', 'scrapped')),
  swapped_back_at timestamptz,
  version int not null default 1,
  check ((returned_at is null) = (outcome is null)),
  check (returned_at is null or returned_at >= sent_at)
);
create unique index repair_leg_open on repair_leg (device_key) where returned_at is null;
create index repair_leg_device on repair_leg (device_key, id);
create index repair_leg_due on repair_leg (due_on, id) where returned_at is null;
create index repair_leg_returned on repair_leg (returned_at desc, id desc);
create index repair_leg_order on repair_leg (work_order_id) where work_order_id is not null;

-- ---------------------------------------------------------------- purchase and warranty
create table device_purchase (
  device_key int primary key references device on delete cascade,
  purchased_on date,
  warranty_until date,               -- last day
  supplier text,
  updated_by int references app_user,
  updated_at timestamptz not null,
  check (warranty_until >= purchased_on)
);
create index device_purchase_warranty on device_purchase (warranty_until);

-- ---------------------------------------------------------------- parts store
create table part (
  id int generated always as identity primary key,
  code text not null unique,
  name text not null,
  unit text not null,
  price_fen bigint not null default 0 check (price_fen >= 0),
  is_retired boolean not null default false,
  version int not null default 1
);

create table part_stock (
  part_id int not null references part,
  region_id int not null references region,
  quantity int not null default 0 check (quantity >= 0),
  minimum int not null default 0 check (minimum >= 0),
  primary key (part_id, region_id)
);
create index part_stock_region on part_stock (region_id);

create table part_movement (
  id bigint generated always as identity primary key,
  part_id int not null references part,
  region_id int not null references region,
  at timestamptz not null,
  kind text not null check (kind in ('in', 'out', 'correction')),
  change int not null check (change <> 0), -- what it added or, below zero, took
  quantity int not null check (quantity >= 0), -- what there was afterwards
  work_order_id int references work_order,
  user_id int references app_user,
  reason text
);
create index part_movement_of on part_movement (part_id, region_id, id desc);
create index part_movement_recent on part_movement (id desc);
create index part_movement_order on part_movement (work_order_id) where work_order_id is not null;
