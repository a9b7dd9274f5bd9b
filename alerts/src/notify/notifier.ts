import type { Failure } from './retry.ts';

export interface OutgoingSms {
  readonly to: string;
  readonly body: string;
  /** Tells delivery reports apart: `<notification id>.<attempt>`. */
  readonly ref: string;
}

/** How the provider names the state of a message that it has. */
export type ProviderStatus = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed';

export interface ProviderMessage {
  readonly sid: string;
  readonly status: ProviderStatus;
  readonly errorCode: number | null;
  readonly body: string;
  readonly createdAtMs: number;
}

/** A channel that carries texts to people. Calls reject with {@link SendError}. */
export interface Notifier {
  /** Loads what the first send needs, so that an alert does not wait for it. */
  warm(): Promise<void>;
  send(sms: OutgoingSms): Promise<ProviderMessage>;
  /** Newest messages to a number, for finding out whether an interrupted send got through. */
  recent(to: string): Promise<readonly ProviderMessage[]>;
  /** Present state of one message; null if the provider does not know it. */
  fetch(sid: string): Promise<ProviderMessage | null>;
}

export class SendError extends Error implements Failure {
  readonly status: number | null;
  readonly code: number | null;
  readonly unsent: boolean;
  constructor(message: string, failure: Failure, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SendError';
    this.status = failure.status;
    this.code = failure.code;
    this.unsent = failure.unsent ?? false;
  }
}
