import type { Interval } from '@uptally/sla';
import type { Queryable } from '../db/index.ts';

/** A row of the journal not extended for longer has ended: what follows is a new row, and between them the platform was out, ms. */
export const GAP_MS = 15_000;

/** An unbroken span in which at least one instance of a component was alive. */
export interface Span {
  readonly component: string;
  readonly from_at: Date;
  readonly to_at: Date;
}

/** Spans of every component since an instant, oldest first. Between two spans of a component the platform was out. */
export async function livenessSpans(db: Queryable, since: Date): Promise<readonly Span[]> {
  const { rows } = await db.query<Span>(
    `with r as (
       select component, from_at, to_at, max(to_at) over (partition by component order by from_at, id
         rows between unbounded preceding and 1 preceding) as before
       from platform_liveness where to_at >= $1),
     n as (
       select *, count(*) filter (where before is null or from_at > before + interval '1 millisecond' * $2::int)
         over (partition by component order by from_at, to_at) as span from r)
     select component, min(from_at) as from_at, max(to_at) as to_at from n group by component, span order by 2`,
    [since, GAP_MS],
  );
  return rows;
}

/** Spans in which at least one ingest process was able to receive, Unix ms, oldest first: all that the journal knows. */
export async function receivingSpans(db: Queryable): Promise<Interval[]> {
  const spans = await livenessSpans(db, new Date(0));
  return spans
    .filter(({ component }) => component === 'ingest')
    .map(({ from_at, to_at }) => ({ from: from_at.getTime(), to: to_at.getTime() }));
}

interface Entry {
  readonly from_at: Date;
  readonly to_at: Date;
}

const intervalOf = ({ from_at, to_at }: Entry): Interval => ({ from: from_at.getTime(), to: to_at.getTime() });

/** Entries of ingest that reach beyond an instant, by their beginning; they may overlap. */
export async function receivingSince(db: Queryable, sinceMs: number): Promise<Interval[]> {
  const { rows } = await db.query<Entry>(
    `select from_at, to_at from platform_liveness where component = 'ingest' and to_at > $1 order by from_at`,
    [new Date(sinceMs)],
  );
  return rows.map(intervalOf);
}

/** Entries of ingest that touch a window and the nearest on either side of it, by their beginning. */
export async function receivingAround(db: Queryable, window: Interval): Promise<Interval[]> {
  const { rows } = await db.query<Entry>(
    `select from_at, to_at from (
       select from_at, to_at from platform_liveness where component = 'ingest' and to_at >= $1 and from_at <= $2
       union all (select from_at, to_at from platform_liveness where component = 'ingest' and to_at < $1 order by to_at desc limit 1)
       union all (select from_at, to_at from platform_liveness where component = 'ingest' and from_at > $2 order by from_at limit 1)) j
     order by from_at`,
    [new Date(window.from), new Date(window.to)],
  );
  return rows.map(intervalOf);
}

/** An entry as it proves an outage. */
export interface JournalEntry extends Entry {
  readonly instance: string;
}

/** The last entry of ingest before an outage and the first after it. */
export async function entriesBeside(
  db: Queryable,
  outage: Interval,
): Promise<{ readonly before: JournalEntry | null; readonly after: JournalEntry | null }> {
  const { rows } = await db.query<JournalEntry & { side: 'before' | 'after' }>(
    `(select 'before' as side, instance, from_at, to_at from platform_liveness
       where component = 'ingest' and to_at <= $1 order by to_at desc limit 1)
     union all
     (select 'after', instance, from_at, to_at from platform_liveness
       where component = 'ingest' and from_at >= $2 order by from_at limit 1)`,
    [new Date(outage.from), new Date(outage.to)],
  );
  const at = (side: 'before' | 'after') => rows.find((row) => row.side === side) ?? null;
  return { before: at('before'), after: at('after') };
}

/**
 * Query for the instant `since` from which ingest has listened without a gap up to `now`, an SQL expression; no row if it does not listen
 * now. Looks back one day at most. For statements that must see journal and devices at one moment.
 */
export const receivingFrom = (now: string): string => `select
  max(from_at) filter (where before is null or from_at > before + interval '${GAP_MS} milliseconds') as since
  from (
    select from_at, to_at, max(to_at) over (order by from_at, id rows between unbounded preceding and 1 preceding) as before
    from platform_liveness where component = 'ingest' and to_at > ${now} - interval '1 day') heard
  having max(to_at) >= ${now} - interval '${GAP_MS} milliseconds'`;

/**
 * Times in which nobody listened for longer than `slackMs`, between `aliveUntilMs` (the first entry, unless given) and the last of the
 * entries, which are ordered by their beginning. What came after the last entry is not among them.
 */
export function silencesOf(
  entries: readonly Interval[],
  slackMs: number,
  aliveUntilMs: number | undefined = entries[0]?.from,
): Interval[] {
  const silences: Interval[] = [];
  let aliveUntil = aliveUntilMs ?? 0;
  for (const { from, to } of entries) {
    if (from - aliveUntil > slackMs) silences.push({ from: aliveUntil, to: from });
    aliveUntil = Math.max(aliveUntil, to);
  }
  return silences;
}
