import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppContext } from '../context.ts';
import type { Queryable } from '../db/index.ts';
import type { App } from './capability.ts';
import { apiError } from './errors.ts';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,128}$/;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while the request holds an Idempotency-Key. */
    idempotencyKey: string | null;
  }
}

/**
 * `Idempotency-Key` on POST (draft-ietf-httpapi-idempotency-key-header): the first request runs and its answer is kept for a day;
 * a repetition gets the same answer. At most once, whatever crashes: if the process died between doing and remembering, a
 * repetition is told that the outcome is unknown instead of doing it again.
 */
export function registerIdempotency(app: App, ctx: AppContext): void {
  app.decorateRequest('idempotencyKey', null);
  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null || request.caller === null) return;
    const replay = await claim(ctx.pool, request.caller.userId, key, fingerprint(request), new Date(ctx.clock()));
    if (replay === null) {
      request.idempotencyKey = key;
      return;
    }
    return answerAgain(reply, replay);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const key = request.idempotencyKey;
    if (key === null || request.caller === null) return payload;
    request.idempotencyKey = null;
    if (reply.statusCode >= 400) await forget(ctx.pool, request.caller.userId, key);
    else await remember(ctx.pool, request.caller.userId, key, reply.statusCode, kept(request, payload));
    return payload;
  });
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers[HEADER];
  if (key === undefined || request.method !== 'POST') return null;
  if (request.routeOptions.config.idempotency === 'off') return null;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw apiError('invalid_request', 'Idempotency-Key must be 1 to 128 printable ASCII characters');
  }
  return key;
}

function fingerprint(request: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n`)
    .update(JSON.stringify(request.body ?? null))
    .digest();
}

/** Secrets are shown once and kept nowhere. */
function kept(request: FastifyRequest, payload: unknown): string | null {
  if (request.routeOptions.config.secretAnswer || typeof payload !== 'string' || payload === '') return null;
  return payload;
}

interface Kept {
  readonly request_hash: Buffer;
  readonly status: number | null;
  readonly body: unknown;
}

/** Takes the key for this request: null, or what an earlier request under it came to. */
async function claim(db: Queryable, userId: number, key: string, hash: Buffer, now: Date): Promise<Kept | null> {
  const taken = await db.query(
    `insert into idempotency (user_id, key, request_hash, created_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [userId, key, hash, now],
  );
  if (taken.rowCount === 1) return null;
  const { rows } = await db.query<Kept>(
    'select request_hash, status, body from idempotency where user_id = $1 and key = $2',
    [userId, key],
  );
  const row = rows[0];
  if (row === undefined || row.status === null) throw apiError('request_in_progress');
  if (!row.request_hash.equals(hash)) throw apiError('idempotency_mismatch');
  return row;
}

function answerAgain(reply: FastifyReply, { status, body }: Kept): FastifyReply {
  reply.code(status ?? 200).header('idempotency-replayed', 'true');
  if (body === null && status !== 204) throw apiError('secret_already_shown');
  return reply.serializer(JSON.stringify).type('application/json; charset=utf-8').send(body);
}

async function remember(db: Queryable, userId: number, key: string, status: number, body: string | null) {
  await db.query('update idempotency set status = $3, body = $4 where user_id = $1 and key = $2', [
    userId,
    key,
    status,
    body,
  ]);
}

async function forget(db: Queryable, userId: number, key: string): Promise<void> {
  await db.query('delete from idempotency where user_id = $1 and key = $2', [userId, key]);
}

/** Drops answers older than a day; called by the scheduler. */
export async function pruneIdempotency(db: Queryable, now: Date): Promise<void> {
  await db.query(`delete from idempotency where created_at < $1::timestamptz - interval '1 day'`, [now]);
}
