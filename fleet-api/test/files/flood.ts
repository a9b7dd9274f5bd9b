import { connect } from 'node:net';
import type { TestApi } from '../support/api.ts';

export const MB = 1024 * 1024;
const BOUNDARY = 'xxBOUNDARYxx';
const BLOCK = Buffer.alloc(64 * 1024);
/** What is sent before anything is read, bytes: a sender that is busy sending has to get its answer as well. */
const BUSY_BYTES = 14 * MB;

export interface Flooded {
  readonly sent: number;
  /** What the server said before it hung up. */
  readonly answer: string;
}

/**
 * Uploads a file of 200 MB that begins with `begins`, block by block over a socket of its own, until the server answers or hangs up;
 * comes back once the connection is closed. `says`: whether the length is told beforehand.
 */
export async function flood(
  api: TestApi,
  { path, cookie, begins, says }: { path: string; cookie: string; begins: Buffer; says: boolean },
): Promise<Flooded> {
  const address = api.app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  const socket = connect(address.port, '127.0.0.1');
  let [sent, answer] = [0, ''];
  const read = (): unknown => socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined); // being cut off is what this is about
  const length = says ? `Content-Length: ${200 * MB}` : 'Transfer-Encoding: chunked';
  socket.write(
    `POST /api/v1${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${cookie}\r\n` +
      `Content-Type: multipart/form-data; boundary=${BOUNDARY}\r\n${length}\r\n\r\n`,
  );
  const chunk = (data: Buffer) => [Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')];
  const send = (data: Buffer): boolean => socket.write(says ? data : Buffer.concat(chunk(data)));
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="big.jpg"\r\n\r\n`;
  send(Buffer.concat([Buffer.from(head), begins]));
  while (sent < 200 * MB && answer === '' && socket.writable && !socket.destroyed) {
    sent += BLOCK.length;
    if (sent === BUSY_BYTES) read();
    if (send(BLOCK)) await new Promise((resolve) => setImmediate(resolve));
    else await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), gone]);
  }
  socket.end();
  await gone;
  return { sent, answer };
}
