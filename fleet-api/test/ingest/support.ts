import {
  type DeviceRecord,
  type Envelope,
  encodeBatch,
  encodeCbor,
  type StatusMessage,
  type UpChannel,
} from '@uptally/protocol';
import { pino } from 'pino';
import type { Pool } from '../../src/db/index.ts';
import { createIngest, type Ingest, type IngestOptions } from '../../src/ingest/index.ts';

/** A moment that tests begin at, on a whole minute. */
export const NOON = Date.UTC(2026, 10, 21, 4, 0, 0);

/** Server time under the test's control. */
export class Clock {
  ms: number;
  constructor(ms = NOON) {
    this.ms = ms;
  }
  readonly now = (): number => this.ms;
}

/** Adds devices `dev-1`... with their live rows; returns their keys. */
export async function addDevices(pool: Pool, count: number, sql = ''): Promise<readonly number[]> {
  const { rows } = await pool.query<{ device_key: number }>(
    `insert into device (device_id, serial) select 'dev-' || i, 'S' || i from generate_series(1, $1) i returning device_key`,
    [count],
  );
  const keys = rows.map((row) => row.device_key).sort((a, b) => a - b);
  await pool.query('insert into device_live (device_key) select unnest($1::int[]) on conflict do nothing', [keys]);
  if (sql !== '') await pool.query(sql);
  return keys;
}

export const silent = pino({ level: 'silent' });

export async function openIngest(pool: Pool, clock: Clock, more: Partial<IngestOptions> = {}): Promise<Ingest> {
  const ingest = createIngest({ pool, clock: clock.now, log: silent, ...more });
  await ingest.start();
  return ingest;
}

export interface Sent {
  readonly seq0: number;
  readonly recs: readonly DeviceRecord[];
  readonly boot?: number;
  readonly cur?: number;
  readonly monoMs?: number;
  readonly sentMs?: number;
}

/** A device that speaks to ingest directly; its monotonic clock began an hour before NOON and runs true. */
export class Speaker {
  readonly device: { readonly deviceKey: number; readonly deviceId: string };
  readonly #clock: Clock;
  constructor(deviceKey: number, clock: Clock) {
    this.device = { deviceKey, deviceId: `dev-${deviceKey}` };
    this.#clock = clock;
  }

  rec(ingest: Ingest, { seq0, recs, boot = 1, cur, monoMs, sentMs }: Sent): Promise<void> {
    const envelope: Envelope = {
      v: 1,
      boot,
      seq0,
      sent_ms: sentMs ?? this.#clock.ms,
      mono_ms: monoMs ?? this.#clock.ms - NOON + 3_600_000,
      recs,
      ...(cur === undefined ? {} : { cur }),
    };
    return this.raw(ingest, 'rec', encodeBatch(envelope));
  }

  status(ingest: Ingest, message: Omit<StatusMessage, 'v'>): Promise<void> {
    return this.raw(ingest, 'status', encodeCbor({ v: 1, ...message }));
  }

  ack(ingest: Ingest, cmd: string, state: string): Promise<void> {
    return this.raw(ingest, 'ack', encodeCbor({ v: 1, cmd, state }));
  }

  raw(ingest: Ingest, channel: UpChannel, payload: Uint8Array): Promise<void> {
    return ingest.sink.accept({ device: this.device, channel, payload, receivedAtMs: this.#clock.ms });
  }
}

export const beat = (d_mono = 0): DeviceRecord => ({ k: 'beat', d_mono });

/** Kinds and payloads told in the outbox, in order. */
export async function told(pool: Pool): Promise<readonly { kind: string; payload: Record<string, unknown> }[]> {
  const { rows } = await pool.query('select kind, payload from outbox order by id');
  return rows;
}

export async function liveRow(pool: Pool, deviceKey: number): Promise<Record<string, unknown>> {
  const { rows } = await pool.query('select *, seqs::text as seqs from device_live where device_key = $1', [deviceKey]);
  return rows[0] ?? {};
}
