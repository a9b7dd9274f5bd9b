import type { Queryable } from '../db/index.ts';
import { NOTIFY_CHANNEL } from '../db/outbox.ts';

/** What happened to faults, for consoles that show them. */
export type FaultNews = 'opened' | 'recovered' | 'reopened' | 'reported' | 'merged' | 'changed' | 'cancelled';

/** Tells of faults in the transaction of their change: one event for all of one county. */
export async function tellFaults(db: Queryable, faultIds: readonly number[], news: FaultNews): Promise<void> {
  if (faultIds.length === 0) return;
  await db.query(
    `with told as (
       insert into outbox (kind, region_path, payload)
       select 'fault.changed', min(coalesce(c.path, f.region_path)), jsonb_build_object('ids', jsonb_agg(f.id order by f.id), 'news', $2::text)
       from fault f left join region c on c.id = f.county_id where f.id = any ($1) group by f.county_id returning 1)
     select pg_notify($3, '') from told limit 1`,
    [faultIds, news, NOTIFY_CHANNEL],
  );
}
