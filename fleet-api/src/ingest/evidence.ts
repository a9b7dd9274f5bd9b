import type { Source } from './statement.ts';

/**
 * Parts of the record statement that keep the ledger's evidence: runs of beats, reports of components, and marks of what has to be
 * counted again. They see what the deduplication let through and nothing else.
 *
 * What is younger than {@link YOUNG} needs no mark where it can only change the time since: days are counted again every few
 * minutes until a quarter of an hour after their end.
 */
const YOUNG = `$1::timestamptz - interval '10 minutes'`;

const L = `interval '1 millisecond' * liveness_ms`;

/**
 * `ok` carries the newest span of live beats of each device (`head_*`) beside its open run (`run_*`). The span grows the run if they touch, or
 * opens another if it is later; the run then goes to `beat_run`, as every other span does.
 */
export const GROWS = `coalesce(run_live_ms = liveness_ms and head_from <= run_to + ${L} and run_from <= head_to + ${L}, false)`;
export const OPENS = `head_to is not null and not grows and (run_to is null or head_to > run_to)`;

/** Spans as the flush worked them out: none of the device's records was stored before. */
export function givenSpans(source: Source): string {
  return `
span as materialized (
  select device_key, span.live = 1 as live, false as head, from_at, to_at, from_seq, to_seq, liveness_ms
  from ${source('span')} join ok using (device_key))`;
}

/** Spans of what is new among records of which some were stored before. */
export function freshSpans(source: Source): string {
  return `
span as materialized (
  select device_key, live, live and island = max(island) over (partition by device_key, live) as head, min(ts) as from_at, max(ts) as to_at,
    (array_agg(seq order by ts, seq))[1] as from_seq, (array_agg(seq order by ts desc, seq desc))[1] as to_seq,
    min(liveness_ms) as liveness_ms
  from (
    select *, sum(apart) over (partition by device_key, live order by ts, seq) as island from (
      select device_key, ts, seq, flags & 1 <> 0 as live, liveness_ms,
        case when ts <= lag(ts) over (partition by device_key, flags & 1 order by ts, seq) + ${L} then 0 else 1 end as apart
      from ${source('beat')} join judged using (device_key) where not judged.sparse and not judged.seqs @> beat.seq) b) i
  group by device_key, live, island),`;
}

export const HEADS = `(
      select device_key, from_at as head_from, to_at as head_to, from_seq as head_from_seq, to_seq as head_to_seq
      from span where head) h`;

export function keepRuns(hasSpans: boolean): string {
  const spans = `
  union all
  select device_key, live, from_at, to_at, from_seq, to_seq, liveness_ms from span where not head`;
  return `
runs as (
  insert into beat_run (device_key, live, from_at, to_at, from_seq, to_seq, live_ms)
  select device_key, true, run_from, run_to, run_from_seq, run_to_seq, run_live_ms from ok where opens and run_to is not null
  union all
  select device_key, true, head_from, head_to, head_from_seq, head_to_seq, liveness_ms
  from ok where head_to is not null and not grows and not opens${hasSpans ? spans : ''})`;
}

/** Sets the open run of `l` by its row of `ok`, `o`. */
export const SET_RUN = `run_from = case when o.opens then o.head_from when o.grows then least(l.run_from, o.head_from) else l.run_from end,
    run_from_seq = case when o.opens or o.grows and (o.head_from, o.head_from_seq) < (l.run_from, l.run_from_seq)
      then o.head_from_seq else l.run_from_seq end,
    run_to = case when o.opens then o.head_to when o.grows then greatest(l.run_to, o.head_to) else l.run_to end,
    run_to_seq = case when o.opens or o.grows and (o.head_to, o.head_to_seq) > (l.run_to, l.run_to_seq)
      then o.head_to_seq else l.run_to_seq end,
    run_live_ms = case when o.opens then o.liveness_ms else l.run_live_ms end`;

/**
 * Nothing here joins one set of records to another: the planner can't know how many a flush has, and compares each with each.
 * A report that repeats, in order, what the component said before is left out. What comes out of order is kept whatever it says, and
 * the worker adds the report that follows it, which may have been left out.
 */
export function keepReports(source: Source): string {
  return `
said_before as materialized (
  select r.*, r.ts > (ok.components->r.component->>'t')::timestamptz as in_order, ok.components->r.component->>'s' as before
  from (select * from ${source('report')}) r join ok using (device_key) where not ok.seqs @> r.seq),
report as materialized (
  select device_key, component, ts, seq, r.state, in_order, not coalesce(bool_and(in_order and before in ('ok', 'warn', 'fault')
    and (r.state = 'fault') = (before = 'fault') and (r.state = 'fault') = (c.state = 'fault'))
    over (partition by device_key, component), false) as kept
  from said_before r left join lateral (
    select state from component_report c where c.device_key = r.device_key and c.component = r.component
    order by c.at desc, c.seq desc limit 1) c on true),
reports as (
  insert into component_report (device_key, component, at, seq, state)
  select device_key, component, ts, seq, state from report where kept on conflict do nothing)`;
}

export const MARKS = 'device_key, from_at, to_at, components, lo_seq, hi_seq';

/** Gaps that live beats ended, live beats that come late or out of order, numbers that were skipped before. */
export const marksOfRuns = `select device_key, case when opens and run_to is not null then run_to else head_from end, head_to,
    null::text[], null::int8, null::int8
  from ok
  where case when opens then run_to is null or run_to < ${YOUNG}
    when grows then head_from < run_from or head_from < ${YOUNG}
    else head_to is not null end
  union all select device_key, 'infinity', '-infinity', null, lower(added), upper(added)
  from ok where lower(added) < upper(seqs) and not seqs @> added`;

/** Late beats, unless they lie in the open run and add nothing to it. */
export const marksOfSpans = `select device_key, from_at, to_at, null, null, null
  from span s join ok o using (device_key)
  where not head and not coalesce(from_at >= run_from and to_at <= run_to and run_live_ms >= s.liveness_ms, false)`;

export const marksOfReports = `select device_key, ts, ts, array_agg(component), null, null
  from report where kept and (ts < ${YOUNG} or in_order is not true)
  group by device_key, ts`;
