import { Counter, Gauge, type Registry } from 'prom-client';

/** What ingest did since it started, and what waits now. */
export interface IngestStats {
  /** Messages received, by any channel. */
  readonly messages: number;
  readonly bytes: number;
  /** Records stored for the first time. */
  readonly stored: number;
  /** Records that had been stored before. */
  readonly repeated: number;
  readonly flushes: number;
  readonly flushMsTotal: number;
  readonly retries: number;
  /** Messages and records that could not be used, by code. */
  readonly unusable: Readonly<Record<string, number>>;
  /** What the broker refused, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Records waiting, and being flushed. */
  readonly queued: number;
  readonly inflight: number;
  /** Messages held back undecoded because the queue is full. */
  readonly held: number;
  readonly heldBytes: number;
  readonly devicesKnown: number;
}

/** Plain numbers: counting costs nothing on the hot path, Prometheus reads them when asked. */
export class IngestCounters {
  messages = 0;
  bytes = 0;
  stored = 0;
  repeated = 0;
  flushes = 0;
  flushMsTotal = 0;
  readonly unusable = new Map<string, number>();
  readonly refused = new Map<string, number>();

  flushed(_records: number, durationMs: number): void {
    this.flushes += 1;
    this.flushMsTotal += durationMs;
  }

  countUnusable(code: string): void {
    this.unusable.set(code, (this.unusable.get(code) ?? 0) + 1);
  }

  countRefused(reason: string): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
  }
}

/** Registers the ingest metrics; values are taken from `stats` at each scrape. */
export function registerIngestMetrics(registry: Registry, stats: () => IngestStats): void {
  const counter = (name: string, help: string, read: (s: IngestStats) => number): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read(stats()));
      },
    });
  };
  const labelled = (
    name: string,
    help: string,
    label: string,
    read: (s: IngestStats) => Readonly<Record<string, number>>,
  ): void => {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [value, count] of Object.entries(read(stats()))) this.inc({ [label]: value }, count);
      },
    });
  };
  const gauge = (name: string, help: string, read: (s: IngestStats) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(stats()));
      },
    });
  };
  counter('uptally_ingest_messages_total', 'Messages received from devices', (s) => s.messages);
  counter('uptally_ingest_bytes_total', 'Payload bytes received from devices', (s) => s.bytes);
  counter('uptally_ingest_records_stored_total', 'Records stored for the first time', (s) => s.stored);
  counter('uptally_ingest_records_repeated_total', 'Records received again and dropped', (s) => s.repeated);
  counter('uptally_ingest_flushes_total', 'Statements that stored records', (s) => s.flushes);
  counter('uptally_ingest_flush_seconds_total', 'Time spent in those statements', (s) => s.flushMsTotal / 1000);
  counter('uptally_ingest_retries_total', 'Flushes repeated after a database failure', (s) => s.retries);
  labelled('uptally_ingest_unusable_total', 'Messages and records that could not be used', 'code', (s) => s.unusable);
  labelled('uptally_ingest_refused_total', 'What the broker refused', 'reason', (s) => s.refused);
  gauge('uptally_ingest_queued_records', 'Records waiting for a flush', (s) => s.queued);
  gauge('uptally_ingest_inflight_records', 'Records being flushed', (s) => s.inflight);
  gauge('uptally_ingest_held_bytes', 'Payload bytes held back because the queue is full', (s) => s.heldBytes);
}
