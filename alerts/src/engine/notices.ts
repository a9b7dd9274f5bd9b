import type { OutboxEvent, PoolClient, Queryable } from '@uptally/fleet-api/db';
import { type NoticeFacts, noticeText } from '../words/notice.ts';
import type { Lang } from '../words/vocabulary.ts';
import { queueMessages } from './queue.ts';
import type { TellingOptions } from './telling.ts';

/** News that waits for the day, for numbers that asked for it: a store runs low, a period is on its way to less than full payment. */

interface Recipient {
  readonly oncall_id: number;
  readonly phone: string;
  readonly lang: Lang;
}

interface Notice {
  readonly topic: 'stock' | 'settlement';
  readonly facts: NoticeFacts;
  /** Regions whose numbers hear of it, besides those for everything. */
  readonly regions: readonly number[];
  /** Tells the same news from other news: each is told once to a number. */
  readonly key: string;
}

/** News older than this is told to nobody, ms. */
const STALE_MS = 86_400_000;
/** Hours of the platform's zone in which news is sent: from, to. */
const DAY = [8, 20] as const;

/** Queues messages for the news among events. Gives how many were queued. */
export async function tellNotices(
  client: PoolClient,
  events: readonly OutboxEvent[],
  nowMs: number,
  options: TellingOptions,
): Promise<number> {
  let queued = 0;
  for (const event of events) {
    if (event.at.getTime() < nowMs - STALE_MS) continue;
    const notice = await noticeOf(client, event, options.timeZone);
    if (notice !== null) queued += await tell(client, notice, nowMs, options);
  }
  return queued;
}

async function noticeOf(client: Queryable, event: OutboxEvent, timeZone: string): Promise<Notice | null> {
  if (event.kind === 'stock.low') return lowStock(client, event, timeZone);
  return event.kind === 'settlement.risk' ? risk(client, event) : null;
}

async function lowStock(client: Queryable, { payload, at }: OutboxEvent, timeZone: string): Promise<Notice | null> {
  const isParts = payload.what === 'parts';
  const [store, item] = [Number(payload.region_id), Number(isParts ? payload.part_id : payload.model_id)];
  const [left, minimum] = [Number(payload.left), Number(payload.minimum)];
  if (![store, item, left, minimum].every(Number.isSafeInteger)) return null;
  const { rows } = await client.query<{ store: string; item: string; path: number[] }>(
    `select r.name as store, r.path, i.name as item from region r, ${isParts ? 'part' : 'device_model'} i
     where r.id = $1 and i.id = $2`,
    [store, item],
  );
  if (rows[0] === undefined) return null;
  const { path, ...names } = rows[0];
  const day = new Intl.DateTimeFormat('en-CA', { timeZone }).format(at);
  const facts = { kind: 'stock', ...names, what: isParts ? 'parts' : 'spares', left, minimum } as const;
  return { topic: 'stock', facts, regions: path, key: `stock:${facts.what}:${store}:${item}:${day}` };
}

async function risk(client: Queryable, { payload }: OutboxEvent): Promise<Notice | null> {
  const { contract_id, instalment, clause, from_day: fromDay, to_day: toDay } = payload;
  if (!Number.isSafeInteger(contract_id) || typeof fromDay !== 'string' || typeof toDay !== 'string') return null;
  const { rows } = await client.query<{ contract: string; regions: number[] }>(
    `select c.name as contract, coalesce((select array_agg(distinct above) from contract_region cr join region r on r.id = cr.region_id,
       unnest(r.path) above where cr.contract_id = c.id), '{}') as regions from contract c where c.id = $1`,
    [contract_id],
  );
  if (rows[0] === undefined) return null;
  const { contract, regions } = rows[0];
  const facts = { kind: 'risk', contract, fromDay, toDay } as const;
  return { topic: 'settlement', facts, regions, key: `risk:${contract_id}:${instalment}:${clause}:${fromDay}` };
}

async function tell(client: PoolClient, notice: Notice, nowMs: number, options: TellingOptions): Promise<number> {
  const { signature, timeZone } = options;
  const { rows: recipients } = await client.query<Recipient>(
    `select distinct on (phone) id as oncall_id, phone, lang from oncall
     where enabled and flagged_reason is null and $1 = any (topics) and (region_id is null or region_id = any ($2))
     order by phone, id`,
    [notice.topic, notice.regions],
  );
  const messages = recipients.map(({ oncall_id: oncallId, phone, lang }) => {
    return { oncallId, phone, body: noticeText(notice.facts, { signature, lang }), key: notice.key };
  });
  return queueMessages(client, messages, { nowMs, dueMs: byDay(nowMs, timeZone) });
}

/** The instant itself by day, else the next morning. */
export function byDay(atMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const [hour = 0, minute = 0, second = 0] = format.format(atMs).split(':').map(Number);
  if (hour >= DAY[0] && hour < DAY[1]) return atMs;
  const hours = (DAY[0] - hour + 24) % 24;
  return atMs + ((hours * 60 - minute) * 60 - second) * 1000;
}
