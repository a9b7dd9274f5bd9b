import type { Source } from './statement.ts';

/**
 * Parts of the record statement that keep the ledger's evidence: runs of beats, reports of components, and marks of what has to be
 * counted again. They see what the deduplication let through (`ok`, `repeats`) and nothing else.
 *
 * What is younger than {@link YOUNG} needs no mark where it can only change the time since: days are counted again every few
 * minutes until a quarter of an hour after their end.
 */
const YOUNG = `$1::timestamptz - interval '10 minutes'`;

const L = `interval '1 millisecond' * o.liveness_ms`;

/**
 * `span`: what each device's new beats come to. Where a device sent nothing twice that is what the flush worked out; else it is worked
 * out here from the rows that are new. `laid`: a span `grows` the open run of its device, or `opens` another, which then goes to
 * `beat_run` as the rest does.
 */
export function keepRuns(source: Source): string {
  return `
span as materialized (
  select device_key, span.live = 1 as live, head = 1 as head, from_at, to_at, from_seq, to_seq
  from ${source('span')} join ok using (device_key) where not ok.repeats
  union all
  select device_key, live, live and island = max(island) over (partition by device_key, live), min(ts), max(ts),
    (array_agg(seq order by ts, seq))[1], (array_agg(seq order by ts desc, seq desc))[1]
  from (
    select *, sum(apart) over (partition by device_key, live order by ts, seq) as island from (
      select device_key, ts, seq, flags & 1 <> 0 as live,
        case when ts <= lag(ts) over (partition by device_key, flags & 1 order by ts, seq) + interval '1 millisecond' * liveness_ms
          then 0 else 1 end as apart
      from ${source('beat')} join ok using (device_key) where ok.repeats and not ok.seqs @> beat.seq) b) i
  group by device_key, live, island),
laid as materialized (
  select *, head and not grows and (run_to is null or to_at > run_to) as opens from (
    select s.*, o.liveness_ms, o.run_from, o.run_to, o.run_from_seq, o.run_to_seq, o.run_live_ms,
      coalesce(s.head and o.run_live_ms = o.liveness_ms and s.from_at <= o.run_to + ${L} and o.run_from <= s.to_at + ${L}, false) as grows
    from span s join ok o using (device_key)) x),
grown as materialized (select * from laid where grows or opens),
runs as (
  insert into beat_run (device_key, live, from_at, to_at, from_seq, to_seq, live_ms)
  select device_key, live, from_at, to_at, from_seq, to_seq, liveness_ms from laid where not grows and not opens
  union all
  select device_key, true, run_from, run_to, run_from_seq, run_to_seq, run_live_ms from grown where opens and run_to is not null)`;
}

/** Sets the open run of `l` by the row of `grown` that is joined as `t`, if any. */
export const SET_RUN = `run_from = case when t.opens then t.from_at else least(l.run_from, t.from_at) end,
    run_from_seq = case when t.opens or (t.from_at, t.from_seq) < (l.run_from, l.run_from_seq) then t.from_seq else l.run_from_seq end,
    run_to = case when t.opens then t.to_at else greatest(l.run_to, t.to_at) end,
    run_to_seq = case when t.opens or (t.to_at, t.to_seq) > (l.run_to, l.run_to_seq) then t.to_seq else l.run_to_seq end,
    run_live_ms = case when t.opens then t.liveness_ms else l.run_live_ms end`;

/**
 * A report that repeats, in order, what the component said before is left out. What comes out of order is kept whatever it says, and
 * the worker adds the report that follows it, which may have been left out.
 */
export function keepReports(source: Source): string {
  return `
report as materialized (
  select r.*, r.ts > (ok.components->r.component->>'t')::timestamptz as in_order, ok.components->r.component->>'s' as before
  from (select * from ${source('report')}) r join ok using (device_key) where not ok.seqs @> r.seq),
word as (
  select device_key, component from report r left join lateral (
    select state from component_report c where c.device_key = r.device_key and c.component = r.component
    order by c.at desc, c.seq desc limit 1) c on true
  group by device_key, component
  having not coalesce(bool_and(in_order and before in ('ok', 'warn', 'fault')
    and (r.state = 'fault') = (before = 'fault') and (r.state = 'fault') = (c.state = 'fault')), false)),
reports as (
  insert into component_report (device_key, component, at, seq, state)
  select device_key, component, ts, seq, state from report join word using (device_key, component) on conflict do nothing)`;
}

export const MARKS = 'device_key, from_at, to_at, components, lo_seq, hi_seq';

/** Gaps that beats ended, beats that came late or out of order, numbers that were skipped before. */
export const marksOfRuns = `select device_key, case when opens and run_to is not null then run_to else from_at end, to_at,
    null::text[], null::int8, null::int8
  from laid
  where case when opens then run_to is null or run_to < ${YOUNG}
    when grows then from_at < run_from or from_at < ${YOUNG}
    else not coalesce(from_at >= run_from and to_at <= run_to and run_live_ms >= liveness_ms, false) end
  union all select device_key, 'infinity', '-infinity', null, lower(added), upper(added)
  from ok where lower(added) < upper(seqs) and not seqs @> added`;

export const marksOfReports = `select device_key, ts, ts, array_agg(component), null, null
  from report join word using (device_key, component) where ts < ${YOUNG} or in_order is not true
  group by device_key, ts`;
