import { createHmac } from 'node:crypto';
import type { Logger } from 'pino';
import { behaviourOf } from './magic.ts';
import { callbackOf, type Status, type StoredMessage } from './messages.ts';
import type { MessageStore } from './store.ts';

export interface DeliveryOptions {
  readonly store: MessageStore;
  readonly authToken: string;
  /** Time from one status to the next, ms. */
  readonly stepMs: number;
  readonly clock: () => number;
  readonly log: Logger;
}

const FINAL: ReadonlySet<Status> = new Set(['delivered', 'undelivered', 'failed']);
const CALLBACK_TIMEOUT_MS = 5_000;

/** Moves messages queued -> sent -> delivered (or undelivered) and reports each step to the message's callback. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Goes on with what an earlier run left unfinished. */
  start(): void {
    for (const message of this.#options.store.all()) if (!FINAL.has(message.status)) this.schedule(message);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  schedule(message: StoredMessage): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#step(message);
    }, this.#options.stepMs);
    this.#timers.add(timer);
  }

  #step(message: StoredMessage): void {
    const { store, clock } = this.#options;
    const behaviour = behaviourOf(message.to);
    const ends = message.status === 'sent';
    message.updatedAtMs = clock();
    if (ends && behaviour.kind === 'undelivered') {
      message.status = 'undelivered';
      message.errorCode = behaviour.errorCode;
    } else {
      message.status = ends ? 'delivered' : 'sent';
    }
    message.sentAtMs ??= clock();
    message.from ??= '+15005550006';
    store.save(message);
    void this.#report(message, message.status);
    if (!FINAL.has(message.status)) this.schedule(message);
  }

  async #report(message: StoredMessage, status: Status): Promise<void> {
    const url = message.statusCallback;
    if (url === null) return;
    const params = callbackOf(message, status);
    const signature = sign(this.#options.authToken, url, params);
    try {
      await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
        body: new URLSearchParams(params).toString(),
        signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS),
      });
    } catch (error) {
      this.#options.log.warn({ sid: message.sid, err: error }, 'status callback failed');
    }
  }
}

/** https://www.twilio.com/docs/usage/security#validating-requests */
export function sign(authToken: string, url: string, params: Readonly<Record<string, string>>): string {
  const names = Object.keys(params).sort();
  const text = url + names.map((name) => `${name}${params[name] ?? ''}`).join('');
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}
