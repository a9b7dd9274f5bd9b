import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ask, Director } from '../run/director.ts';
import { ScenarioError } from '../scenario/problems.ts';
import { ControlError } from './error.ts';

/** Largest request body, bytes. */
const BODY_BYTES = 64 * 1024;

/**
 * Lets a person or a test trigger faults while the fleet runs: HTTP on loopback only, no credentials, refused to web pages (they
 * send an `Origin`). Routes are described in docs/simulator.md.
 */
export class ControlServer {
  readonly #director: Director;
  readonly #server: Server;

  constructor(director: Director) {
    this.#director = director;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => fail(response, error));
    });
  }

  /** Resolves with the port. */
  async start(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.origin !== undefined) throw new ControlError(403, 'not for web pages');
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [what, name] = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    const ask: Ask = Object.fromEntries(url.searchParams);
    const route = `${request.method} ${what ?? ''}`;
    switch (route) {
      case 'GET status':
        return send(response, 200, this.#director.status());
      case 'GET scenarios':
        return send(response, 200, this.#director.scenarios());
      case 'GET device':
        return send(response, 200, found(this.#director.truthOf(name ?? '')));
      case 'POST scenario':
        return send(response, 202, this.#director.run(name ?? '', ask));
      case 'DELETE scenario':
        return send(response, 200, this.#director.end(name ?? ''));
      case 'POST effect':
        return send(response, 202, this.#director.affect(await bodyOf(request), ask));
      case 'POST clear':
        return send(response, 200, this.#director.clear(ask));
      default:
        throw new ControlError(404, 'no such thing; see docs/simulator.md');
    }
  }
}

function found<T>(value: T | null): T {
  if (value === null) throw new ControlError(404, 'no such device');
  return value;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES) throw new ControlError(413, 'too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}

function fail(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : 'failed';
  const status = error instanceof ControlError ? error.status : error instanceof ScenarioError ? 400 : 500;
  if (!response.headersSent) send(response, status, { error: message });
}
