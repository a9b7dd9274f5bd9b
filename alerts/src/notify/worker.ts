import type { Pool } from '@uptally/fleet-api/db';
import type { Logger } from 'pino';
import type { AlertMetrics } from '../metrics.ts';
import { type Notifier, type ProviderMessage, SendError } from './notifier.ts';
import {
  claimDue,
  claimSilent,
  claimUnknown,
  dropStale,
  flagNumber,
  idsInUse,
  noteStopped,
  type QueuedSms,
  recordFailure,
  report,
  undelivered,
} from './queue.ts';
import { backoffMs, judge, judgeReport, type Verdict } from './retry.ts';

export interface WorkerSettings {
  /** Time between looks at the queue when nothing wakes the worker, ms. */
  readonly pollMs: number;
  /** After this a message marked `sending` counts as interrupted; must exceed the provider call's time-out. */
  readonly leaseMs: number;
  /** A message on its way without a report is asked for after this time. */
  readonly silentMs: number;
  readonly perHour: number;
  /** A message that could not be sent for this long is dropped if its incident is over. */
  readonly staleMs: number;
  /** Calls at the same time. */
  readonly parallel: number;
  /** Time between attempts while the provider refuses the account. */
  readonly stoppedMs: number;
}

export const DEFAULT_WORKER: WorkerSettings = {
  pollMs: 250,
  leaseMs: 20_000,
  silentMs: 60_000,
  perHour: 30,
  staleMs: 120_000,
  parallel: 4,
  stoppedMs: 300_000,
};

export interface WorkerOptions {
  readonly pool: Pool;
  readonly notifier: Notifier;
  readonly clock: () => number;
  readonly log: Logger;
  readonly metrics: Pick<AlertMetrics, 'count' | 'countError'>;
  readonly settings: WorkerSettings;
}

/** Attempts in all of a message whose outcome stayed unknown; each after a look-up that did not find the one before. */
const UNKNOWN_ATTEMPTS = 12;
const UNKNOWN_DELAY_MS = 10_000;
/** Clocks of the provider and ours may differ by this much, ms. */
const SKEW_MS = 60_000;

/**
 * Sends what is queued. A row is marked before the call and settled after it; if the process dies in between, the provider is
 * asked whether it has the message before anything is sent again. So a text is sent once, or not known to be sent, never twice.
 */
export class Worker {
  readonly #options: WorkerOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #busy = false;
  #again = false;
  #stopped = true;
  #stoppedUntilMs = 0;
  #refused = true;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
    this.wake();
  }

  /** Ends after the calls in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Looks at the queue now. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#busy = true;
    this.#running = this.#round()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'notifications: will try again'))
      .finally(() => {
        this.#busy = false;
        if (this.#stopped) return;
        this.#timer = setTimeout(() => this.wake(), this.#again ? 0 : this.#options.settings.pollMs);
        this.#again = false;
      });
  }

  async #round(): Promise<void> {
    const { pool, clock, settings } = this.#options;
    await this.#judgeReports();
    if (clock() < this.#stoppedUntilMs) return;
    const { parallel, perHour, staleMs, leaseMs, silentMs } = settings;
    for (const sms of await claimUnknown(pool, clock(), leaseMs, parallel)) await this.#lookUp(sms);
    const rules = { nowMs: clock(), limit: parallel, perHour, staleMs };
    await dropStale(pool, rules);
    const due = await claimDue(pool, rules);
    await Promise.all(due.map((sms) => this.#send(sms)));
    if (due.length === parallel) this.#again = true;
    for (const sms of await claimSilent(pool, clock(), silentMs, parallel)) await this.#ask(sms, sms.provider_id);
  }

  async #send(sms: QueuedSms): Promise<void> {
    const { pool, notifier, clock, log, metrics } = this.#options;
    try {
      const said = await notifier.send({ to: sms.recipient, body: sms.body, ref: `${sms.id}.${sms.attempts}` });
      await report(pool, sms, said, clock());
      metrics.count('accepted');
      await this.#accepted();
      log.info({ notification: sms.id, attempt: sms.attempts, sid: said.sid }, 'SMS handed to the provider');
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      await this.#failed(sms, judge(error), error);
    }
  }

  /** Did an interrupted send get through? */
  async #lookUp(sms: QueuedSms): Promise<void> {
    const { pool, notifier, clock, log } = this.#options;
    try {
      const found = await this.#find(sms, await notifier.recent(sms.recipient));
      if (found !== null) {
        log.info({ notification: sms.id, sid: found.sid }, 'interrupted SMS was sent after all');
        return await report(pool, sms, found, clock());
      }
      const delayMs = sms.attempts > 1 ? UNKNOWN_DELAY_MS : 0;
      await this.#retryOr(sms, UNKNOWN_ATTEMPTS, delayMs, {
        code: 'not_found_at_provider',
        text: 'not sent; trying again',
      });
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      const verdict = judge(error);
      if (verdict.kind === 'stop') await this.#halt(verdict.reason, error);
      log.warn({ notification: sms.id, err: error }, 'provider can not be asked; will ask again');
    }
  }

  /** The message of this attempt among those that the provider has: same text, not before the attempt, nobody else's. */
  async #find(sms: QueuedSms, messages: readonly ProviderMessage[]): Promise<ProviderMessage | null> {
    const sinceMs = (sms.attempted_at?.getTime() ?? 0) - SKEW_MS;
    const alike = messages.filter((message) => message.body === sms.body && message.createdAtMs >= sinceMs);
    if (alike.length === 0) return null;
    const sids = alike.map((message) => message.sid);
    const taken = await idsInUse(this.#options.pool, sids, sms.id);
    return alike.find((message) => !taken.has(message.sid)) ?? null;
  }

  async #failed(sms: QueuedSms, verdict: Verdict, error: SendError): Promise<void> {
    const { pool, clock, log, metrics } = this.#options;
    metrics.countError(verdict.kind, error);
    const said = { code: error.code === null ? null : String(error.code), text: error.message };
    log.warn({ notification: sms.id, attempt: sms.attempts, verdict: verdict.kind, err: error }, 'SMS not sent');
    switch (verdict.kind) {
      case 'unknown': {
        metrics.count('unknown');
        const nextAttemptAtMs = clock();
        return recordFailure(
          pool,
          sms,
          { state: 'unknown', nextAttemptAtMs, errorCode: said.code, errorText: said.text },
          clock(),
        );
      }
      case 'retry':
        return this.#retryOr(sms, verdict.maxAttempts, verdict.delayMs, said);
      case 'stop':
        await this.#halt(verdict.reason, error);
        return this.#retryOr(sms, Number.POSITIVE_INFINITY, 0, said);
      case 'give_up':
        if (verdict.flag !== null) await flagNumber(pool, sms.recipient, verdict.flag);
        return this.#retryOr(sms, 0, 0, said);
    }
  }

  async #retryOr(
    sms: QueuedSms,
    maxAttempts: number,
    delayMs: number,
    said: { readonly code: string | null; readonly text: string | null },
  ): Promise<void> {
    const { pool, clock, metrics } = this.#options;
    const again = sms.attempts < maxAttempts;
    metrics.count(again ? 'retried' : 'failed');
    await recordFailure(
      pool,
      sms,
      {
        state: again ? 'queued' : 'failed',
        nextAttemptAtMs: clock() + backoffMs(delayMs, sms.attempts),
        errorCode: said.code,
        errorText: said.text,
      },
      clock(),
    );
  }

  /** Judges delivery reports that say no. */
  async #judgeReports(): Promise<void> {
    const { pool, settings } = this.#options;
    for (const sms of await undelivered(pool, settings.parallel)) {
      const code = sms.error_code === null ? null : Number(sms.error_code);
      const error = new SendError('not delivered', { status: null, code });
      await this.#failed(sms, judgeReport(code), error);
    }
  }

  async #ask(sms: QueuedSms, sid: string): Promise<void> {
    const { pool, notifier, clock, log } = this.#options;
    try {
      const said = await notifier.fetch(sid);
      if (said !== null) await report(pool, sms, said, clock());
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      log.warn({ notification: sms.id, err: error }, 'state of an SMS can not be asked');
    }
  }

  async #halt(reason: string, error: SendError): Promise<void> {
    const { pool, clock, log, settings } = this.#options;
    this.#stoppedUntilMs = clock() + settings.stoppedMs;
    this.#refused = true;
    await noteStopped(pool, reason, clock());
    log.error({ reason, err: error }, 'the SMS provider refuses the account: nothing is sent until that is put right');
  }

  async #accepted(): Promise<void> {
    if (!this.#refused) return;
    this.#refused = false;
    await noteStopped(this.#options.pool, null, this.#options.clock());
  }
}
