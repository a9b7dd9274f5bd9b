import { timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import {
  errorResponse,
  FRONTEND,
  type Frame,
  FrameReader,
  greeting,
  message,
  ownStatement,
  readOutput,
  sqlOf,
} from './wire.ts';

/** The single-session engine behind the multiplexer: raw frontend messages in, raw backend messages out. */
export interface Engine {
  execute(messages: Uint8Array): Promise<Uint8Array>;
}

export interface MultiplexerOptions {
  readonly engine: Engine;
  readonly password: string;
  /** A transaction that sits idle longer than this is rolled back and its client cut: it holds up everybody else. ms. */
  readonly idleInTransactionMs?: number;
  /** Told of an engine failure, after which nothing more is executed: the process should end and be restarted. */
  readonly onFatal: (error: unknown) => void;
}

interface Client {
  readonly id: number;
  readonly socket: Socket;
  readonly frames: FrameReader;
  readonly statements: Set<string>;
  phase: 'startup' | 'password' | 'ready';
  pending: Buffer[];
  listens: boolean;
  /** Serialises this client's groups. */
  tail: Promise<void>;
}

/**
 * Many PostgreSQL connections over one session. Groups of messages (a Query, or everything up to a Sync) of different clients
 * interleave only between transactions: the session belongs to one client from its first message until ReadyForQuery says idle.
 */
export class Multiplexer {
  readonly #options: MultiplexerOptions;
  readonly #server: Server;
  readonly #clients = new Set<Client>();
  readonly #waiting: { readonly client: Client; readonly run: () => void }[] = [];
  #owner: Client | null = null;
  #idleTimer: NodeJS.Timeout | undefined;
  #nextId = 1;

  constructor(options: MultiplexerOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#connect(socket));
  }

  /** Listens on loopback. Returns the port. */
  async start(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Closes the listener and every connection. Idempotent. */
  async stop(): Promise<void> {
    clearTimeout(this.#idleTimer);
    for (const client of this.#clients) client.socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connect(socket: Socket): void {
    const client: Client = {
      id: this.#nextId++,
      socket,
      frames: new FrameReader(),
      statements: new Set(),
      phase: 'startup',
      pending: [],
      listens: false,
      tail: Promise.resolve(),
    };
    this.#clients.add(client);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#gone(client));
    socket.on('data', (chunk) => {
      try {
        client.frames.push(chunk);
        this.#read(client);
      } catch (error) {
        socket.end(errorResponse('08P01', error instanceof Error ? error.message : 'protocol violation'));
      }
    });
  }

  #read(client: Client): void {
    if (client.phase === 'startup' && !this.#readStartup(client)) return;
    for (let frame = client.frames.next(); frame !== null; frame = client.frames.next()) {
      if (client.phase === 'password') this.#checkPassword(client, frame);
      else this.#take(client, frame);
      if (client.socket.destroyed) return;
    }
  }

  #readStartup(client: Client): boolean {
    for (let first = client.frames.startup(); first !== null; first = client.frames.startup()) {
      if (first.kind === 'startup') {
        client.phase = 'password';
        client.socket.write(message('R', Buffer.from([0, 0, 0, 3]))); // AuthenticationCleartextPassword
        return true;
      }
      if (first.kind === 'cancel' || first.kind === 'unsupported') {
        client.socket.end();
        return false;
      }
      client.socket.write('N');
    }
    return false;
  }

  #checkPassword(client: Client, frame: Frame): void {
    const given = frame.bytes.subarray(5, -1);
    const wanted = Buffer.from(this.#options.password);
    const good = frame.type === FRONTEND.password && given.length === wanted.length && timingSafeEqual(given, wanted);
    if (!good) {
      client.socket.end(errorResponse('28P01', 'password authentication failed'));
      return;
    }
    client.phase = 'ready';
    client.socket.write(greeting(client.id));
  }

  #take(client: Client, frame: Frame): void {
    if (frame.type === FRONTEND.terminate) {
      client.socket.end();
      return;
    }
    if (/^\s*listen\b/i.test(sqlOf(frame))) client.listens = true;
    const { bytes, parsed } = ownStatement(frame, `c${client.id}_`);
    if (parsed !== undefined) client.statements.add(parsed);
    client.pending.push(bytes);
    const complete = frame.type === FRONTEND.query || frame.type === FRONTEND.sync || frame.type === FRONTEND.flush;
    if (!complete) return;
    const group = client.pending.length === 1 ? bytes : joined(client.pending);
    client.pending = [];
    client.tail = client.tail.then(() => this.#execute(client, group, frame.type !== FRONTEND.flush));
  }

  async #execute(client: Client, group: Buffer, endsReady: boolean): Promise<void> {
    await this.#acquire(client);
    try {
      if (client.socket.destroyed) return await this.#abandon(client);
      const { replies, notifications, status } = readOutput(Buffer.from(await this.#options.engine.execute(group)));
      if (client.socket.writable) client.socket.write(replies);
      this.#notify(notifications);
      if (status === null && endsReady) return await this.#lose(client, group.length, replies.length);
      this.#settle(client, status ?? 'T');
    } catch (error) {
      this.#options.onFatal(error);
    }
  }

  #acquire(client: Client): Promise<void> {
    if (this.#owner === null || this.#owner === client) {
      clearTimeout(this.#idleTimer); // who merely waits must not keep an idle owner from being cut
      this.#owner = client;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push({ client, run: resolve }));
  }

  #settle(client: Client, status: 'I' | 'T' | 'E'): void {
    if (status === 'I') {
      this.#release(client);
      return;
    }
    this.#idleTimer = setTimeout(() => {
      client.socket.end(errorResponse('25P03', 'terminating connection due to idle-in-transaction timeout'));
      client.socket.destroySoon();
    }, this.#options.idleInTransactionMs ?? 20_000);
  }

  #release(client: Client): void {
    if (this.#owner !== client) return;
    clearTimeout(this.#idleTimer);
    const next = this.#waiting.shift();
    this.#owner = next?.client ?? null;
    next?.run();
  }

  /** The engine left a whole group without its ReadyForQuery: its client would wait for ever, and everybody else for the client. */
  async #lose(client: Client, sentBytes: number, answeredBytes: number): Promise<void> {
    process.stderr.write(
      `embedded database: no end to an answer (${sentBytes} bytes in, ${answeredBytes} out); client cut\n`,
    );
    client.socket.destroy();
    await this.#abandon(client);
  }

  /** Nobody is there to hear the answer: whatever transaction the client holds ends here. */
  async #abandon(client: Client): Promise<void> {
    await this.#options.engine.execute(simpleQuery('rollback'));
    this.#release(client);
  }

  #notify(notifications: readonly Buffer[]): void {
    if (notifications.length === 0) return;
    const bytes = Buffer.concat(notifications);
    for (const client of this.#clients) if (client.listens && client.socket.writable) client.socket.write(bytes);
  }

  /** A client that left inside a transaction is rolled back; its prepared statements are dropped. */
  #gone(client: Client): void {
    this.#clients.delete(client);
    client.tail = client.tail.then(async () => {
      const held = this.#owner === client;
      if (!held && client.statements.size === 0) return;
      await this.#acquire(client);
      try {
        if (held) await this.#options.engine.execute(simpleQuery('rollback'));
        for (const name of client.statements) await this.#options.engine.execute(simpleQuery(`deallocate ${name}`));
      } catch (error) {
        this.#options.onFatal(error);
      }
      this.#release(client);
    });
  }
}

/** The engine reads its input in pieces of this size; one that ends with a message is taken for the end of all, bytes. */
const INPUT_PIECE = 8_192;
const FLUSH = message('H', Buffer.alloc(0));

/** Messages as one input. A Flush, which asks for nothing that would not come, moves a message that would end with a piece. */
function joined(messages: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const [i, bytes] of messages.entries()) {
    if (i < messages.length - 1 && (at + bytes.length) % INPUT_PIECE === 0) {
      parts.push(FLUSH);
      at += FLUSH.length;
    }
    parts.push(bytes);
    at += bytes.length;
  }
  return Buffer.concat(parts);
}

function simpleQuery(sql: string): Buffer {
  return message('Q', Buffer.from(`${sql}\0`));
}
