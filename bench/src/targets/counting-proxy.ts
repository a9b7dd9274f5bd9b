import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What went through, TCP payload only. A chunk is one write of a peer, which for messages of ours is one segment. */
export interface Passed {
  upBytes: number;
  downBytes: number;
  upChunks: number;
  downChunks: number;
  connections: number;
}

/** A TCP proxy on the way between a device and the broker that counts. */
export class CountingProxy {
  readonly passed: Passed = { upBytes: 0, downBytes: 0, upChunks: 0, downChunks: 0, connections: 0 };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(targetPort: number) {
    this.#server = createServer({ noDelay: true }, (near) => {
      this.passed.connections += 1;
      const far = connect({ host: '127.0.0.1', port: targetPort, noDelay: true });
      this.#join(near, far, (bytes) => {
        this.passed.upBytes += bytes;
        this.passed.upChunks += 1;
      });
      this.#join(far, near, (bytes) => {
        this.passed.downBytes += bytes;
        this.passed.downChunks += 1;
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(from: Socket, to: Socket, count: (bytes: number) => void): void {
    this.#sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      count(chunk.length);
      to.write(chunk);
    });
    from.on('error', () => to.destroy());
    from.on('end', () => to.end());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
