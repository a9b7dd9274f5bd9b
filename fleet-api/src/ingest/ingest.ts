import type { DeviceIdentity, RefusalReason, Sink, UplinkMessage } from '@uptally/broker';
import { LIMITS } from '@uptally/protocol';
import { decodeAck, decodeBatch, decodeStatus, ProtocolError } from '@uptally/protocol/validate';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Pool } from '../db/index.ts';
import { type AckReport, ackStatement } from './acks.ts';
import { Connections } from './connections.ts';
import { DeviceContexts } from './contexts.ts';
import { ArrayStatements } from './database.ts';
import { judge } from './failures.ts';
import { Lane, LaneStopped } from './lane.ts';
import { monthsOf } from './months.ts';
import { placeBirth } from './place.ts';
import { QuarantineGate, storeUnusable, type Unusable } from './quarantine.ts';
import { RecordLane } from './records.ts';
import { IngestCounters, type IngestStats, registerIngestMetrics } from './stats.ts';
import { type StatusAnswer, type StatusReport, statusStatement } from './status.ts';

/** Records waiting at most; beyond, messages are held undecoded. */
const QUEUE_RECORDS = 50_000;
/** Payloads held at most, bytes; beyond, messages are refused and their connections closed: devices keep what was not acknowledged. */
const HELD_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 10_000;

export interface IngestOptions {
  readonly pool: Pool;
  /** Unix ms. */
  readonly clock: () => number;
  readonly log: Logger;
  readonly metrics?: Registry;
  /** Zone in which months of SIM use begin. */
  readonly timeZone?: string;
  /** Flushes under way at once: two for a server, one for the embedded database, which runs one statement at a time. */
  readonly maxInflight?: number;
}

export interface Ingest {
  readonly sink: Sink;
  /** `full`: so much waits for the database that messages are refused. */
  readonly state: 'accepting' | 'full' | 'stopped';
  start(): Promise<void>;
  /** Makes durable what was taken, up to ten seconds; the rest is refused and will be sent again. Idempotent. */
  stop(): Promise<void>;
  stats(): IngestStats;
  /** Drops what is remembered of a device; call it when one is revoked or changed. */
  forget(deviceKey: number): void;
}

/** The queue and what may be held beside it are full. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

interface Held {
  readonly message: UplinkMessage;
  readonly resolve: (accepted: Promise<void>) => void;
  readonly reject: (error: unknown) => void;
}

/** Makes what devices send durable: `accept` resolves once it is committed. */
export function createIngest(options: IngestOptions): Ingest {
  return new IngestService(options);
}

class IngestService implements Ingest {
  readonly sink: Sink;
  readonly #options: IngestOptions;
  readonly #counters = new IngestCounters();
  readonly #gate = new QuarantineGate();
  readonly #statements: ArrayStatements;
  readonly #contexts: DeviceContexts;
  readonly #records: RecordLane;
  readonly #statuses: Lane<StatusReport>;
  readonly #acks: Lane<AckReport>;
  readonly #unusable: Lane<Unusable>;
  readonly #connections: Connections;
  #held: Held[] = [];
  #heldBytes = 0;
  #stopped = true;

  constructor(options: IngestOptions) {
    const { pool, clock, log } = options;
    this.#options = options;
    this.#statements = new ArrayStatements(pool);
    this.#contexts = new DeviceContexts({ pool, clock });
    this.#connections = new Connections({ pool, log });
    const onRetry = (error: unknown, attempt: number, delayMs: number): void =>
      log.warn({ err: error, attempt, delayMs }, 'ingest: flush will be repeated');
    this.#unusable = new Lane<Unusable>({
      flush: (items) => storeUnusable(pool, items),
      judge,
      poison: async (item, error) =>
        log.error({ err: error, deviceId: item.deviceId }, 'ingest: quarantine refused a row'),
      maxWeight: 500,
      onRetry,
    });
    this.#records = new RecordLane({
      statements: this.#statements,
      contexts: this.#contexts,
      clock,
      log,
      gate: this.#gate,
      monthOf: monthsOf(options.timeZone ?? 'Asia/Shanghai'),
      counters: this.#counters,
      maxInflight: options.maxInflight ?? 2,
      quarantine: (item) => this.#quarantine(item),
      committed: () => this.#release(),
    });
    this.#statuses = new Lane<StatusReport>({
      flush: (reports) => this.#flushStatuses(reports),
      judge,
      poison: (report, error) => this.#quarantine(refusedBy(error, report.device, 'status', report)),
      alone: (report) => report.device.deviceKey,
      maxWeight: 2_000,
      onRetry,
    });
    this.#acks = new Lane<AckReport>({
      flush: async (reports) => {
        const statement = ackStatement(reports);
        if (statement !== null) await this.#statements.run(statement, reports.length);
      },
      judge,
      poison: async (report, error) =>
        log.error({ err: error, cmd: report.ack.cmd }, 'ingest: ack refused by the database'),
      maxWeight: 1_000,
      onRetry,
    });
    this.sink = {
      accept: (message) => this.#accept(message),
      connected: (device) => this.#connections.opened(device),
      disconnected: (device) => this.#connections.closed(device),
      refused: (reason: RefusalReason) => this.#counters.countRefused(reason),
    };
    if (options.metrics !== undefined) registerIngestMetrics(options.metrics, () => this.stats());
  }

  get state(): Ingest['state'] {
    if (this.#stopped) return 'stopped';
    return this.#heldBytes + LIMITS.packetBytes > HELD_BYTES ? 'full' : 'accepting';
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#connections.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { reject } of this.#held.splice(0)) reject(new LaneStopped('ingest is stopping'));
    this.#heldBytes = 0;
    await Promise.all([this.#records.lane.stop(DRAIN_MS), this.#statuses.stop(DRAIN_MS), this.#acks.stop(DRAIN_MS)]);
    await this.#unusable.stop(DRAIN_MS);
    await this.#connections.stop();
  }

  forget(deviceKey: number): void {
    this.#contexts.forget(deviceKey);
  }

  stats(): IngestStats {
    const c = this.#counters;
    return {
      messages: c.messages,
      bytes: c.bytes,
      stored: c.stored,
      repeated: c.repeated,
      flushes: c.flushes,
      flushMsTotal: c.flushMsTotal,
      retries: this.#records.lane.retries + this.#statuses.retries + this.#acks.retries + this.#unusable.retries,
      unusable: Object.fromEntries(c.unusable),
      refused: Object.fromEntries(c.refused),
      queued: this.#records.lane.queued,
      inflight: this.#records.lane.inflight,
      held: this.#held.length,
      heldBytes: this.#heldBytes,
      devicesKnown: this.#contexts.size,
    };
  }

  #accept(message: UplinkMessage): Promise<void> {
    if (this.#stopped) return Promise.reject(new LaneStopped('ingest is stopping'));
    this.#counters.messages += 1;
    this.#counters.bytes += message.payload.length;
    if (message.channel !== 'rec' || this.#records.lane.queued < QUEUE_RECORDS) return this.#take(message);
    if (this.#heldBytes + message.payload.length > HELD_BYTES) return Promise.reject(new Overloaded('ingest is full'));
    this.#heldBytes += message.payload.length;
    return new Promise((resolve, reject) => this.#held.push({ message, resolve, reject }));
  }

  /** Takes up what was held, as far as the queue has room. */
  #release(): void {
    let taken = 0;
    for (const { message, resolve, reject } of this.#held) {
      const isGone = message.isGone?.() === true;
      if (!isGone && this.#records.lane.queued >= QUEUE_RECORDS / 2) break;
      taken += 1;
      this.#heldBytes -= message.payload.length;
      if (isGone) reject(new Overloaded('its connection ended before there was room'));
      else resolve(this.#take(message));
    }
    if (taken > 0) this.#held.splice(0, taken);
  }

  #take(message: UplinkMessage): Promise<void> {
    const { device, channel, payload } = message;
    const receivedMs = Math.floor(message.receivedAtMs);
    try {
      switch (channel) {
        case 'rec':
          return this.#records.lane.push({ device, receivedMs, batch: this.#countRejects(payload), payload });
        case 'status':
          return this.#statuses.push({ device, receivedMs, status: decodeStatus(payload), payload });
        case 'ack':
          return this.#acks.push({ device, receivedMs, ack: decodeAck(payload) });
      }
    } catch (error) {
      const code = error instanceof ProtocolError ? error.code : 'undecodable';
      const reason = error instanceof Error ? error.message : 'unknown';
      const { deviceKey, deviceId } = device;
      return this.#quarantine({ atMs: receivedMs, deviceKey, deviceId, channel, code, reason, payload });
    }
  }

  #countRejects(payload: Uint8Array): ReturnType<typeof decodeBatch> {
    const batch = decodeBatch(payload);
    for (const _ of batch.rejects) this.#counters.countUnusable('bad_record');
    return batch;
  }

  /** Counts it; stores it unless the device has filled its share of this hour. */
  async #quarantine(item: Unusable): Promise<void> {
    this.#counters.countUnusable(item.code);
    if (this.#gate.admits(item.deviceId, item.atMs)) await this.#unusable.push(item);
  }

  async #flushStatuses(reports: readonly StatusReport[]): Promise<void> {
    const nowMs = this.#options.clock();
    const births = reports.filter(({ status }) => status.s === 'on');
    const wanted = births
      .map(({ device, status }) => ({ device, boot: status.boot ?? 0 }))
      .filter(({ device, boot }) => this.#contexts.lacks(device.deviceKey, boot, nowMs));
    await this.#contexts.load(wanted);
    for (const report of births) this.#learn(report);
    const [answer] = await this.#statements.run<StatusAnswer>(statusStatement(reports, nowMs), reports.length);
    const missing = new Set(answer?.missing ?? []);
    for (const report of reports) {
      if (!missing.has(report.device.deviceKey)) continue;
      this.#contexts.forget(report.device.deviceKey);
      await this.#quarantine(refusedBy(new Error('no such device'), report.device, 'status', report, 'unknown_device'));
    }
  }

  /** What a birth tells: the beat interval in force, and a first contact of its boot. */
  #learn(report: StatusReport): void {
    const { device, status, receivedMs } = report;
    const context = this.#contexts.get(device.deviceKey);
    if (context === undefined || report.anchor !== undefined) return;
    if (status.beat_ms !== undefined) context.beatMs = status.beat_ms;
    const { boot, mono_ms: monoMs } = status;
    report.anchor = boot === undefined || monoMs === undefined ? null : placeBirth(context, boot, monoMs, receivedMs);
  }
}

function refusedBy(
  error: unknown,
  device: DeviceIdentity,
  channel: string,
  report: { readonly receivedMs: number; readonly payload: Uint8Array },
  code = 'unstorable',
): Unusable {
  const reason = error instanceof Error ? error.message : 'refused by the database';
  const deviceKey = code === 'unknown_device' ? null : device.deviceKey;
  return {
    atMs: report.receivedMs,
    deviceKey,
    deviceId: device.deviceId,
    channel,
    code,
    reason,
    payload: report.payload,
  };
}
