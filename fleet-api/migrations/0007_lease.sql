-- What one process at a time may use, by name, until its lease runs out: persistent MQTT sessions with an external broker.
create table lease (
  name text primary key,
  owner text not null,
  until_at timestamptz not null
);
