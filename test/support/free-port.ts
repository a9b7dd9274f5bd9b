import type { ChildProcess } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';

const TRIES = 5;
const OPEN_TIMEOUT_MS = 30_000;

/**
 * Starts a server that can not choose its port itself. Between our finding a port free and the server's taking it somebody else may have
 * it: then the server ends, and is started again on another one. Resolves once it takes connections.
 */
export async function onFreePort(
  start: (port: number) => ChildProcess,
): Promise<{ port: number; child: ChildProcess }> {
  for (let left = TRIES; left > 0; left -= 1) {
    const port = await freePort();
    const child = start(port);
    if (await opens(port, child)) return { port, child };
    child.kill('SIGKILL');
  }
  throw new Error('the server does not take connections');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function opens(port: number, child: ChildProcess): Promise<boolean> {
  const deadline = performance.now() + OPEN_TIMEOUT_MS;
  while (child.exitCode === null && performance.now() < deadline) {
    if (await answers(port)) return child.exitCode === null;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
