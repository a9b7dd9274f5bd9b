import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Caller } from '../auth/caller.ts';
import { callerOfSession } from '../auth/credentials.ts';
import { isOwnOrigin, SESSION_COOKIE } from '../auth/guard.ts';
import { isInScope } from '../auth/scope.ts';
import type { AppContext } from '../context.ts';
import type { ClientMessages, ServerMessages, WatchAnswer, WatchRequest } from './messages.ts';
import { MAX_ROOMS, watchable } from './rooms.ts';

interface SocketData {
  readonly caller: Caller;
}
export type ConsoleSocket = Socket<ClientMessages, ServerMessages, Record<string, never>, SocketData>;
type ConsoleServer = Server<ClientMessages, ServerMessages, Record<string, never>, SocketData>;

/** Messages that may wait for a slow console before it is cut; it comes back and asks for what it missed. */
const MAX_WAITING = 2000;

/**
 * The consoles' sockets: who they are, which rooms they watch, sending into rooms. A socket gets only what lies in its person's
 * regions, whatever room it is in: devices move.
 */
export class Sockets {
  readonly #ctx: AppContext;
  readonly #io: ConsoleServer;

  constructor(ctx: AppContext, server: HttpServer) {
    this.#ctx = ctx;
    this.#io = new Server(server, {
      serveClient: false,
      maxHttpBufferSize: 64 * 1024,
      cleanupEmptyChildNamespaces: true,
      allowRequest: (request, answer) => {
        const { origin, host = '' } = request.headers;
        const isOwn = origin === undefined || isOwnOrigin(origin, host, ctx.settings.publicUrl);
        answer(isOwn ? null : 'foreign origin', isOwn);
      },
    });
    this.#io.use((socket, next) => {
      this.#admit(socket).then(() => next(), next);
    });
    this.#io.on('connection', (socket) => this.#serve(socket));
  }

  get size(): number {
    return this.#io.sockets.sockets.size;
  }

  /** Ends every connection; the HTTP server stays with its owner. */
  close(): void {
    this.#io.disconnectSockets(true);
    this.#io.engine.close();
  }

  /** True if somebody watches the room. */
  isWatched(room: string): boolean {
    return this.#io.sockets.adapter.rooms.has(room);
  }

  watchers(room: string): ConsoleSocket[] {
    const ids = this.#io.sockets.adapter.rooms.get(room) ?? [];
    return [...ids].flatMap((id) => this.#io.sockets.sockets.get(id) ?? []);
  }

  everybody(): ConsoleSocket[] {
    return [...this.#io.sockets.sockets.values()];
  }

  /** Sends to the watchers of any of the rooms who may see what lies at `path`, once each. */
  send<M extends keyof ServerMessages>(
    rooms: readonly string[],
    path: readonly number[] | null,
    message: M,
    ...args: Parameters<ServerMessages[M]>
  ): void {
    const sockets = new Set(rooms.flatMap((room) => this.watchers(room)));
    for (const socket of sockets) {
      if (isInScope(socket.data.caller.regionIds, path)) this.sendTo(socket, message, ...args);
    }
  }

  /** Sends to one; a console that does not keep up is cut. */
  sendTo<M extends keyof ServerMessages>(
    socket: ConsoleSocket,
    message: M,
    ...args: Parameters<ServerMessages[M]>
  ): void {
    const { writeBuffer } = socket.conn as unknown as { writeBuffer?: readonly unknown[] };
    if ((writeBuffer?.length ?? 0) > MAX_WAITING) socket.disconnect(true);
    else socket.emit(message, ...args);
  }

  async #admit(socket: ConsoleSocket): Promise<void> {
    const token = cookieOf(socket.handshake.headers.cookie ?? '', SESSION_COOKIE);
    const caller = token === null ? null : await callerOfSession(this.#ctx, token);
    if (caller === null || caller.mustChangePassword) throw new Error('unauthenticated');
    Object.assign(socket.data, { caller });
  }

  #serve(socket: ConsoleSocket): void {
    // One after the other: a room that is left right after it was entered must stay left.
    let last: Promise<unknown> = Promise.resolve();
    const inTurn = (answer: unknown, work: () => Promise<WatchAnswer>): void => {
      last = last.then(work).then(
        (result) => reply(answer, result),
        (error: unknown) => this.#ctx.log.warn({ err: error }, 'a room could not be entered'),
      );
    };
    socket.on('watch', (request, answer) => inTurn(answer, () => this.#watch(socket, namesOf(request))));
    socket.on('unwatch', (request, answer) =>
      inTurn(answer, async () => {
        for (const name of namesOf(request)) await socket.leave(name);
        return { rooms: roomsOf(socket), refused: [] };
      }),
    );
  }

  async #watch(socket: ConsoleSocket, names: readonly string[]): Promise<WatchAnswer> {
    const space = Math.max(0, MAX_ROOMS - roomsOf(socket).length);
    const allowed = await watchable(this.#ctx.pool, socket.data.caller, names.slice(0, space));
    for (const name of allowed) await socket.join(name);
    return { rooms: roomsOf(socket), refused: names.filter((name) => !allowed.includes(name)) };
  }
}

/** Rooms by name; socket.io puts each socket in a room of its own id as well. */
function roomsOf(socket: ConsoleSocket): string[] {
  return [...socket.rooms].filter((room) => room !== socket.id);
}

/** Input of a client: anything at all. */
function namesOf(request: WatchRequest | undefined): string[] {
  const rooms: unknown = request?.rooms;
  return Array.isArray(rooms)
    ? rooms.filter((room): room is string => typeof room === 'string').slice(0, MAX_ROOMS)
    : [];
}

function reply(answer: unknown, result: WatchAnswer): void {
  if (typeof answer === 'function') answer(result);
}

function cookieOf(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const [key, value] = part.split('=', 2);
    if (key?.trim() === name && value !== undefined) return value.trim();
  }
  return null;
}
