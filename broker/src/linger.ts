import type { Duplex } from 'node:stream';

/** Time for a peer to read what was written before its socket is closed, ms. */
const LINGER_MS = 2_000;

/** Closes after what was written has left; a peer that does not read gets {@link LINGER_MS}. */
export function closeSocket(socket: Duplex): void {
  socket.pause();
  if (socket.destroyed) return;
  if (socket.writableLength === 0) {
    socket.destroy();
    return;
  }
  socket.end();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('finish', () => {
    clearTimeout(timer);
    socket.destroy();
  });
}
