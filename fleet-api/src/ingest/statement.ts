import {
  freshSpans,
  GROWS,
  givenSpans,
  HEADS,
  keepReports,
  keepRuns,
  MARKS,
  marksOfReports,
  marksOfRuns,
  marksOfSpans,
  OPENS,
  SET_RUN,
} from './evidence.ts';
import { PARTS, SHAPES, type ShapeName } from './shapes.ts';

/**
 * The statement that makes a batch of records durable, in one round trip and one transaction: locks the devices in key order,
 * drops what they sent before, stores the rest by kind, brings `device_live` up to date and tells the outbox.
 *
 * Every part sees the same snapshot, and rows locked by `locked` are their newest versions; so identity, state and outbox agree
 * whatever other processes do (docs/adr/0003-record-identity.md). `$1` is the present.
 */

/** L of beats whose row tells none, ms. */
const DEFAULT_LIVENESS_MS = 150_000;
/** Most ranges that a device's sequence numbers may fall into; beyond, new gaps are refused. */
export const MAX_RANGES = 5_000;
/** Stored size below which the ranges can't be that many, bytes (they compress at best about 4:1). */
const COUNT_FROM_BYTES = 8_000;
/** A device that invents names for ever starts anew once its row is this wide, bytes. */
const WIDE_BYTES = 16_000;

export interface RecordStatement {
  readonly name: string;
  readonly text: string;
  readonly shapes: readonly ShapeName[];
}

/** What the statement answers. */
export interface RecordAnswer {
  /** Records stored now; what was sent less this had been stored before. */
  readonly stored: number;
  /** Devices that do not exist (any more). */
  readonly missing: readonly number[] | null;
  /** Devices of whose records some were stored before, where the statement takes none of these. */
  readonly repeating: readonly number[] | null;
  /** Devices whose records would break their sequence numbers into too many ranges; nothing of theirs was stored. */
  readonly sparse: readonly number[] | null;
  readonly told: number;
}

const made = new Map<number, RecordStatement>();

/** Optional parts of a statement. */
interface Parts {
  readonly readings: boolean;
  readonly happenings: boolean;
  /** Beats besides each device's newest span of live ones. */
  readonly spans: boolean;
  /** Takes devices whose records came before, and works out from the rest what their beats come to. */
  readonly repeats: boolean;
}

/** The statement for a flush with these optional parts. */
export function recordStatement(has: Parts): RecordStatement {
  const key = (has.readings ? 1 : 0) + (has.happenings ? 2 : 0) + (has.repeats ? 8 : has.spans ? 4 : 0);
  const known = made.get(key);
  if (known !== undefined) return known;
  const shapes: ShapeName[] = [
    ...PARTS.core,
    ...(has.spans && !has.repeats ? PARTS.spans : []),
    ...(has.readings ? PARTS.readings : []),
    ...(has.happenings ? PARTS.happenings : []),
  ];
  const statement = { name: `uptally_records_${key}`, text: compose(shapes, has), shapes };
  made.set(key, statement);
  return statement;
}

function compose(shapes: readonly ShapeName[], has: Parts): string {
  const from = new Map<ShapeName, string>();
  let next = 2;
  for (const name of shapes) {
    const columns: readonly (readonly [string, string])[] = SHAPES[name];
    const arrays = columns.map(([, type]) => `$${next++}::${type}[]`).join(', ');
    from.set(name, `unnest(${arrays}) as ${name}(${columns.map(([column]) => column).join(', ')})`);
  }
  const source = (name: ShapeName): string => from.get(name) ?? '';
  return `with ${[
    core(source, has),
    ...(has.spans && !has.repeats ? [givenSpans(source)] : []),
    keepRuns(has.spans || has.repeats),
    ...(has.readings ? [readings(source), keepReports(source)] : []),
    ...(has.happenings ? [happenings(source)] : []),
    mark(has),
    update(has),
    tell(has),
  ].join(',\n')}
${answer(has)}`;
}

export type Source = (name: ShapeName) => string;

/** Rows of a kind that are new, with the columns of their table. */
function fresh(source: Source, name: ShapeName, columns: string): string {
  return `select ${columns} from ${source(name)} join ok using (device_key) where not ok.seqs @> ${name}.seq`;
}

const EACH = 'ts, rcv_at, seq, device_key, flags';

function core(source: Source, has: Parts): string {
  return `
dev as materialized (select * from ${source('dev')}),
run as (select device_key, range_agg(int8range(lo, hi)) as added from ${source('run')} group by device_key),
locked as materialized (
  select device_key, seqs, online, changed_at, last_live_at, beat_ms, run_from, run_to, run_from_seq, run_to_seq, run_live_ms${has.readings ? ', components' : ''}
  from device_live where device_key = any ($2::int4[]) order by device_key for update),
judged as materialized (
  select l.*, r.added, v.boot, v.rcv_at as rcv, v.last_ts, v.liveness_ms, l.seqs && r.added as repeats,
    ${has.repeats ? '' : 'v.head_from, v.head_to, v.head_from_seq, v.head_to_seq,'}
    case when not l.seqs @> v.live_seq then v.live_ts end as live,
    case when pg_column_size(l.seqs) > ${COUNT_FROM_BYTES}
      then (select count(*) from unnest(l.seqs + r.added)) > ${MAX_RANGES} else false end as sparse
  from locked l join run r using (device_key) join dev v using (device_key)),${has.repeats ? freshSpans(source) : ''}
ok as materialized (
  select *, ${OPENS} as opens from (
    select *, not online and live + interval '1 millisecond' * (beat_ms * 5 / 2) > $1::timestamptz
      and (changed_at is null or last_live_at is null or live > changed_at
        or changed_at >= last_live_at + interval '1 millisecond' * (beat_ms * 5 / 2)) as rises, ${GROWS} as grows
    from judged ${has.repeats ? `left join ${HEADS} using (device_key)` : ''}
    where not sparse ${has.repeats ? '' : 'and not repeats'}) j),
beats as (
  insert into rec_beat (${EACH}, live_ms)
  ${fresh(source, 'beat', `${EACH}, nullif(liveness_ms, ${DEFAULT_LIVENESS_MS})`)} returning 1)`;
}

function readings(source: Source): string {
  const health = `${EACH}, is_full, components, metrics, cpu_pct, mem_used_pct, disk_used_pct, temp_c, load1`;
  const healthValues = `ts, rcv_at, seq, device_key, flags, is_full <> 0, health.components, metrics, cpu_pct, mem_used_pct,
    disk_used_pct, temp_c, load1`;
  const net = `${EACH}, rtt_ms, jitter_ms, sent, lost, pkt, pkt_err, signal_dbm, rsrp_dbm, rsrq_db, sinr_db, operator, rat, cell`;
  return `
healths as (insert into rec_health (${health}) ${fresh(source, 'health', healthValues)} returning 1),
nets as (insert into rec_net (${net}) ${fresh(source, 'net', net)} returning 1),
sim as materialized (${fresh(source, 'sim', `${EACH}, rx_bytes, tx_bytes, src, iccid, imsi, imei, month`)}),
sims as (
  insert into rec_sim (${EACH}, rx_bytes, tx_bytes, src, iccid, imsi, imei)
  select ${EACH}, rx_bytes, tx_bytes, src, iccid, imsi, imei from sim returning 1),
used as (
  select distinct on (device_key) device_key, month, sum(rx_bytes + tx_bytes) as bytes
  from sim group by device_key, month order by device_key, month desc),
picture as (select * from ${source('picture')}),
said as (
  select device_key, component, state, reason, detail, ts, since from ${source('part')}
  union all
  select f.device_key, c.key, 'absent', null, null, f.ts, f.ts
  from (select * from ${source('whole')}) f join ok using (device_key) cross join jsonb_each(ok.components) c
  where c.key <> all (string_to_array(f.names, ',')) and c.value->>'s' <> 'absent'),
step as materialized (
  select s.*, ok.components->s.component->>'s' as before, ok.components->s.component->>'since' as before_since
  from said s join ok using (device_key)
  where s.ts > coalesce((ok.components->s.component->>'t')::timestamptz, '-infinity')),
parts as (
  select device_key, jsonb_object_agg(component, jsonb_strip_nulls(jsonb_build_object('s', state, 'r', reason, 'd', detail, 't', ts,
    'since', case when state = before then to_jsonb(before_since) else to_jsonb(since) end))) as patch
  from step group by device_key),
faults as (
  select p.device_key, p.patch, exists (
    select from jsonb_each(ok.components || p.patch) c
    where c.value->>'s' = 'fault'
      and (coalesce(cardinality(m.required_components), 0) = 0 or c.key = any (m.required_components))) as faulty
  from parts p join ok using (device_key) join device d using (device_key) left join device_model m on m.id = d.model_id)`;
}

function happenings(source: Source): string {
  return `
event as materialized (${fresh(source, 'event', `${EACH}, code, sev, d, dropped`)}),
events as (insert into rec_event (${EACH}, code, sev, d) select ${EACH}, code, sev, d from event returning 1),
loss as (select device_key, sum(dropped) as dropped from event group by device_key having sum(dropped) > 0),
inventory as (
  update device set inventory = e.d
  from (select distinct on (device_key) device_key, d from event where code = 'inventory' order by device_key, ts desc) e
  where device.device_key = e.device_key and device.inventory is distinct from e.d),
result as materialized (${fresh(source, 'result', `${EACH}, cmd, command_id, state, code, d`)}),
results as (insert into rec_result (${EACH}, cmd, state, code, d) select ${EACH}, cmd, state, code, d from result returning 1),
open_command as materialized (
  select c.id from command c
  where c.id in (select command_id::uuid from result) and c.state in ('queued', 'delivered', 'accepted', 'running')
  order by c.id for update),
command_ended as (
  update command c set state = r.state, ended_at = r.ts, accepted_at = coalesce(c.accepted_at, r.ts),
    result = jsonb_strip_nulls(jsonb_build_object('code', r.code, 'd', r.d))
  from (select distinct on (command_id) * from result where command_id is not null order by command_id, seq) r
  join open_command o on o.id = r.command_id::uuid
  where c.id = o.id and c.device_key = r.device_key and c.state in ('queued', 'delivered', 'accepted', 'running')
  returning c.id, c.batch_id, c.device_key, c.state, c.ended_at),
logs as (insert into rec_log (${EACH}, lvl, src, msg) ${fresh(source, 'log', `${EACH}, lvl, src, msg`)} returning 1),
others as (insert into rec_other (${EACH}, kind, body) ${fresh(source, 'other', `${EACH}, kind, body`)} returning 1),
anchors as (
  insert into boot_anchor (device_key, boot, from_mono_ms, offset_ms, wall_offset_ms)
  select device_key, anchor.boot, from_mono_ms, offset_ms, wall_offset_ms
  from ${source('anchor')} join ok using (device_key) on conflict do nothing),
rejects as (
  insert into quarantine (at, device_key, device_id, channel, code, reason, payload)
  select reject.rcv_at, device_key, d.device_id, 'rec', reject.code, reject.reason, reject.payload
  from ${source('reject')} join ok using (device_key) join device d using (device_key) where not ok.seqs @> reject.seq)`;
}

/** What has to be counted again. */
function mark(has: Parts): string {
  const marks = [marksOfRuns];
  if (has.spans || has.repeats) marks.push(marksOfSpans);
  if (has.readings) marks.push(marksOfReports);
  if (has.happenings) marks.push(`select device_key, ts, ts, null, null, null from event where code = 'boot'`);
  return `
marks as (
  insert into evidence_mark (${MARKS})
  ${marks.join('\n  union all ')})`;
}

function update(has: Parts): string {
  return `
live as (
  update device_live l set
    seqs = l.seqs + o.added,
    boot = greatest(l.boot, o.boot),
    last_rcv_at = greatest(l.last_rcv_at, o.rcv),
    last_ts = greatest(l.last_ts, o.last_ts),
    last_live_at = greatest(l.last_live_at, o.live),
    online = l.online or coalesce(o.rises, false),
    changed_at = case when o.rises then greatest(o.live, l.changed_at) else l.changed_at end,
    ${SET_RUN}${
      has.readings
        ? `,
    components = case when f.patch is null then l.components when pg_column_size(l.components) > ${WIDE_BYTES} then f.patch
      else l.components || f.patch end,
    faulty = coalesce(f.faulty, l.faulty),
    health = case when p.health_ts >= coalesce(l.health_at, '-infinity') then
      case when pg_column_size(l.health) > ${WIDE_BYTES} then p.health else l.health || p.health end else l.health end,
    health_at = greatest(l.health_at, p.health_ts),
    net = case when p.net_ts >= coalesce(l.net_at, '-infinity') then l.net || p.net else l.net end,
    net_at = greatest(l.net_at, p.net_ts),
    sim_month = greatest(l.sim_month, u.month),
    sim_bytes = case when u.month > coalesce(l.sim_month, '-infinity') then least(u.bytes, 9e18)::int8
      when u.month = l.sim_month then least(l.sim_bytes + u.bytes, 9e18)::int8 else l.sim_bytes end`
        : ''
    }${
      has.happenings
        ? `,
    gaps_reported = least(l.gaps_reported + coalesce(x.dropped, 0), 9e18)::int8`
        : ''
    }
  from ok o
  ${has.readings ? 'left join picture p using (device_key) left join faults f using (device_key) left join used u using (device_key)' : ''}
  ${has.happenings ? 'left join loss x using (device_key)' : ''}
  where l.device_key = o.device_key)`;
}

function tell(has: Parts): string {
  const facts = [
    `select 1 as place, 0 as seq, 'device.online' as kind, device_key, jsonb_build_object('at', live) as fact from ok where rises`,
  ];
  if (has.readings) {
    facts.push(`select 2, 0, case when state = 'fault' then 'component.fault' else 'component.ok' end, device_key,
      jsonb_strip_nulls(jsonb_build_object('component', component, 'state', state, 'reason', reason, 'detail', detail, 'at', since))
      from step where (state = 'fault') <> coalesce(before = 'fault', false)`);
    facts.push(`select 3, 0, 'device.state', device_key, jsonb_build_object('components', jsonb_object_agg(component, state))
      from step where state is distinct from before group by device_key`);
  }
  if (has.happenings) {
    facts.push(`select 4, seq, 'device.event', device_key, jsonb_strip_nulls(jsonb_build_object('code', code, 'sev', sev, 'd', d, 'at', ts))
      from event`);
    facts.push(`select 5, 0, 'command.changed', device_key, jsonb_build_object('id', id, 'batchId', batch_id, 'state', state, 'at', ended_at)
      from command_ended`);
  }
  return `
told as (
  insert into outbox (kind, device_key, region_path, payload)
  select f.kind, f.device_key, g.path, f.fact || jsonb_build_object('deviceId', d.device_id)
  from (${facts.join('\n  union all ')}) f
  join device d using (device_key) left join region g on g.id = d.region_id
  order by f.place, f.seq
  returning 1)`;
}

function answer(has: Parts): string {
  const stored = [
    'beats',
    ...(has.readings ? ['healths', 'nets', 'sims'] : []),
    ...(has.happenings ? ['events', 'results', 'logs', 'others'] : []),
  ];
  return `select (${stored.map((name) => `(select count(*) from ${name})`).join(' + ')})::int as stored,
  (select array_agg(device_key) from dev where not exists (select from locked l where l.device_key = dev.device_key)) as missing,
  (select array_agg(device_key) from judged where sparse) as sparse,
  ${has.repeats ? 'null::int4[]' : '(select array_agg(device_key) from judged where repeats and not sparse)'} as repeating,
  (select count(*)::int from told) as told,
  (select pg_notify('uptally', '') where exists (select from told))::text as hint`;
}
