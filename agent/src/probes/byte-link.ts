import { execFile } from 'node:child_process';
import { constants, open } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A line to a peripheral. */
export interface ByteLink {
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes that came in, at least one; an empty buffer if none came within `timeoutMs`. */
  read(timeoutMs: number): Promise<Buffer>;
  close(): Promise<void>;
}

const POLL_MS = 15;
const run = promisify(execFile);

/**
 * A tty or character device. Opened non-blocking and polled: a read that waits in a thread for a printer that never answers
 * could not be taken back. Rejects with the system's error if the device is missing.
 */
export async function openDevice(path: string, baud: number | null): Promise<ByteLink> {
  const file = await open(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  try {
    if (baud !== null)
      await run('stty', ['-F', path, String(baud), 'raw', '-echo', '-hupcl', 'clocal'], { timeout: 3000 });
  } catch (error) {
    await file.close();
    throw error;
  }
  const buffer = Buffer.alloc(512);
  const readOnce = async (): Promise<number> => {
    try {
      return (await file.read(buffer, 0, buffer.length, null)).bytesRead;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  };
  return {
    write: async (bytes) => {
      await file.write(bytes, 0, bytes.length, null);
    },
    read: async (timeoutMs) => {
      for (let waitedMs = 0; ; waitedMs += POLL_MS) {
        const count = await readOnce();
        if (count > 0) return Buffer.from(buffer.subarray(0, count));
        if (waitedMs >= timeoutMs) return Buffer.alloc(0);
        await delay(POLL_MS);
      }
    },
    close: () => file.close(),
  };
}

/** A TCP connection to a peripheral. */
export async function openTcp(host: string, port: number, timeoutMs: number): Promise<ByteLink> {
  const socket = connect({ host, port });
  const arrived: Buffer[] = [];
  let wake: (() => void) | null = null;
  socket.on('data', (chunk: Buffer) => {
    arrived.push(chunk);
    wake?.();
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no connection within ${timeoutMs} ms`));
    }, timeoutMs);
    socket.once('connect', () => resolve(clearTimeout(timer)));
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
  socket.on('error', () => wake?.());
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    read: async (readTimeoutMs) => {
      if (arrived.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, readTimeoutMs);
          wake = () => resolve(clearTimeout(timer));
        });
        wake = null;
      }
      return Buffer.concat(arrived.splice(0));
    },
    close: async () => {
      socket.destroy();
    },
  };
}
