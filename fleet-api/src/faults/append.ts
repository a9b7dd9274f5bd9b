import type { PoolClient } from '../db/index.ts';
import { lockCases, refreshClocks } from '../repair/log.ts';
import { forgetMarks } from '../repair/refresh.ts';

/** An event of one fault. */
export interface OwnEvent {
  readonly faultId: number;
  readonly kind: 'recovered' | 'reopened';
  /** Unix ms. */
  readonly atMs: number;
}

/**
 * Appends to each fault's log an event of its own instant, in a number of statements that does not grow with them, and brings clocks
 * and orders up to date. Telemetry speaks: no person is named.
 */
export async function appendEach(client: PoolClient, events: readonly OwnEvent[], nowMs: number): Promise<void> {
  if (events.length === 0) return;
  const ids = [...new Set(events.map(({ faultId }) => faultId))];
  await lockCases(client, ids);
  await client.query(
    `insert into case_event (fault_id, seq, at, kind, recorded_at)
     select e.fault_id, coalesce((select max(seq) from case_event c where c.fault_id = e.fault_id), 0)
         + row_number() over (partition by e.fault_id order by e.n), e.at, e.kind, $4
     from unnest($1::int[], $2::timestamptz[], $3::text[]) with ordinality as e(fault_id, at, kind, n)`,
    [
      events.map(({ faultId }) => faultId),
      events.map(({ atMs }) => new Date(atMs)),
      events.map(({ kind }) => kind),
      new Date(nowMs),
    ],
  );
  await refreshClocks(client, ids, nowMs);
  const back = events.flatMap(({ faultId, kind }) => (kind === 'reopened' ? [faultId] : []));
  if (back.length > 0) await forgetMarks(client, back, nowMs);
}
