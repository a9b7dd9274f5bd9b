import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { Registry } from 'prom-client';
import { hashSecret, newSecret } from '../../src/auth/credentials.ts';
import { createPasswordHasher } from '../../src/auth/passwords.ts';
import type { Role } from '../../src/auth/permissions.ts';
import { createSealer } from '../../src/auth/sealing.ts';
import type { ApiSettings, AppContext } from '../../src/context.ts';
import type { Pool } from '../../src/db/index.ts';
import { buildApp } from '../../src/http/app.ts';
import type { App } from '../../src/http/capability.ts';
import type { ReadinessCheck } from '../../src/metrics/checks.ts';

/** A clock that tests move by hand. */
export interface TestClock {
  now: number;
}

export interface TestApi {
  readonly app: App;
  readonly ctx: AppContext;
  readonly clock: TestClock;
  close(): Promise<void>;
}

/** The real application over a test database, with a cheap password hash and a clock of its own. */
export async function testApi(
  pool: Pool,
  settings: Partial<ApiSettings> = {},
  readiness: readonly ReadinessCheck[] = [],
): Promise<TestApi> {
  const clock: TestClock = { now: Date.now() };
  const ctx: AppContext = {
    pool,
    settings: {
      version: '0.0.0-test',
      publicUrl: null,
      webRoot: null,
      trustProxy: false,
      metricsToken: null,
      timeZone: 'Asia/Shanghai',
      overloadDelayMs: 0, // a busy machine must not change what a test sees
      keyDir: join(tmpdir(), `uptally-test-${process.pid}`, 'keys'),
      bundleDir: join(tmpdir(), `uptally-test-${process.pid}`, 'bundles'),
      documentDir: join(tmpdir(), `uptally-test-${process.pid}`, 'documents'),
      ...settings,
    },
    log: pino({ level: 'silent' }),
    clock: () => clock.now,
    passwords: createPasswordHasher({ costLog2: 10 }),
    sealer: createSealer(Buffer.alloc(32, 7)),
    metrics: new Registry(),
    mqtt: () => ({ host: null, port: 1883, tlsPort: 8883, wsPort: 8083, caPem: 'PEM' }),
    readiness,
  };
  const app = await buildApp(ctx);
  await app.ready();
  return { app, ctx, clock, close: () => app.close() };
}

export interface TestPerson {
  readonly userId: number;
  readonly orgId: number;
  readonly login: string;
  /** Header that signs a request in. */
  readonly cookie: string;
}

export interface PersonOptions {
  readonly role?: Role;
  readonly login?: string;
  readonly password?: string;
  readonly orgId?: number;
  readonly regionIds?: readonly number[];
  readonly mustChangePassword?: boolean;
}

let serial = 0;

/** A person with an open session, straight in the database. */
export async function signedIn({ ctx }: Pick<TestApi, 'ctx'>, options: PersonOptions = {}): Promise<TestPerson> {
  const role = options.role ?? 'admin';
  const login = options.login ?? `${role}${++serial}`;
  const hash = await ctx.passwords.hash(options.password ?? 'correct horse battery');
  const orgId = options.orgId ?? (await testOrg(ctx.pool));
  const { rows } = await ctx.pool.query<{ id: number }>(
    `insert into app_user (login, name, org_id, role, password_hash, must_change_password)
     values ($1, $1, $2, $3, $4, $5) returning id`,
    [login, orgId, role, hash, options.mustChangePassword ?? false],
  );
  const userId = rows[0]?.id ?? 0;
  await ctx.pool.query('insert into user_region (user_id, region_id) select $1, unnest($2::int[])', [
    userId,
    options.regionIds ?? [],
  ]);
  return { userId, orgId, login, cookie: await openSession(ctx, userId) };
}

async function openSession(ctx: AppContext, userId: number): Promise<string> {
  const token = newSecret();
  const now = new Date(ctx.clock());
  await ctx.pool.query(
    `insert into user_session (token_hash, user_id, created_at, last_seen_at, expires_at)
     values ($1, $2, $3, $3, $3::timestamptz + interval '7 days')`,
    [hashSecret(token), userId, now],
  );
  return `uptally=${token}`;
}

/** An organisation, the same for the same code. */
export async function testOrg(pool: Pool, code = 'platform', kind = 'platform'): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into org (code, name, kind) values ($1, $1, $2)
     on conflict (code) do update set code = excluded.code returning id`,
    [code, kind],
  );
  return rows[0]?.id ?? 0;
}

/** A region below `parentId`. */
export async function testRegion(pool: Pool, code: string, kind: string, parentId: number | null = null) {
  const { rows } = await pool.query<{ id: number }>(
    'insert into region (code, name, kind, parent_id) values ($1, $1, $2, $3) returning id',
    [code, kind, parentId],
  );
  return rows[0]?.id ?? 0;
}
