import pino from 'pino';
import { Registry } from 'prom-client';
import { createPasswordHasher } from '../auth/passwords.ts';
import { createSealer } from '../auth/sealing.ts';
import { openPool } from '../db/index.ts';
import { buildApp } from './app.ts';
import { openApiDocument } from './openapi.ts';

/** The OpenAPI document of this build, without a database or a listener: routes are declared, none is called. */
export async function describeApi(version: string): Promise<object> {
  const pool = openPool({ url: 'postgres://nobody@127.0.0.1:1/none' });
  const app = await buildApp({
    pool,
    settings: {
      version,
      publicUrl: null,
      webRoot: null,
      trustProxy: false,
      metricsToken: null,
      keyDir: '',
      bundleDir: '',
      documentDir: '',
      timeZone: 'Asia/Shanghai',
    },
    log: pino({ level: 'silent' }),
    clock: () => 0,
    passwords: createPasswordHasher(),
    sealer: createSealer(Buffer.alloc(32)),
    metrics: new Registry(),
    mqtt: () => ({ host: null, port: null, tlsPort: null, wsPort: null, caPem: null }),
    readiness: [],
  });
  await app.ready();
  const document = openApiDocument(app);
  await app.close();
  await pool.end();
  return document;
}
