import type { UplinkMessage } from '@uptally/broker';
import { type MessageFrame, type ReplayFrame, ReplayFrames } from '@uptally/protocol/replay';
import type { Logger } from 'pino';
import { appendAudit } from '../audit/log.ts';
import { inTransaction, type Pool } from '../db/index.ts';
import { DeviceDirectory } from '../ingest/device-directory.ts';
import { createIngest, type Ingest } from '../ingest/index.ts';
import { demoOf, NotADemo, noteDemo } from './demo.ts';
import { Journal } from './journal.ts';
import { Lines } from './lines.ts';

/** Said at each mark: a replay that is silent for longer is not under way any more, ms. */
const UNDER_WAY_MS = 60_000;

export interface ReplayOptions {
  readonly pool: Pool;
  readonly log: Logger;
  /** Frames as `@uptally/protocol/replay` has them. */
  readonly input: AsyncIterable<Uint8Array>;
  /**
   * The present, Unix ms. Receptions lie in the past; what goes by the present (who is online, what is news) is left as it is, since
   * nothing that is over turns anybody online.
   */
  readonly clock: () => number;
  readonly timeZone?: string;
  /** Called at each mark, when everything received before it is durable. */
  readonly onMark?: (atMs: number) => Promise<void> | void;
}

export interface Replayed {
  readonly fromMs: number;
  readonly toMs: number;
  readonly messages: number;
  /** Records stored now, and those that had been stored before. */
  readonly stored: number;
  readonly repeated: number;
}

/** The stream is not what a replay may be. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}

/**
 * Stores a past as if it were received when it says: through ingest, as any other message. Only for a database marked as a demo's,
 * and only once; one that broke off may be begun again. Resolves when everything is durable.
 * @throws NotADemo, ReplayError, ReplayFormatError, or what the database throws
 */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const demo = await demoOf(options.pool);
  if (demo === null) throw new NotADemo('only the database of a demo takes a past');
  if (demo.replayed !== undefined) throw new ReplayError('this demo has its past already');
  const { pool, clock, log, timeZone } = options;
  // One flush at a time: what waits meanwhile makes the next one large, and half of what a small one costs is its statement.
  const ingest = createIngest({ pool, clock, log, maxInflight: 1, ...(timeZone && { timeZone }) });
  await ingest.start();
  try {
    const run = new Run(options, ingest);
    await run.read();
    await run.finish();
    return run.summary();
  } finally {
    await ingest.stop();
  }
}

/**
 * Tells of the devices at stations that are silent when the past ends, as the sweep would have: it knows only those that it saw online.
 * Who signed off is not missed.
 */
const TELL_SILENT = `insert into outbox (kind, device_key, region_path, payload)
  select 'device.offline', l.device_key, g.path, jsonb_build_object('deviceId', d.device_id, 'at', l.changed_at, 'reason', 'silent')
  from device_live l join device d using (device_key) join installation i on i.device_key = l.device_key and i.to_at is null
  left join region g on g.id = d.region_id
  left join device_session s on s.device_key = l.device_key and s.session = l.session
  where not l.online and l.last_live_at is not null and s.end_kind is distinct from 'clean'
  order by l.changed_at, l.device_key`;

class Run {
  readonly #options: ReplayOptions;
  readonly #ingest: Ingest;
  readonly #lines: Lines;
  readonly #journal: Journal;
  readonly #directory: DeviceDirectory;
  #fromMs: number | null = null;
  #markMs = 0;
  /** Received since the last mark. They are stored together: a flush of ten records costs half of one of thousands. */
  #held: MessageFrame[] = [];

  constructor(options: ReplayOptions, ingest: Ingest) {
    this.#options = options;
    this.#ingest = ingest;
    this.#lines = new Lines(ingest.sink);
    this.#journal = new Journal(options.pool);
    this.#directory = new DeviceDirectory(options.pool, options.clock);
  }

  async read(): Promise<void> {
    await this.#directory.load();
    const frames = new ReplayFrames();
    for await (const chunk of this.#options.input) {
      for (const frame of frames.take(chunk)) {
        if ('payload' in frame) this.#held.push(frame);
        else await this.#platform(frame);
      }
    }
    frames.end();
    await this.#store();
  }

  async #store(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    for (const frame of held) {
      const room = this.#message(frame);
      if (room !== undefined) await room;
    }
    await this.#lines.drain();
  }

  /** The past is complete: figures follow. The baseline begins with the first day that lies in it from beginning to end. */
  async finish(): Promise<void> {
    const { pool, clock } = this.#options;
    const { fromMs, toMs, stored, repeated } = this.summary();
    await this.#journal.end(toMs);
    const span = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()] as const;
    await inTransaction(pool, async (client) => {
      await noteDemo(client, {
        replaying_until: new Date(0).toISOString(),
        replayed: { from: span[0], to: span[1], records: stored + repeated },
      });
      // Nothing was counted meanwhile, so one mark stands for all.
      await client.query('delete from evidence_mark where from_at >= $1 and to_at < $2', [...span]);
      await client.query('insert into evidence_mark (from_at, to_at) values ($1, $2)', [...span]);
      // What is over turned nobody on- or offline: since when each is as it is, its last connection and its last live beat tell.
      await client.query(
        `update device_live l set changed_at = case
           when online then coalesce((select max(began_at) from device_session s where s.device_key = l.device_key), changed_at)
           else last_live_at + interval '1 millisecond' * (beat_ms * 5 / 2) end
         where last_live_at is not null`,
      );
      await client.query(TELL_SILENT);
      await client.query(
        `update contract set term_from = least(term_from,
           (($1::timestamptz at time zone time_zone) + interval '1 day' - interval '1 millisecond')::date) where is_baseline`,
        [span[0]],
      );
      await appendAudit(client, new Date(clock()), {
        userId: null,
        orgId: null,
        action: 'demo.replayed',
        subject: 'platform',
        detail: { from: span[0], to: span[1], records: stored + repeated },
      });
    });
  }

  summary(): Replayed {
    const { messages, stored, repeated } = this.#ingest.stats();
    return { fromMs: this.#fromMs ?? 0, toMs: this.#markMs, messages, stored, repeated };
  }

  #message(frame: MessageFrame): Promise<void> | void {
    if (frame.atMs < this.#markMs) throw new ReplayError(`a message of ${frame.deviceId} comes after its mark`);
    const device = this.#directory.find(frame.deviceId);
    return device instanceof Promise ? device.then((known) => this.#take(frame, known)) : this.#take(frame, device);
  }

  #take({ kind, atMs, payload, deviceId }: MessageFrame, device: UplinkMessage['device']): Promise<void> | void {
    if (device.deviceKey === 0) throw new ReplayError(`there is no device ${deviceId}`);
    return this.#lines.push({ device, channel: kind, payload, receivedAtMs: atMs });
  }

  async #platform({ kind, atMs }: ReplayFrame): Promise<void> {
    if (atMs < this.#markMs) throw new ReplayError('the platform goes back in time');
    this.#fromMs ??= atMs;
    if (kind === 'up') await this.#journal.begin(atMs);
    if (kind === 'down') await this.#journal.end(atMs);
    if (kind !== 'mark') return;
    await this.#store();
    await this.#journal.extend(atMs);
    this.#markMs = atMs;
    const { pool, clock, onMark } = this.#options;
    await noteDemo(pool, { replaying_until: new Date(clock() + UNDER_WAY_MS).toISOString() });
    await onMark?.(atMs);
  }
}
