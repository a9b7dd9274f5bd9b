import type { FastifyRequest } from 'fastify';
import type { AppContext } from '../context.ts';
import type { App } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import type { Caller } from './caller.ts';
import { API_KEY_PREFIX, callerOfKey, callerOfSession } from './credentials.ts';
import { type Access, isAllowed } from './permissions.ts';

export const SESSION_COOKIE = 'uptally';
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A route and what it demands; `access` is missing on files of the console only. */
export interface RouteAccess {
  readonly method: string;
  readonly url: string;
  readonly access: Access | undefined;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the application with what it demands. */
    readonly accessTable: readonly RouteAccess[];
  }
}

/**
 * Guards every route of the application: finds out who calls, holds it against what the route demands in `config.access`. A route
 * of the API that demands nothing is a programming error and stops the start.
 */
export function registerGuard(app: App, ctx: AppContext): void {
  const table: RouteAccess[] = [];
  app.decorate('accessTable', table);
  app.decorateRequest('caller', null);
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) table.push({ method, url: route.url, access: route.config?.access });
    if (route.url.startsWith('/api/') && route.config?.access === undefined) {
      throw new Error(`route ${String(route.method)} ${route.url} does not say what access it demands`);
    }
  });
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === undefined) return;
    requireOwnOrigin(request, ctx.settings.publicUrl);
    if (access === 'public') return;
    request.caller = await identify(request, ctx);
    requireAccess(request.caller, access);
  });
}

/** @throws ApiError `unauthenticated`, `password_change_required` or `forbidden` */
export function requireAccess(caller: Caller | null, access: Exclude<Access, 'public'>): void {
  if (caller === null) throw apiError('unauthenticated');
  if (access === 'session') return;
  if (caller.mustChangePassword) throw apiError('password_change_required');
  if (!isAllowed(caller.role, access)) throw apiError('forbidden', `Role ${caller.role} does not hold ${access}`);
}

async function identify(request: FastifyRequest, ctx: AppContext): Promise<Caller | null> {
  const bearer = bearerOf(request);
  if (bearer !== null) {
    const caller = bearer.startsWith(API_KEY_PREFIX) ? await callerOfKey(ctx, bearer) : null;
    if (caller === null) throw apiError('unauthenticated', 'The API key is unknown, expired or revoked');
    return caller;
  }
  const token = request.cookies[SESSION_COOKIE];
  return token === undefined || token === '' ? null : callerOfSession(ctx, token);
}

function bearerOf(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  return header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : null;
}

/**
 * Second line against cross-site requests, behind SameSite=Strict: a browser tells the origin of every unsafe request. Programs send
 * neither header; with a bearer key no ambient credential is involved.
 */
function requireOwnOrigin(request: FastifyRequest, publicUrl: string | null): void {
  if (SAFE_METHODS.has(request.method) || bearerOf(request) !== null) return;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin === undefined) {
    if (site === undefined || site === 'same-origin' || site === 'none') return;
    throw apiError('bad_origin');
  }
  if (!isOwnOrigin(origin, request.host, publicUrl)) throw apiError('bad_origin', `Origin ${origin.slice(0, 200)}`);
}

/** True if `origin` is the host that the request was sent to, or the configured public one. Also used for sockets. */
export function isOwnOrigin(origin: string, host: string, publicUrl: string | null): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.host === host || (publicUrl !== null && url.origin === new URL(publicUrl).origin);
}
