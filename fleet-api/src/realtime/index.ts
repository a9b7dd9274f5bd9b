import { SESSION_IDLE_MS } from '../auth/credentials.ts';
import type { AppContext } from '../context.ts';
import { OutboxReader } from '../db/index.ts';
import type { App } from '../http/capability.ts';
import { Push } from './push.ts';
import { Sockets } from './sockets.ts';

/** Time between messages about one device, ms. */
const DEVICE_EVERY_MS = 300;
/** Time between messages about settlement, ms. */
const SETTLEMENT_EVERY_MS = 300;
/** Time between messages about the counts, ms. */
const OVERVIEW_EVERY_MS = 1000;
/** Time between looks for sessions that ended, ms. */
const SESSIONS_EVERY_MS = 15_000;

export interface Realtime {
  /** Consoles connected to this process. */
  readonly consoles: () => number;
  stop(): Promise<void>;
}

/**
 * Live updates over socket.io on the application's server. Every API process follows the outbox by itself and serves its own
 * sockets, so any number of them work side by side without talking to each other.
 */
export async function startRealtime(app: App, ctx: AppContext): Promise<Realtime> {
  const sockets = new Sockets(ctx, app.server);
  const push = new Push(ctx, sockets);
  const onError = (error: unknown): void => ctx.log.warn({ err: error }, 'live updates are behind');
  const reader = new OutboxReader({ pool: ctx.pool, onError, handle: async (events) => push.take(events) });
  await reader.start();
  const stops = [
    every(DEVICE_EVERY_MS, () => push.flushDevices(), onError),
    every(SETTLEMENT_EVERY_MS, () => push.flushSettlement(), onError),
    every(OVERVIEW_EVERY_MS, () => push.flushOverview(), onError),
    every(SESSIONS_EVERY_MS, () => dropEndedSessions(ctx, sockets), onError),
  ];
  return {
    consoles: () => sockets.size,
    stop: async () => {
      await reader.stop();
      for (const stop of stops) await stop();
      sockets.close();
    },
  };
}

/** Runs `work` again and again, never twice at once. The returned function ends it and waits for the run in hand. */
function every(ms: number, work: () => Promise<void>, onError: (error: unknown) => void): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = work().catch(onError).then(schedule);
    }, ms);
  };
  schedule();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}

/** A socket outlives neither its session nor its person's right to sign in. */
async function dropEndedSessions(ctx: AppContext, sockets: Sockets): Promise<void> {
  const all = sockets.everybody();
  if (all.length === 0) return;
  const now = ctx.clock();
  const { rows } = await ctx.pool.query<{ token_hash: Buffer }>(
    `select s.token_hash from user_session s join app_user u on u.id = s.user_id
     where s.token_hash = any ($1::bytea[]) and s.expires_at > $2 and s.last_seen_at > $3 and u.disabled_at is null`,
    [
      all.flatMap(({ data: { caller } }) => (caller.via.kind === 'session' ? [caller.via.tokenHash] : [])),
      new Date(now),
      new Date(now - SESSION_IDLE_MS),
    ],
  );
  const valid = new Set(rows.map((row) => row.token_hash.toString('hex')));
  for (const socket of all) {
    const { via } = socket.data.caller;
    if (via.kind !== 'session' || !valid.has(via.tokenHash.toString('hex'))) socket.disconnect(true);
  }
}
