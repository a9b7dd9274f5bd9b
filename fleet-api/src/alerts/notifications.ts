import { inScope } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';
import type { NOTIFICATION_STATES } from './schemas.ts';

export interface NotificationRow {
  readonly id: number;
  readonly incident_id: number | null;
  readonly oncall_name: string | null;
  readonly channel: string;
  readonly recipient: string;
  readonly body: string;
  readonly state: (typeof NOTIFICATION_STATES)[number];
  readonly error_code: string | null;
  readonly error_text: string | null;
  readonly created_at: Date;
  readonly sent_at: Date | null;
  readonly updated_at: Date;
  readonly attempts: {
    attempt: number;
    at: string;
    status: string;
    provider_id: string | null;
    error_code: string | null;
    error_text: string | null;
  }[];
}

const SELECT = `
select n.id, n.incident_id, o.name as oncall_name, n.channel, n.recipient, n.body, n.state, n.error_code, n.error_text,
  n.created_at, n.sent_at, n.updated_at,
  coalesce((select jsonb_agg(jsonb_build_object('attempt', t.attempt, 'at', t.at, 'status', t.status,
      'provider_id', t.provider_id, 'error_code', t.error_code, 'error_text', t.error_text) order by t.attempt)
    from notification_attempt t where t.notification_id = n.id), '[]') as attempts
from notification n
left join oncall o on o.id = n.oncall_id
left join incident i on i.id = n.incident_id
left join region r on r.id = coalesce(i.county_id, o.region_id)`;

/** The delivery log, newest first. */
export async function listNotifications(
  db: Queryable,
  scope: readonly number[] | null,
  query: { state: string | null; beforeId: number | null; limit: number },
): Promise<readonly NotificationRow[]> {
  const { rows } = await db.query<NotificationRow>(
    `${SELECT} where ${inScope('r.path', '$1')} and ($2::text is null or n.state = $2)
       and ($3::bigint is null or n.id < $3) order by n.id desc limit $4`,
    [scope, query.state, query.beforeId, query.limit],
  );
  return rows;
}

/** What was sent about an incident. The caller has been checked against the incident. */
export async function notificationsOf(db: Queryable, incidentId: number): Promise<readonly NotificationRow[]> {
  const { rows } = await db.query<NotificationRow>(`${SELECT} where n.incident_id = $1 order by n.id`, [incidentId]);
  return rows;
}

/** Queues a test message, at most one a minute and number. Null if there was one within this minute. */
export async function queueTest(
  db: Queryable,
  oncall: { id: number; name: string; phone: string; lang: 'zh-CN' | 'en' },
  atMs: number,
): Promise<number | null> {
  const minute = Math.floor(atMs / 60_000);
  const { rows } = await db.query<{ id: number }>(
    `insert into notification (oncall_id, recipient, body, dedup_key, next_attempt_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $5, $5) on conflict (dedup_key) do nothing returning id`,
    [oncall.id, oncall.phone, testText(oncall), `test:${oncall.phone}:${minute}`, new Date(atMs)],
  );
  return rows[0]?.id ?? null;
}

function testText({ name, lang }: { name: string; lang: 'zh-CN' | 'en' }): string {
  const short = [...name].slice(0, 20).join('');
  return lang === 'en'
    ? `Uptally: test message. ${short}, alerts will reach you at this number.`
    : `【Uptally】测试短信：${short}，此号码可以收到告警。`;
}

/** Whether the provider takes our messages, as the alerts process last saw it. */
export async function providerState(
  db: Queryable,
): Promise<{ state: 'ok' | 'stopped'; reason: string | null; since: string | null; queued: number }> {
  const { rows } = await db.query<{ value: { reason: string; since: string } | null; queued: number }>(
    `select (select value from setting where key = 'sms_stopped') as value,
       (select count(*)::int from notification where state in ('queued', 'sending', 'unknown')) as queued`,
  );
  const row = rows[0];
  const stopped = row?.value ?? null;
  return {
    state: stopped === null ? 'ok' : 'stopped',
    reason: stopped?.reason ?? null,
    since: stopped?.since ?? null,
    queued: row?.queued ?? 0,
  };
}
