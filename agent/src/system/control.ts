import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';
import { resolve } from 'node:path';

/**
 * A socket in the abstract namespace, named after the data directory: it keeps a second agent from using the same spool, tells the
 * state of the running one, vanishes with its process and costs no flash wear.
 */
function nameOf(dataDirectory: string): string {
  return `\0uptally-agent-${createHash('sha256').update(resolve(dataDirectory)).digest('hex').slice(0, 16)}`;
}

/** Another agent runs on this data directory. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/** Claims the data directory. Every caller gets one JSON document and the end. */
export function serveState(dataDirectory: string, state: () => unknown): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(JSON.stringify(state()));
  });
  return new Promise((resolveServer, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(taken ? new AlreadyRunningError(`an agent already runs on ${dataDirectory}`, { cause }) : cause);
    });
    server.listen(nameOf(dataDirectory), () => resolveServer(server));
  });
}

/** The state of the agent that runs on this data directory; `null` if none does. */
export function askState(dataDirectory: string): Promise<unknown> {
  return new Promise((resolveState) => {
    let text = '';
    const socket = connect(nameOf(dataDirectory));
    socket.setEncoding('utf8');
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', () => resolveState(null));
    socket.on('close', () => resolveState(text === '' ? null : (JSON.parse(text) as unknown)));
  });
}
