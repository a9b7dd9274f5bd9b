import type { PoolClient } from '@uptally/fleet-api/db';

/** A message that belongs to no incident. */
export interface Message {
  /** Null: a person of the contractor, not a number on call. */
  readonly oncallId: number | null;
  readonly phone: string;
  readonly body: string;
  /** Tells it from other news; each is told once to a number. */
  readonly key: string;
}

/** Queues messages, to be sent from `dueMs` on. Gives how many were not queued before. */
export async function queueMessages(
  client: PoolClient,
  messages: readonly Message[],
  { nowMs, dueMs = nowMs }: { readonly nowMs: number; readonly dueMs?: number },
): Promise<number> {
  const { rowCount } = await client.query(
    `insert into notification (oncall_id, recipient, body, dedup_key, next_attempt_at, created_at, updated_at)
     select oncall_id, recipient, body, dedup_key, $5, $6, $6
     from unnest($1::int[], $2::text[], $3::text[], $4::text[]) as n(oncall_id, recipient, body, dedup_key)
     on conflict (dedup_key) do nothing`,
    [
      messages.map(({ oncallId }) => oncallId),
      messages.map(({ phone }) => phone),
      messages.map(({ body }) => body),
      messages.map(({ key, phone }) => `${key}:${phone}`),
      new Date(dueMs),
      new Date(nowMs),
    ],
  );
  return rowCount ?? 0;
}
