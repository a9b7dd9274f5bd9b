import type { Queryable } from '../db/index.ts';
import { bytea, instant, int4, text } from './columns.ts';

/** Rows a device may leave in quarantine in an hour, by process; what exceeds them is counted only. */
export const ROWS_PER_HOUR = 20;
/** Payload kept of each, bytes. */
export const PAYLOAD_BYTES = 4096;
const HOUR_MS = 3_600_000;

/** Something a device sent that can't be used. */
export interface Unusable {
  readonly atMs: number;
  /** null: nobody we know. */
  readonly deviceKey: number | null;
  readonly deviceId: string;
  readonly channel: string;
  /** Stable, counted. */
  readonly code: string;
  readonly reason: string;
  readonly payload: Uint8Array;
}

/** Lets a bounded number a device and hour through, so that a mad device fills neither the table nor the log. */
export class QuarantineGate {
  #hour = -1;
  readonly #rows = new Map<string, number>();
  readonly #max: number;

  constructor(max = ROWS_PER_HOUR) {
    this.#max = max;
  }

  admits(deviceId: string, nowMs: number): boolean {
    const hour = Math.floor(nowMs / HOUR_MS);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#rows.clear();
    }
    const rows = this.#rows.get(deviceId) ?? 0;
    if (rows >= this.#max) return false;
    this.#rows.set(deviceId, rows + 1);
    return true;
  }
}

/** Makes rows of quarantine durable. */
export async function storeUnusable(db: Queryable, items: readonly Unusable[]): Promise<void> {
  if (items.length === 0) return;
  const at = instant(items.length);
  const keys = int4(items.length);
  const [ids, channels, codes, reasons] = [
    text(items.length),
    text(items.length),
    text(items.length),
    text(items.length),
  ];
  const payloads = bytea(items.length);
  for (const item of items) {
    at.push(item.atMs);
    keys.push(item.deviceKey);
    ids.push(item.deviceId);
    channels.push(item.channel);
    codes.push(item.code);
    reasons.push(item.reason.slice(0, 500));
    payloads.push(item.payload.subarray(0, PAYLOAD_BYTES));
  }
  await db.query({
    name: 'uptally_quarantine',
    text: `insert into quarantine (at, device_key, device_id, channel, code, reason, payload)
      select * from unnest($1::timestamptz[], $2::int4[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[])`,
    values: [at, keys, ids, channels, codes, reasons, payloads].map((column) => column.bytes()),
  });
}
