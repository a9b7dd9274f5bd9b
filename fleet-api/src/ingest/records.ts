import type { Logger } from 'pino';
import type { BootOf, DeviceContexts } from './contexts.ts';
import type { ArrayStatements } from './database.ts';
import { backoffMs, judge } from './failures.ts';
import { Flush } from './flush.ts';
import { Lane } from './lane.ts';
import { type RecordMessage, weightOf } from './messages.ts';
import { placeBatch } from './place.ts';
import type { QuarantineGate, Unusable } from './quarantine.ts';
import type { RecordAnswer } from './statement.ts';
import type { IngestCounters } from './stats.ts';

/** Records of a flush at most. Beyond, a statement gains nothing and holds its locks longer. */
const FLUSH_RECORDS = 5_000;

export interface RecordLaneOptions {
  readonly statements: ArrayStatements;
  readonly contexts: DeviceContexts;
  readonly clock: () => number;
  readonly log: Logger;
  readonly gate: QuarantineGate;
  readonly monthOf: (ms: number) => number;
  readonly counters: IngestCounters;
  readonly maxInflight: number;
  /** Makes what can't be used durable; resolves when it is. */
  readonly quarantine: (item: Unusable) => Promise<void>;
  /** Told of each flush after its commit. */
  readonly committed: () => void;
}

/** The way of `rec` messages into the database. */
export class RecordLane {
  readonly #options: RecordLaneOptions;
  readonly lane: Lane<RecordMessage>;

  constructor(options: RecordLaneOptions) {
    this.#options = options;
    this.lane = new Lane<RecordMessage>({
      flush: (messages) => this.#flush(messages),
      judge,
      poison: (message, error) => this.#isolate(message, error),
      weigh: weightOf,
      maxWeight: FLUSH_RECORDS,
      maxInflight: options.maxInflight,
      groupWeight: FLUSH_RECORDS / 4,
      onRetry: (error, attempt, delayMs) =>
        options.log.warn({ err: error, attempt, delayMs }, 'records: flush will be repeated'),
    });
  }

  async #flush(messages: readonly RecordMessage[]): Promise<void> {
    const refused = await this.#prepare(messages);
    const first = await this.#store(messages, false);
    const again = new Set(first.answer?.repeating ?? []);
    if (again.size > 0) {
      const second = await this.#store(
        messages.filter(({ device }) => again.has(device.deviceKey)),
        true,
      );
      first.answer = joined(first.answer, second.answer);
    }
    if (first.answer !== undefined) refused.push(...this.#afterCommit(messages, first.flush, first.answer));
    await Promise.all(refused.map((item) => this.#options.quarantine(item)));
  }

  /** One statement. That of a flush without repetitions is shorter; devices that repeat themselves go through a second one. */
  async #store(
    messages: readonly RecordMessage[],
    repeats: boolean,
  ): Promise<{ readonly flush: Flush; answer: RecordAnswer | undefined }> {
    const { clock, gate, monthOf, counters, statements } = this.#options;
    const weight = messages.reduce((sum, message) => sum + weightOf(message), 0);
    const flush = new Flush(weight, gate, monthOf);
    for (const message of messages) flush.add(message);
    const made = flush.finish(clock(), repeats);
    if (made === null) return { flush, answer: undefined };
    const began = performance.now();
    const [answer] = await statements.run<RecordAnswer>({ ...made.statement, values: made.values }, weight);
    counters.flushed(weight, performance.now() - began);
    return { flush, answer };
  }

  /** Loads what placing needs and places what is new. Answers with the messages of devices that may not speak. */
  async #prepare(messages: readonly RecordMessage[]): Promise<Unusable[]> {
    const { contexts, clock } = this.#options;
    const nowMs = clock();
    const wanted = new Map<string, BootOf>();
    for (const { device, batch, placed } of messages) {
      if (placed !== undefined) continue;
      for (const boot of batch.cur === batch.boot ? [batch.boot] : [batch.boot, batch.cur]) {
        if (contexts.lacks(device.deviceKey, boot, nowMs)) wanted.set(`${device.deviceKey}/${boot}`, { device, boot });
      }
    }
    await contexts.load([...wanted.values()]);
    const refused: Unusable[] = [];
    for (const message of messages) {
      if (message.placed !== undefined) continue;
      const context = contexts.get(message.device.deviceKey);
      if (context === undefined) refused.push(unusable(message, 'unknown_device', 'no such device'));
      else if (context.revoked) refused.push(unusable(message, 'revoked', 'the device was revoked'));
      else {
        message.context = context;
        message.placed = placeBatch(context, message.batch, message.receivedMs);
      }
    }
    return refused;
  }

  #afterCommit(messages: readonly RecordMessage[], flush: Flush, answer: RecordAnswer): Unusable[] {
    const { contexts, counters, committed } = this.#options;
    const missing = new Set(answer.missing ?? []);
    const sparse = new Set(answer.sparse ?? []);
    counters.stored += answer.stored;
    const refused: Unusable[] = [];
    if (missing.size > 0 || sparse.size > 0) {
      for (const key of missing) contexts.forget(key);
      for (const message of messages) {
        const key = message.device.deviceKey;
        if (missing.has(key)) refused.push(unusable(message, 'unknown_device', 'no such device'));
        if (sparse.has(key)) refused.push(unusable(message, 'seq_sparse', 'sequence numbers have too many gaps'));
      }
      for (const key of [...missing, ...sparse]) flush.devices.delete(key);
    } else {
      counters.repeated += flush.repeated + flush.records - answer.stored;
    }
    committed();
    return refused;
  }

  /** A message that the database refuses by itself: its records are tried in halves, and the one at fault set apart. */
  async #isolate(message: RecordMessage, error: unknown): Promise<void> {
    const { batch, placed } = message;
    const { records, rejects } = batch;
    if (placed === undefined || records.length === 0) throw error;
    if (records.length === 1 && rejects.length === 0) {
      const [record] = records;
      if (record === undefined) throw error;
      this.#options.log.error(
        { err: error, deviceId: message.device.deviceId, seq: record.seq },
        'records: refused by the database',
      );
      const reason = error instanceof Error ? error.message : 'refused by the database';
      const set = { ...batch, records: [], rejects: [{ seq: record.seq, reason, raw: record.rec }] };
      return this.#retry({ ...message, batch: set, placed: { ...placed, times: [] } });
    }
    const half = records.length >> 1;
    for (const [from, to] of [
      [0, half],
      [half, records.length],
    ] as const) {
      const part = { ...batch, records: records.slice(from, to), rejects: from === 0 ? rejects : [] };
      if (part.records.length + part.rejects.length === 0) continue;
      await this.#retry({ ...message, batch: part, placed: { ...placed, times: placed.times.slice(from, to) } });
    }
  }

  async #retry(message: RecordMessage): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#flush([message]);
      } catch (error) {
        if (judge(error, attempt) === 'data') return this.#isolate(message, error);
        await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt)));
      }
    }
  }
}

function joined(a: RecordAnswer | undefined, b: RecordAnswer | undefined): RecordAnswer | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    stored: a.stored + b.stored,
    missing: [...(a.missing ?? []), ...(b.missing ?? [])],
    sparse: [...(a.sparse ?? []), ...(b.sparse ?? [])],
    repeating: null,
    told: a.told + b.told,
  };
}

function unusable({ device, receivedMs, payload }: RecordMessage, code: string, reason: string): Unusable {
  return { atMs: receivedMs, deviceKey: null, deviceId: device.deviceId, channel: 'rec', code, reason, payload };
}
