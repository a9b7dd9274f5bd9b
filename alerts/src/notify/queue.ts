import type { Queryable } from '@uptally/fleet-api/db';
import type { ProviderStatus } from './notifier.ts';

/** The durable queue: rows of table notification. Every step is one short statement; none is held open during a call. */

export interface QueuedSms {
  readonly id: number;
  readonly recipient: string;
  readonly body: string;
  readonly oncall_id: number | null;
  /** Number of the attempt in hand. */
  readonly attempts: number;
  readonly attempted_at: Date | null;
}

export interface ClaimRules {
  readonly nowMs: number;
  readonly limit: number;
  /** A recipient gets at most this many messages an hour. */
  readonly perHour: number;
  /** A message older than this whose incident is over is not worth sending. */
  readonly staleMs: number;
}

/** Takes messages that are due and marks them `sending`, a new attempt each. Rows that another worker has are passed by. */
export async function claimDue(db: Queryable, rules: ClaimRules): Promise<QueuedSms[]> {
  const { rows } = await db.query<QueuedSms>(
    `with due as (
       select n.id from notification n
       where n.state = 'queued' and n.next_attempt_at <= $1
         and (select count(*) from notification_attempt t join notification o on o.id = t.notification_id
              where o.recipient = n.recipient and t.at > $1::timestamptz - interval '1 hour') < $3
       order by n.id limit $2 for update of n skip locked
     ), claimed as (
       update notification n set state = 'sending', attempts = attempts + 1, attempted_at = $1, updated_at = $1
       from due where due.id = n.id
       returning n.id, n.recipient, n.body, n.oncall_id, n.attempts, n.attempted_at
     ), logged as (
       insert into notification_attempt (notification_id, attempt, at, updated_at)
       select id, attempts, $1, $1 from claimed
     )
     select * from claimed order by id`,
    [new Date(rules.nowMs), rules.limit, rules.perHour],
  );
  return rows;
}

/** Gives up messages that waited so long that their incident is over. */
export async function dropStale(db: Queryable, { nowMs, staleMs }: ClaimRules): Promise<void> {
  await db.query(
    `update notification n set state = 'dropped', error_code = 'incident_over', settled_at = $1, updated_at = $1
     from incident i
     where i.id = n.incident_id and i.resolved_at is not null and n.state = 'queued' and n.next_attempt_at <= $1
       and n.created_at < $2`,
    [new Date(nowMs), new Date(nowMs - staleMs)],
  );
}

/**
 * Takes messages whose sending was interrupted or has no known outcome, for looking them up. The lease moves on, so that two
 * workers don't look up, and then send, the same one.
 */
export async function claimUnknown(db: Queryable, nowMs: number, leaseMs: number, limit: number): Promise<QueuedSms[]> {
  const { rows } = await db.query<QueuedSms>(
    `with due as (
       select id from notification
       where (state = 'sending' and updated_at <= $2) or (state = 'unknown' and next_attempt_at <= $1 and updated_at <= $2)
       order by id limit $3 for update skip locked
     )
     update notification n set state = 'unknown', updated_at = $1 from due where due.id = n.id
     returning n.id, n.recipient, n.body, n.oncall_id, n.attempts, n.attempted_at`,
    [new Date(nowMs), new Date(nowMs - leaseMs), limit],
  );
  return rows;
}

/** Of these provider ids, those that belong to other notifications. */
export async function idsInUse(db: Queryable, sids: readonly string[], exceptId: number): Promise<Set<string>> {
  const { rows } = await db.query<{ provider_id: string }>(
    'select provider_id from notification_attempt where provider_id = any ($1) and notification_id <> $2',
    [sids, exceptId],
  );
  return new Set(rows.map((row) => row.provider_id));
}

/** Applies what the provider says of an attempt; see function notification_report. */
export async function report(
  db: Queryable,
  sms: Pick<QueuedSms, 'id' | 'attempts'>,
  said: { readonly sid: string; readonly status: ProviderStatus; readonly errorCode: number | null },
  nowMs: number,
): Promise<void> {
  await db.query('select notification_report($1, $2, $3, $4, $5, $6)', [
    sms.id,
    sms.attempts,
    said.sid,
    said.status,
    said.errorCode === null ? null : String(said.errorCode),
    new Date(nowMs),
  ]);
}

export interface Outcome {
  readonly state: 'queued' | 'unknown' | 'failed';
  readonly nextAttemptAtMs: number;
  readonly errorCode: string | null;
  readonly errorText: string | null;
}

/** Records a failed attempt and what is to follow. A report that came in the meantime and knows better stands. */
export async function recordFailure(
  db: Queryable,
  sms: Pick<QueuedSms, 'id' | 'attempts'>,
  outcome: Outcome,
  nowMs: number,
): Promise<void> {
  await db.query(
    `with changed as (
       update notification set state = $3, next_attempt_at = $4, error_code = $5, error_text = $6, updated_at = $7,
         settled_at = case when $3 = 'failed' then $7::timestamptz end
       where id = $1 and attempts = $2 and settled_at is null and state in ('sending', 'unknown', 'undelivered')
       returning id
     )
     update notification_attempt t set status = case when $3 = 'unknown' then 'unknown' else 'failed' end,
       error_code = $5, error_text = $6, updated_at = $7
     from changed where t.notification_id = changed.id and t.attempt = $2 and t.status in ('sending', 'unknown')`,
    [
      sms.id,
      sms.attempts,
      outcome.state,
      new Date(outcome.nextAttemptAtMs),
      outcome.errorCode,
      outcome.errorText?.slice(0, 500) ?? null,
      new Date(nowMs),
    ],
  );
}

/** Undelivered messages that nobody has judged yet. */
export async function undelivered(
  db: Queryable,
  limit: number,
): Promise<(QueuedSms & { readonly error_code: string | null })[]> {
  const { rows } = await db.query<QueuedSms & { error_code: string | null }>(
    `select id, recipient, body, oncall_id, attempts, attempted_at, error_code from notification
     where state = 'undelivered' and settled_at is null order by id limit $1`,
    [limit],
  );
  return rows;
}

/** Messages on their way whose report is overdue, to be asked for; none older than a day. */
export async function claimSilent(
  db: Queryable,
  nowMs: number,
  silentMs: number,
  limit: number,
): Promise<(QueuedSms & { readonly provider_id: string })[]> {
  const { rows } = await db.query<QueuedSms & { provider_id: string }>(
    `with due as (
       select id from notification
       where state = 'sent' and settled_at is null and provider_id is not null and updated_at <= $2 and sent_at > $3
       order by id limit $4 for update skip locked
     )
     update notification n set updated_at = $1 from due where due.id = n.id
     returning n.id, n.recipient, n.body, n.oncall_id, n.attempts, n.attempted_at, n.provider_id`,
    [new Date(nowMs), new Date(nowMs - silentMs), new Date(nowMs - 86_400_000), limit],
  );
  return rows;
}

/** Marks a number as not to be used until a person clears it, and tells of it. */
export async function flagNumber(db: Queryable, phone: string, reason: string): Promise<void> {
  await db.query('update oncall set flagged_reason = $2 where phone = $1 and flagged_reason is null', [phone, reason]);
}

/** Notes that the provider refuses us (null: it takes messages again). */
export async function noteStopped(db: Queryable, reason: string | null, nowMs: number): Promise<void> {
  if (reason === null) {
    await db.query(`delete from setting where key = 'sms_stopped'`);
    return;
  }
  await db.query(
    `insert into setting (key, value) values ('sms_stopped', $1)
     on conflict (key) do update set value = jsonb_set($1, '{since}', setting.value->'since'), version = setting.version + 1`,
    [JSON.stringify({ reason, since: new Date(nowMs).toISOString() })],
  );
}
