-- Compression and continuous aggregates (created without data, so that a transaction can hold them).
alter table rec_beat set (timescaledb.compress, timescaledb.compress_segmentby = 'device_key', timescaledb.compress_orderby = 'ts');
alter table rec_health set (timescaledb.compress, timescaledb.compress_segmentby = 'device_key', timescaledb.compress_orderby = 'ts');
alter table rec_net set (timescaledb.compress, timescaledb.compress_segmentby = 'device_key', timescaledb.compress_orderby = 'ts');
alter table rec_sim set (timescaledb.compress, timescaledb.compress_segmentby = 'device_key', timescaledb.compress_orderby = 'ts');
alter table rec_event set (timescaledb.compress, timescaledb.compress_segmentby = 'device_key', timescaledb.compress_orderby = 'ts');
alter table rec_log set (timescaledb.compress, timescaledb.compress_segmentby = 'device_key', timescaledb.compress_orderby = 'ts');
select add_compression_policy('rec_beat', interval '7 days', if_not_exists => true);
select add_compression_policy('rec_health', interval '14 days', if_not_exists => true);
select add_compression_policy('rec_net', interval '14 days', if_not_exists => true);
select add_compression_policy('rec_sim', interval '14 days', if_not_exists => true);
select add_compression_policy('rec_event', interval '30 days', if_not_exists => true);
select add_compression_policy('rec_log', interval '14 days', if_not_exists => true);

create materialized view if not exists health_hourly with (timescaledb.continuous, timescaledb.materialized_only = false) as
  select device_key, time_bucket('1 hour', ts) as bucket, count(*) as samples,
    avg(cpu_pct) as cpu_pct, max(cpu_pct) as cpu_pct_max, avg(mem_used_pct) as mem_used_pct,
    avg(disk_used_pct) as disk_used_pct, avg(temp_c) as temp_c, max(temp_c) as temp_c_max
  from rec_health group by 1, 2 with no data;
create materialized view if not exists net_hourly with (timescaledb.continuous, timescaledb.materialized_only = false) as
  select device_key, time_bucket('1 hour', ts) as bucket, count(*) as samples,
    avg(rtt_ms) as rtt_ms, max(rtt_ms) as rtt_ms_max, avg(jitter_ms) as jitter_ms,
    sum(sent) as sent, sum(lost) as lost, sum(pkt) as pkt, sum(pkt_err) as pkt_err, avg(signal_dbm) as signal_dbm
  from rec_net group by 1, 2 with no data;
create materialized view if not exists sim_daily with (timescaledb.continuous, timescaledb.materialized_only = false) as
  select device_key, time_bucket('1 day', ts, 'Asia/Shanghai') as bucket, sum(rx_bytes) as rx_bytes, sum(tx_bytes) as tx_bytes
  from rec_sim group by 1, 2 with no data;
-- Far enough back for a spool that was cut off for weeks; only what changed is computed again.
select add_continuous_aggregate_policy('health_hourly', interval '45 days', interval '1 hour', interval '30 minutes', if_not_exists => true);
select add_continuous_aggregate_policy('net_hourly', interval '45 days', interval '1 hour', interval '30 minutes', if_not_exists => true);
select add_continuous_aggregate_policy('sim_daily', interval '45 days', interval '1 day', interval '1 hour', if_not_exists => true);
