import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { BrokerLimits } from './limits.ts';
import type { BrokerAddresses, ListenerOptions, PlainListener, TlsListener } from './ports.ts';

/** A listener that could not be opened. `code` is the system's, e.g. EADDRINUSE. */
export class ListenError extends Error {
  readonly listener: keyof ListenerOptions;
  readonly port: number;
  readonly code: string;
  constructor(listener: keyof ListenerOptions, port: number, cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'UNKNOWN';
    super(`can't listen for mqtt (${listener}) on port ${port}: ${code}`, { cause });
    this.name = 'ListenError';
    this.listener = listener;
    this.port = port;
    this.code = code;
  }
}

export interface ListenerHost {
  readonly limits: BrokerLimits;
  /** Asked for every TCP connection before anything is spent on it. */
  admit(address: string): boolean;
  /** A stream of bytes that should be MQTT. */
  open(stream: Duplex, address: string): void;
}

/** Opens what `options` asks for; throws {@link ListenError} and leaves nothing open if one fails. */
export class Listeners {
  readonly #host: ListenerHost;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  addresses: BrokerAddresses = {};

  constructor(host: ListenerHost) {
    this.#host = host;
  }

  async open({ tcp, tls, ws }: ListenerOptions): Promise<void> {
    try {
      const opened: { tcp?: AddressInfo; tls?: AddressInfo; ws?: AddressInfo } = {};
      if (tcp !== undefined) opened.tcp = await this.#listen('tcp', this.#tcpServer(), tcp);
      if (tls !== undefined) opened.tls = await this.#listen('tls', this.#tlsServer(tls), tls);
      if (ws !== undefined) opened.ws = await this.#listen('ws', this.#wsServer(ws), ws);
      this.addresses = opened;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  get listening(): boolean {
    return this.#servers.length > 0 && this.#servers.every((server) => server.listening);
  }

  /** No new connections; those that are open stay. */
  stopAccepting(): void {
    for (const server of this.#servers) if (server.listening) server.close();
  }

  /** Closes everything that is still open. */
  async close(): Promise<void> {
    const closed = this.#servers.splice(0).map(
      (server) =>
        new Promise<void>((resolve) => {
          if (server.listening) server.close(() => resolve());
          else resolve();
        }),
    );
    const gone = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    );
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([...closed, ...gone]);
  }

  async #listen(name: keyof ListenerOptions, server: Server, { port, host }: PlainListener): Promise<AddressInfo> {
    this.#servers.push(server);
    server.on('connection', (socket: Socket) => this.#watch(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) => reject(new ListenError(name, port, cause)));
      server.listen({ port, host: host ?? '0.0.0.0', backlog: BACKLOG }, resolve);
    });
    server.removeAllListeners('error');
    server.on('error', () => undefined); // accept() failures such as EMFILE: the listener goes on
    return server.address() as AddressInfo;
  }

  #watch(socket: Socket): void {
    if (!this.#host.admit(socket.remoteAddress ?? '')) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #tcpServer(): Server {
    return createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }, (socket) =>
      this.#start(socket, socket),
    );
  }

  #tlsServer({ key, cert }: TlsListener): Server {
    const server = createTlsServer(
      { key, cert, minVersion: 'TLSv1.2', handshakeTimeout: this.#host.limits.connectTimeoutMs, noDelay: true },
      (socket) => this.#start(socket, socket),
    );
    server.on('tlsClientError', () => undefined); // the socket is destroyed by Node; nothing was let in
    return server;
  }

  /** MQTT over WebSocket (section 6): binary frames, subprotocol `mqtt`, any path. Plain HTTP gets 426. */
  #wsServer(listener: PlainListener | TlsListener): Server {
    const { limits } = this.#host;
    const wss = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: limits.packetBytes + 1024,
      handleProtocols: (protocols) => (protocols.has('mqtt') ? 'mqtt' : false),
    });
    const options = { requestTimeout: limits.connectTimeoutMs, headersTimeout: limits.connectTimeoutMs };
    const server: HttpServer =
      'key' in listener
        ? createHttpsServer({ ...options, key: listener.key, cert: listener.cert })
        : createHttpServer(options);
    server.on('request', (_request, response) => response.writeHead(426, { Upgrade: 'websocket' }).end());
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      wss.handleUpgrade(request, socket, head, (ws) => this.#start(createWebSocketStream(ws), request.socket));
    });
    return server;
  }

  #start(stream: Duplex, socket: Socket): void {
    if (socket.destroyed) {
      stream.destroy();
      return;
    }
    this.#host.open(stream, socket.remoteAddress ?? '');
  }
}

/** A fleet that reconnects at once must fit into the kernel's queue (it caps this by net.core.somaxconn). */
const BACKLOG = 8192;
/** Finds peers that vanished without a word, below MQTT's own keep-alive. */
const KEEP_ALIVE_MS = 120_000;
