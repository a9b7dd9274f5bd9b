import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { Delivery } from './delivery.ts';
import { behaviourOf, type Refusal, refusedSender } from './magic.ts';
import { API_VERSION, newSid, resourceOf, type StoredMessage } from './messages.ts';
import { inboxPage } from './page.ts';
import { MessageStore } from './store.ts';

export interface SandboxOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly accountSid: string;
  readonly authToken: string;
  /** Where messages are kept; null: in memory only. */
  readonly file: string | null;
  readonly timeZone: string;
  readonly log: Logger;
  /** Time from one status to the next, ms. */
  readonly stepMs?: number;
  /** Time from keeping a message to answering for it, ms: a slow provider. */
  readonly answerMs?: number;
  /** Messages a second before 429. */
  readonly ratePerS?: number;
  readonly clock?: () => number;
}

const BODY_BYTES = 64 * 1024;
const MAX_TEXT = 1600;
const E164 = /^\+[1-9]\d{6,14}$/;

/** A request that Twilio would refuse, with its code. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * A local server that speaks the part of Twilio's Messages API that we use: create, list, fetch, status callbacks, errors.
 * Serves demo and tests in place of the provider; nothing leaves the machine except callbacks.
 */
export class SmsSandbox {
  readonly #options: Required<SandboxOptions>;
  readonly #store: MessageStore;
  readonly #delivery: Delivery;
  readonly #server: Server;
  /** Times that each magic number has shown its trick. */
  readonly #tricks = new Map<string, number>();
  #window = { second: 0, count: 0 };

  constructor(options: SandboxOptions) {
    this.#options = { stepMs: 300, answerMs: 0, ratePerS: 100, clock: Date.now, ...options };
    this.#store = new MessageStore(options.file);
    const { stepMs, clock, authToken, log } = this.#options;
    this.#delivery = new Delivery({ store: this.#store, stepMs, clock, authToken, log });
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => this.#fail(response, error));
    });
  }

  /** Base address, e.g. `http://127.0.0.1:41873`. */
  get url(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  }

  /** Everything received, newest first. */
  messages(): readonly StoredMessage[] {
    return this.#store.all();
  }

  async start(): Promise<void> {
    this.#store.open();
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, this.#options.host, () => resolve());
    });
    this.#delivery.start();
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#delivery.stop();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    if (url.pathname === '/' && request.method === 'GET') {
      return send(response, 200, inboxPage(this.#store.all(), this.#options.timeZone), 'text/html; charset=utf-8');
    }
    if (url.pathname === '/healthz') return send(response, 200, '{"ok":true}', 'application/json');
    this.#authenticate(request);
    const base = `/${API_VERSION}/Accounts/${this.#options.accountSid}/Messages`;
    if (url.pathname === `${base}.json` && request.method === 'POST') return this.#create(request, response);
    if (url.pathname === `${base}.json` && request.method === 'GET') return json(response, 200, this.#list(url));
    const sid = url.pathname.startsWith(`${base}/`)
      ? /([A-Z]{2}[0-9a-f]{32})\.json$/.exec(url.pathname)?.[1]
      : undefined;
    const message = sid === undefined ? undefined : this.#store.get(sid);
    if (message === undefined || request.method !== 'GET') {
      throw new Refused({
        status: 404,
        code: 20404,
        message: `The requested resource ${url.pathname} was not found`,
      });
    }
    json(response, 200, resourceOf(message));
  }

  #authenticate(request: IncomingMessage): void {
    const { accountSid, authToken } = this.#options;
    const given = Buffer.from(request.headers.authorization ?? '');
    const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`);
    if (given.length === expected.length && timingSafeEqual(given, expected)) return;
    throw new Refused({ status: 401, code: 20003, message: 'Authenticate' });
  }

  async #create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await readBody(request));
    this.#limitRate();
    const to = form.get('To') ?? '';
    const body = form.get('Body') ?? '';
    check(form, to, body);
    const behaviour = behaviourOf(to);
    const tricks = this.#tricks.get(to) ?? 0;
    if ('times' in behaviour && tricks < behaviour.times) {
      this.#tricks.set(to, tricks + 1);
      if (behaviour.kind === 'refuse') throw new Refused(behaviour.refusal);
      if (behaviour.kept) this.#take(form, to, body);
      request.socket.destroy();
      return;
    }
    const taken = this.#take(form, to, body);
    const { answerMs } = this.#options;
    if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
    json(response, 201, resourceOf(taken));
  }

  #take(form: URLSearchParams, to: string, body: string): StoredMessage {
    const nowMs = this.#options.clock();
    const service = form.get('MessagingServiceSid');
    const message: StoredMessage = {
      sid: newSid('SM'),
      accountSid: this.#options.accountSid,
      to,
      from: form.get('From'),
      messagingServiceSid: service,
      body,
      statusCallback: form.get('StatusCallback'),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      sentAtMs: null,
      status: service === null ? 'queued' : 'accepted',
      errorCode: null,
    };
    this.#store.save(message);
    this.#delivery.schedule(message);
    return { ...message };
  }

  #list(url: URL): Record<string, unknown> {
    const size = Math.min(Math.max(Number(url.searchParams.get('PageSize')) || 50, 1), 1000);
    const page = Math.max(Number(url.searchParams.get('Page')) || 0, 0);
    const to = url.searchParams.get('To');
    const from = url.searchParams.get('From');
    const found = this.#store
      .all()
      .filter((message) => (to === null || message.to === to) && (from === null || message.from === from));
    const start = page * size;
    const shown = found.slice(start, start + size);
    const at = (number: number): string => {
      const query = new URLSearchParams(url.searchParams);
      query.set('PageSize', String(size));
      query.set('Page', String(number));
      return `${url.pathname}?${query}`;
    };
    return {
      end: start + Math.max(shown.length - 1, 0),
      first_page_uri: at(0),
      messages: shown.map(resourceOf),
      next_page_uri: start + size < found.length ? at(page + 1) : null,
      page,
      page_size: size,
      previous_page_uri: page > 0 ? at(page - 1) : null,
      start,
      uri: at(page),
    };
  }

  #limitRate(): void {
    const second = Math.floor(this.#options.clock() / 1000);
    if (this.#window.second !== second) this.#window = { second, count: 0 };
    this.#window.count++;
    if (this.#window.count > this.#options.ratePerS) {
      throw new Refused({ status: 429, code: 20429, message: 'Too Many Requests' });
    }
  }

  #fail(response: ServerResponse, error: unknown): void {
    const refusal =
      error instanceof Refused ? error.refusal : { status: 500, code: 20500, message: 'Internal Server Error' };
    if (!(error instanceof Refused)) this.#options.log.error({ err: error }, 'sandbox');
    json(response, refusal.status, { ...refusal, more_info: `https://www.twilio.com/docs/errors/${refusal.code}` });
  }
}

function check(form: URLSearchParams, to: string, body: string): void {
  const bad = (code: number, message: string): never => {
    throw new Refused({ status: 400, code, message });
  };
  if (to === '') bad(21604, "A 'To' phone number is required.");
  if (!E164.test(to)) bad(21211, `Invalid 'To' Phone Number: ${to}`);
  const from = form.get('From');
  if (from === null && form.get('MessagingServiceSid') === null) bad(21603, "A 'From' phone number is required.");
  const sender = from === null ? null : refusedSender(from);
  if (sender !== null) throw new Refused(sender);
  if (body === '') bad(21602, 'Message body is required.');
  if (body.length > MAX_TEXT) bad(21617, 'The concatenated message body exceeds the 1600 character limit.');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES) throw new Refused({ status: 413, code: 20413, message: 'Request entity too large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, JSON.stringify(value), 'application/json');
}

function send(response: ServerResponse, status: number, body: string, type: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}
