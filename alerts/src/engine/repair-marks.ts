import type { OutboxEvent, PoolClient, Queryable } from '@uptally/fleet-api/db';
import { type MarkFacts, markText } from '../words/repair-mark.ts';
import type { Lang } from '../words/vocabulary.ts';
import { queueMessages } from './queue.ts';
import type { TellingOptions } from './telling.ts';

/** Marks of repair clocks: a share of a limit is used up (below 100 %), or the limit has passed (100 % and more). */

interface Mark {
  readonly order: number;
  readonly stage: string;
  readonly percent: number;
  /** When it was reached, Unix ms. */
  readonly at: number;
}

interface Recipient {
  readonly oncall_id: number | null;
  readonly phone: string;
  readonly lang: Lang;
}

/** How old a mark may be to wake somebody, ms: a backlog tells nobody of last week. */
const STALE_MS = 6 * 3_600_000;

/**
 * Queues messages for the marks among events: a warning for whoever has the order, else those on call; from the limit on for those
 * on call and the managers of the contractor. Each mark is told once to each, an incident in one message. Gives how many were queued.
 */
export async function tellMarks(
  client: PoolClient,
  events: readonly OutboxEvent[],
  nowMs: number,
  options: TellingOptions,
): Promise<number> {
  let queued = 0;
  for (const mark of events.flatMap((event) => markOf(event) ?? [])) {
    if (mark.at < nowMs - STALE_MS) continue;
    queued += await tellMark(client, mark, nowMs, options);
  }
  return queued;
}

function markOf({ kind, payload }: OutboxEvent): Mark | null {
  if (kind !== 'repair.mark') return null;
  const [order, percent, at] = [Number(payload.order), Number(payload.percent), Number(payload.at)];
  const isWhole = [order, percent, at].every(Number.isSafeInteger) && typeof payload.stage === 'string';
  return isWhole ? { order, percent, at, stage: String(payload.stage) } : null;
}

interface OrderRow extends Omit<MarkFacts, 'stage' | 'percent'> {
  readonly open: boolean;
  readonly path: readonly number[];
  readonly org_id: number | null;
  readonly assignee_id: number | null;
}

async function tellMark(client: PoolClient, mark: Mark, nowMs: number, options: TellingOptions): Promise<number> {
  const order = await readOrder(client, mark);
  if (order === null || !order.open) return 0;
  const recipients = mark.percent < 100 ? await warned(client, order) : await escalatedTo(client, order);
  const facts = { ...order, stage: mark.stage, percent: mark.percent };
  const style = { signature: options.signature, timeZone: options.timeZone, nowMs };
  const key = `repair:${mark.order}:${mark.stage}:${mark.percent}:${mark.at}`;
  const messages = recipients.map(({ oncall_id: oncallId, phone, lang }) => {
    return { oncallId, phone, body: markText(facts, { ...style, lang }), key };
  });
  return queueMessages(client, messages, { nowMs });
}

/** The order as its message needs it; `dueMs` is that of the stage of the mark. */
async function readOrder(client: Queryable, { order, stage }: Mark): Promise<OrderRow | null> {
  const { rows } = await client.query<OrderRow>(
    `select o.id as order, o.cause, o.faults_open as stations, o.region_path as path, o.org_id, o.assignee_id,
       o.faults_open > 0 and not o.paused as open, c.name as county, si.name as site, st.name as station,
       (select f.reason from fault f where f.work_order_id = o.id and f.merged_into is null order by f.id limit 1) as reason,
       (select min((m ->> 'at')::bigint) from fault f, jsonb_array_elements(f.marks) m
        where f.work_order_id = o.id and f.status = 'open' and m ->> 'stage' = $2 and m ->> 'percent' = '100') as "dueMs"
     from work_order o left join region c on c.id = o.county_id left join site si on si.id = o.site_id
       left join station st on st.id = o.station_id
     where o.id = $1`,
    [order, stage],
  );
  return rows[0] ?? null;
}

/** Who has the order, if a message reaches that person; else those on call. */
async function warned(client: Queryable, order: OrderRow): Promise<readonly Recipient[]> {
  const { rows } = await client.query<Recipient>(
    `select null::int as oncall_id, u.phone, u.lang from app_user u
     where u.id = $1 and u.disabled_at is null and coalesce(u.phone, '') <> ''`,
    [order.assignee_id],
  );
  return rows.length > 0 ? rows : onCall(client, order.path);
}

/** Those on call, and the managers of the contractor whose regions hold the order; each number once. */
async function escalatedTo(client: Queryable, order: OrderRow): Promise<readonly Recipient[]> {
  const { rows } = await client.query<Recipient>(
    `select null::int as oncall_id, u.phone, u.lang from app_user u
     where u.org_id = $1 and u.role = 'manager' and u.disabled_at is null and coalesce(u.phone, '') <> ''
       and (not exists (select from user_region ur where ur.user_id = u.id)
         or exists (select from user_region ur where ur.user_id = u.id and ur.region_id = any ($2)))
     order by u.id`,
    [order.org_id, order.path],
  );
  const all = [...(await onCall(client, order.path)), ...rows];
  return [...new Map(all.toReversed().map((each) => [each.phone, each])).values()];
}

/** The nearest level of the region tree that has a usable number, from the place upwards. */
async function onCall(client: Queryable, path: readonly number[]): Promise<readonly Recipient[]> {
  const { rows } = await client.query<Recipient>(
    `with usable as (
       select o.id, o.phone, o.lang, case when o.region_id is null then 0 else array_position($1::int[], o.region_id) end as level
       from oncall o
       where o.enabled and o.flagged_reason is null and (o.region_id is null or o.region_id = any ($1)))
     select distinct on (phone) id as oncall_id, phone, lang from usable
     where level = (select max(level) from usable) order by phone, id`,
    [path],
  );
  return rows;
}
