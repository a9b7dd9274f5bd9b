import { existsSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { AppContext } from '../context.ts';
import type { App } from './capability.ts';
import { sendProblem } from './error-handler.ts';

const YEAR_S = 31_536_000;

/**
 * Serves the built console. Files under `assets/` carry a hash in their names and may be kept for ever; everything else, the page
 * above all, is asked for again. Any other path that a browser opens is the page: the console routes itself.
 */
export async function registerConsole(app: App, ctx: AppContext): Promise<void> {
  const root = ctx.settings.webRoot;
  if (root === null || !existsSync(join(root, 'index.html'))) {
    app.setNotFoundHandler((request, reply) => sendProblem(request, reply, 'not_found', {}));
    return;
  }
  await app.register(staticFiles, {
    root,
    wildcard: true,
    index: ['index.html'],
    cacheControl: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      const isHashed = path.startsWith(join(root, 'assets'));
      reply.header('cache-control', isHashed ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !/^\/(api|assets|socket\.io)(\/|$)/.test(request.url) &&
      (request.headers.accept ?? '').includes('text/html');
    // The reply is not returned: the file server has handed it on to us and waits for it already, and every wait listens to the socket.
    if (wantsPage) reply.sendFile('index.html');
    else sendProblem(request, reply, 'not_found', {});
  });
}
