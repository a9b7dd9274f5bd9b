import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '@uptally/fleet-api/db';
import { type DeviceRecord, encodeBatch } from '@uptally/protocol';
import type { Logger } from 'pino';
import { Ledger } from '../../../fleet-api/src/availability/ledger/index.ts';
import { createIngest, type Ingest } from '../../../fleet-api/src/ingest/index.ts';

const BEAT_MS = 60_000;
/** Records of a batch, and devices that send their backlog at a time: about what an agent and a broker make of it. */
const BATCH = 120;
const SENDING = 200;

export interface BacklogSpec {
  readonly keys: readonly number[];
  /** When the devices booted, Unix ms; they have beaten every minute since and were cut off the last `backlogMs`. */
  readonly bootedMs: number;
  readonly backlogMs: number;
  readonly maxInflight: number;
  readonly log: Logger;
}

export interface BacklogResult {
  readonly records: number;
  readonly storedMs: number;
  /** Until no mark and no station waited any more. */
  readonly truthMs: number;
  readonly days: number;
  readonly live: number;
  readonly liveP95Ms: number;
}

/** Sends what the devices kept, while each goes on beating every minute, with the ledger at work beside. */
export async function backlog(pool: Pool, spec: BacklogSpec): Promise<BacklogResult> {
  const ingest = createIngest({ pool, clock: Date.now, log: spec.log, maxInflight: spec.maxInflight });
  await ingest.start();
  const ledger = new Ledger({ pool, clock: Date.now, log: spec.log });
  await ledger.start();
  const live = new LiveBeats(ingest, spec);
  const began = performance.now();
  try {
    live.start();
    const records = await sendAll(ingest, spec);
    const storedMs = performance.now() - began;
    await untilSettled(pool);
    const truthMs = performance.now() - began;
    await live.stop();
    const days = await daysMade(pool);
    return { records, storedMs, truthMs, days, live: live.latencies.length, liveP95Ms: live.p95() };
  } finally {
    await live.stop();
    await ledger.stop();
    await ingest.stop();
  }
}

function send(
  ingest: Ingest,
  spec: BacklogSpec,
  deviceKey: number,
  seq0: number,
  recs: readonly DeviceRecord[],
  atMs: number,
) {
  const payload = encodeBatch({ v: 1, boot: 1, seq0, sent_ms: atMs, mono_ms: atMs - spec.bootedMs, recs });
  return ingest.sink.accept({
    device: { deviceKey, deviceId: `d-${deviceKey}` },
    channel: 'rec',
    payload,
    receivedAtMs: atMs,
  });
}

async function sendAll(ingest: Ingest, spec: BacklogSpec): Promise<number> {
  const first = Math.floor((Date.now() - spec.backlogMs - spec.bootedMs) / BEAT_MS) + 1;
  const last = Math.floor((Date.now() - spec.bootedMs) / BEAT_MS) - 2;
  const waiting = [...spec.keys];
  let records = 0;
  const worker = async (): Promise<void> => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      for (let seq = first; seq <= last; seq += BATCH) {
        const atMs = Date.now();
        const recs = Array.from({ length: Math.min(BATCH, last - seq + 1) }, (_, i) => ({
          k: 'beat' as const,
          d_mono: atMs - (spec.bootedMs + (seq + i) * BEAT_MS),
        }));
        records += recs.length;
        await send(ingest, spec, key, seq, recs, atMs);
      }
    }
  };
  await Promise.all(Array.from({ length: SENDING }, worker));
  return records;
}

/** One beat a minute of each device, spread evenly, each a message of its own. */
class LiveBeats {
  readonly latencies: number[] = [];
  readonly #ingest: Ingest;
  readonly #spec: BacklogSpec;
  readonly #sent: Promise<void>[] = [];
  #seq = 1_000_000;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ingest: Ingest, spec: BacklogSpec) {
    this.#ingest = ingest;
    this.#spec = spec;
  }

  start(): void {
    const { keys } = this.#spec;
    const everyMs = 100;
    this.#timer = setInterval(() => {
      for (let i = 0; i < (keys.length * everyMs) / BEAT_MS; i += 1) {
        const key = keys[this.#next % keys.length] ?? 0;
        if (this.#next % keys.length === 0) this.#seq += 1;
        this.#next += 1;
        const began = performance.now();
        const sent = send(this.#ingest, this.#spec, key, this.#seq, [{ k: 'beat', d_mono: 0 }], Date.now());
        this.#sent.push(sent.then(() => void this.latencies.push(performance.now() - began)));
      }
    }, everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#sent.splice(0));
  }

  p95(): number {
    return [...this.latencies].sort((a, b) => a - b)[Math.floor(this.latencies.length * 0.95)] ?? 0;
  }
}

async function untilSettled(pool: Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ n: number }>(
      'select (select count(*) from evidence_mark where from_at < now() - interval $$15 minutes$$) + (select count(*) from accrual_due) as n',
    );
    if (rows[0]?.n === 0) return;
    await sleep(200);
  }
}

async function daysMade(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('select count(*) as n from accrual');
  return rows[0]?.n ?? 0;
}
