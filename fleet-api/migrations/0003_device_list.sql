-- What lists, searches and counts of devices read: one narrow row a device, kept by triggers. The wide, busy device_live is
-- touched only for the rows of a page, so any filter with any order costs at most one scan of this table (25 MB at 100,000
-- devices), and every order on offer has an index for those that hardly filter. Nulls come last in both directions.
create table device_list (
  device_key int primary key references device on delete cascade,
  device_id text collate "C" not null,
  serial text collate "C" not null,
  model_id int,
  lifecycle text not null,
  region_id int,
  site_id int,
  station_id int,
  place text collate "C",                 -- site and station in words; null: not installed
  state smallint not null default 2,      -- by need of attention: 0 offline, 1 faulty, 2 never heard of, 3 online
  troubles text[] not null default '{}',  -- components in state fault or warn
  changed_at timestamptz,
  signal_dbm real,
  rtt_ms real,
  sim_order bigint not null default 0     -- month number * 2^44 + bytes of that month: orders the current month before stale ones
) with (fillfactor = 70);
create unique index device_list_id on device_list (device_id);
create index device_list_region on device_list (region_id);
create index device_list_site on device_list (site_id);
create index device_list_serial on device_list (serial, device_key);
create index device_list_state on device_list (state, device_key);
create index device_list_sim on device_list (sim_order, device_key);
create index device_list_place on device_list (place, device_key);
create index device_list_place_desc on device_list (place desc nulls last, device_key desc);
create index device_list_changed on device_list (changed_at, device_key);
create index device_list_changed_desc on device_list (changed_at desc nulls last, device_key desc);
create index device_list_signal on device_list (signal_dbm, device_key);
create index device_list_signal_desc on device_list (signal_dbm desc nulls last, device_key desc);
create index device_list_rtt on device_list (rtt_ms, device_key);
create index device_list_rtt_desc on device_list (rtt_ms desc nulls last, device_key desc);
create index device_list_troubles on device_list (device_key) where troubles <> '{}';

-- What a search looks through, one row a device, written only when names change: narrow, so that a search for any part of any
-- word is one short scan. Lower case; id, serial, site, station and ICCID, kept apart by blanks.
create table device_search (
  device_key int primary key references device on delete cascade,
  search text collate "C" not null
);

-- Takes the rows' locks first and reads in a second statement: of two racing changes the later one sees the earlier.
create function device_list_refresh(keys int[]) returns void language plpgsql as $$
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
end $$;

create function device_list_by_device() returns trigger language plpgsql as $$
begin
  perform device_list_refresh(array(select device_key from changed order by device_key));
  return null;
end $$;
create trigger device_list_insert after insert on device
  referencing new table as changed for each statement execute function device_list_by_device();
-- Row by row, so that enrolment and credentials, which no list shows, pass by.
create function device_list_by_device_row() returns trigger language plpgsql as $$
begin
  perform device_list_refresh(array[new.device_key]);
  return null;
end $$;
create trigger device_list_update after update on device for each row
  when ((old.device_id, old.serial, old.model_id, old.lifecycle, old.region_id)
    is distinct from (new.device_id, new.serial, new.model_id, new.lifecycle, new.region_id))
  execute function device_list_by_device_row();
create trigger device_list_install after insert on installation
  referencing new table as changed for each statement execute function device_list_by_device();
create trigger device_list_reinstall after update on installation
  referencing new table as changed for each statement execute function device_list_by_device();
create trigger device_list_uninstall after delete on installation
  referencing old table as changed for each statement execute function device_list_by_device();
create trigger device_list_sim_insert after insert on sim_card
  referencing new table as changed for each statement execute function device_list_by_device();
create trigger device_list_sim_delete after delete on sim_card
  referencing old table as changed for each statement execute function device_list_by_device();

create function device_list_by_sim() returns trigger language plpgsql as $$
begin
  perform device_list_refresh(array(
    select device_key from before union select device_key from after order by device_key));
  return null;
end $$;
create trigger device_list_sim_update after update on sim_card
  referencing old table as before new table as after for each statement execute function device_list_by_sim();

create function device_list_by_station() returns trigger language plpgsql as $$
begin
  perform device_list_refresh(array(
    select i.device_key from changed c join installation i on i.station_id = c.id and i.to_at is null
    order by i.device_key));
  return null;
end $$;
create trigger device_list_station after update on station
  referencing new table as changed for each statement execute function device_list_by_station();

create function device_list_by_site() returns trigger language plpgsql as $$
begin
  perform device_list_refresh(array(
    select i.device_key from changed c join station s on s.site_id = c.id
    join installation i on i.station_id = s.id and i.to_at is null order by i.device_key));
  return null;
end $$;
create trigger device_list_site_update after update on site
  referencing new table as changed for each statement execute function device_list_by_site();

create function device_list_sim_order(month date, bytes bigint) returns bigint language sql immutable as $$
  select coalesce((extract(year from month) * 12 + extract(month from month))::bigint << 44, 0) + least(bytes, (1::bigint << 44) - 1)
$$;

-- Row by row, and only when something listed changed: beats, which are most updates, pass by.
create function device_list_by_live() returns trigger language plpgsql as $$
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
end $$;
create trigger device_list_live_insert after insert on device_live for each row
  when (new.last_rcv_at is not null) execute function device_list_by_live();
create trigger device_list_live_update after update on device_live for each row
  when (old.online is distinct from new.online or old.faulty is distinct from new.faulty
    or old.changed_at is distinct from new.changed_at or (old.last_rcv_at is null) <> (new.last_rcv_at is null)
    or old.sim_bytes is distinct from new.sim_bytes or old.sim_month is distinct from new.sim_month
    or old.net is distinct from new.net or old.components is distinct from new.components)
  execute function device_list_by_live();

select device_list_refresh(array(select device_key from device order by device_key));
update device_list t set
  state = case when l.last_rcv_at is null then 2 when not l.online then 0 when l.faulty then 1 else 3 end,
  troubles = array(select key from jsonb_each(l.components) where value->>'s' in ('fault', 'warn') order by key),
  changed_at = l.changed_at, signal_dbm = (l.net->>'signal_dbm')::real, rtt_ms = (l.net->>'rtt_ms')::real,
  sim_order = device_list_sim_order(l.sim_month, l.sim_bytes)
from device_live l where l.device_key = t.device_key and l.last_rcv_at is not null;

-- Lists of the registry, in their default order.
create index site_name on site (name collate "C", id);
create index site_code on site (code collate "C", id);
create index station_code on station (code collate "C", id);
create index station_name on station (name collate "C", id);
create index sim_card_list on sim_card (iccid collate "C", id);
create index rec_result_device on rec_result (device_key, ts desc);
