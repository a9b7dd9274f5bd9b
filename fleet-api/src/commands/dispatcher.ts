import type { CommandMessage, DownChannel } from '@uptally/protocol';
import type { Logger } from 'pino';
import { inTransaction, type OutboxEvent, OutboxReader, type Pool } from '../db/index.ts';
import { createConfigSender } from './device-config.ts';
import { claimCommands, type DueCommand, expireCommands, markDelivered } from './dispatch-sql.ts';

/** What the dispatcher needs of the downlink. */
export interface CommandDownlink {
  publish(
    deviceId: string,
    channel: DownChannel,
    payload: Uint8Array,
    options?: { readonly retain?: boolean },
  ): Promise<void>;
}

export interface DispatcherSettings {
  /** Commands handed over a second at most, so that a batch to everybody does not make everybody answer at once. */
  readonly perSecond: number;
  /** An unanswered command is sent again after this time, ms, doubled each time. */
  readonly redeliverMs: number;
  /** Time between looks at the table when no event wakes the dispatcher, ms. */
  readonly sweepMs: number;
  readonly deliveredGraceMs: number;
  readonly acceptedGraceMs: number;
}

export const DEFAULT_DISPATCHER: DispatcherSettings = {
  perSecond: 200,
  redeliverMs: 30_000,
  sweepMs: 2_000,
  deliveredGraceMs: 60_000,
  acceptedGraceMs: 7 * 86_400_000,
};

export interface DispatcherOptions {
  readonly pool: Pool;
  readonly downlink: CommandDownlink;
  readonly log: Logger;
  /** Unix ms. */
  readonly clock: () => number;
  readonly settings?: Partial<DispatcherSettings>;
}

export interface CommandDispatcher {
  start(): Promise<void>;
  /** Ends after the messages in hand. Idempotent. */
  stop(): Promise<void>;
}

/** Commands are claimed in portions, one every so many ms. */
const PORTION_MS = 250;
const EXPIRE_LIMIT = 2_000;

/**
 * Hands commands to connected devices and ends those whose time is over. The table is the truth and is looked at again and
 * again; events of the outbox only say when. So it survives a restart of any process, and several dispatchers may run.
 *
 * `delivered` means handed to the session of a connected device at QoS 1: MQTT tells us no more across brokers. What counts is
 * `accepted`, which the device says itself; until then the command is sent again, and the device knows it by its id.
 */
export function createCommandDispatcher(options: DispatcherOptions): CommandDispatcher {
  return new Dispatcher(options);
}

/** There is a command, or a device to take one: a birth tells `connected` in `device.state`. */
function isReason({ kind, payload }: OutboxEvent): boolean {
  return (
    kind === 'command.created' || kind === 'device.online' || (kind === 'device.state' && payload.connected === true)
  );
}

class Dispatcher implements CommandDispatcher {
  readonly #options: DispatcherOptions;
  readonly #settings: DispatcherSettings;
  readonly #reader: OutboxReader;
  readonly #sendConfig: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #busy = false;
  #again = false;
  #stopped = true;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#settings = { ...DEFAULT_DISPATCHER, ...options.settings };
    const { pool, downlink, log } = options;
    this.#sendConfig = createConfigSender({ pool, downlink, log, perSecond: this.#settings.perSecond });
    this.#reader = new OutboxReader({
      pool,
      handle: async (events) => {
        if (events.some(isReason)) this.#wake();
      },
      onError: (error) => this.#failed(error),
    });
  }

  async start(): Promise<void> {
    this.#stopped = false;
    await this.#reader.start();
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#reader.stop();
    await this.#running;
  }

  #wake(): void {
    if (this.#stopped) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#busy = true;
    this.#running = this.#round()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#busy = false;
        if (this.#stopped) return;
        this.#timer = setTimeout(() => this.#wake(), this.#again ? 0 : this.#settings.sweepMs);
        this.#again = false;
      });
  }

  async #round(): Promise<void> {
    const { pool, clock } = this.#options;
    const { deliveredGraceMs, acceptedGraceMs } = this.#settings;
    await this.#sendDue();
    const grace = { deliveredMs: deliveredGraceMs, acceptedMs: acceptedGraceMs };
    await inTransaction(pool, (client) => expireCommands(client, clock(), grace, EXPIRE_LIMIT));
    await this.#sendConfig();
  }

  /** Sends portion by portion, at the pace that is set. */
  async #sendDue(): Promise<void> {
    const { pool, clock } = this.#options;
    const { perSecond, redeliverMs } = this.#settings;
    const portion = Math.max(1, Math.floor((perSecond * PORTION_MS) / 1000));
    for (;;) {
      const due = await claimCommands(pool, clock(), redeliverMs, portion);
      const sent = await Promise.all(due.map((command) => this.#send(command)));
      const ids = sent.filter((id) => id !== null);
      if (ids.length > 0) await markDelivered(pool, ids, clock());
      if (due.length < portion || this.#stopped) return;
      await new Promise((resolve) => setTimeout(resolve, PORTION_MS));
    }
  }

  /** Id of the command if it was handed over; a failure is left to the next look. */
  async #send(command: DueCommand): Promise<string | null> {
    const { downlink, clock, log } = this.#options;
    const message: CommandMessage = {
      v: 1,
      id: command.id,
      op: command.op,
      ttl_ms: Math.max(1, command.expires_at.getTime() - clock()),
      ...(Object.keys(command.args).length > 0 ? { args: command.args } : {}),
    };
    try {
      await downlink.publish(command.device_id, 'cmd', new TextEncoder().encode(JSON.stringify(message)));
      return command.id;
    } catch (error) {
      log.warn({ command: command.id, device: command.device_id, err: error }, 'command not handed over');
      return null;
    }
  }

  #failed(error: unknown): void {
    if (!this.#stopped) this.#options.log.error({ err: error }, 'command dispatcher: will try again');
  }
}
