import type { Twilio } from 'twilio';
import { type Notifier, type OutgoingSms, type ProviderMessage, type ProviderStatus, SendError } from './notifier.ts';

export interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** Sender: number, alphanumeric id, or a Messaging Service (`MG...`). */
  readonly from: string;
  /** Another address of the API, e.g. of the local server; null: Twilio's own. */
  readonly baseUrl: string | null;
  /** Where reports are to be posted; null: none, they are asked for. */
  readonly statusCallback: string | null;
  readonly timeoutMs: number;
}

/** What of a message instance matters here. */
interface Message {
  readonly sid: string;
  readonly status: string;
  readonly errorCode: number | null;
  readonly body: string;
  readonly dateCreated: Date | null;
}

/** SMS by Twilio's SDK. It is large (22 MB of memory, half a second to load), so it is loaded when first needed. */
export function createTwilioNotifier(options: TwilioOptions): Notifier {
  let loading: Promise<Twilio> | null = null;
  const client = (): Promise<Twilio> => {
    loading ??= load(options);
    return loading;
  };
  return {
    async warm() {
      await client();
    },
    async send({ to, body, ref }: OutgoingSms) {
      const { messages } = await client();
      const sender = options.from.startsWith('MG') ? { messagingServiceSid: options.from } : { from: options.from };
      const callback = options.statusCallback === null ? {} : { statusCallback: `${options.statusCallback}?n=${ref}` };
      return messageOf(await attempt(() => messages.create({ to, body, ...sender, ...callback })));
    },
    async recent(to: string) {
      const { messages } = await client();
      return (await attempt(() => messages.list({ to, limit: 50 }))).map(messageOf);
    },
    async fetch(sid: string) {
      const { messages } = await client();
      try {
        return messageOf(await attempt(() => messages(sid).fetch()));
      } catch (error) {
        if (error instanceof SendError && error.status === 404) return null;
        throw error;
      }
    },
  };
}

async function load(options: TwilioOptions): Promise<Twilio> {
  const { default: twilio } = await import('twilio');
  // autoRetry repeats on 429 only, and without us knowing: our queue does that.
  const client = twilio(options.accountSid, options.authToken, { timeout: options.timeoutMs, autoRetry: false });
  if (options.baseUrl !== null) client.api.baseUrl = options.baseUrl.replace(/\/$/, '');
  return client;
}

/** System errors that come before a byte has been sent. */
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

async function attempt<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const { status, code, message } = cause as { status?: unknown; code?: unknown; message?: unknown };
    throw new SendError(
      typeof message === 'string' ? message : 'the provider could not be reached',
      {
        status: typeof status === 'number' ? status : null,
        code: typeof code === 'number' ? code : null,
        unsent: typeof code === 'string' && NO_CONNECTION.has(code),
      },
      { cause },
    );
  }
}

function messageOf(message: Message): ProviderMessage {
  return {
    sid: message.sid,
    status: statusOf(message.status),
    errorCode: message.errorCode,
    body: message.body,
    createdAtMs: message.dateCreated?.getTime() ?? 0,
  };
}

/** Twilio's words to ours: whatever is neither sent nor over is queued. */
function statusOf(status: string): ProviderStatus {
  switch (status) {
    case 'sent':
    case 'delivered':
    case 'undelivered':
    case 'failed':
      return status;
    case 'read':
      return 'delivered';
    case 'canceled':
      return 'failed';
    default:
      return 'queued';
  }
}
