import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Broker, type BrokerStats, createBroker } from '@uptally/broker';
import { openPool, type Pool } from '@uptally/fleet-api/db';
import pino from 'pino';
import { createDeviceAuthenticator } from '../../../fleet-api/src/enrolment/authenticator.ts';
import { createIngest, type Ingest, type IngestStats } from '../../../fleet-api/src/ingest/index.ts';
import { ensureCertificates } from '../../../fleet-api/src/tls/certificates.ts';
import type { PartHandlers } from '../process.ts';
import { bareInsert, type Identity, prepareUnique } from './bare-insert.ts';
import { BENCH_LIMITS } from './null-broker.ts';
import { registerDevices } from './registry.ts';

export interface IngestStart {
  readonly url: string;
  readonly devices: number;
  /** Flushes at once, as the server chooses it for this kind of database. */
  readonly maxInflight: number;
}

export interface IngestPorts {
  readonly tcp: number;
  readonly tls: number;
}

/** Broker, authentication and ingest as the server composes them, on a database of our own. */
export function ingestPart(): PartHandlers {
  const tlsDir = mkdtempSync(join(tmpdir(), 'uptally-bench-tls-'));
  let running: { pool: Pool; ingest: Ingest; broker: Broker } | null = null;
  const need = () => {
    if (running === null) throw new Error('not started');
    return running;
  };
  return {
    async start({ url, devices, maxInflight }: IngestStart): Promise<IngestPorts> {
      const log = pino({ level: 'warn' });
      const pool = openPool({ url, max: 8 });
      await registerDevices(pool, devices);
      const ingest = createIngest({ pool, clock: Date.now, log, maxInflight });
      await ingest.start();
      const certificates = await ensureCertificates(tlsDir, Date.now());
      const broker = createBroker({
        listeners: {
          tcp: { port: 0, host: '127.0.0.1' },
          tls: { port: 0, host: '127.0.0.1', key: certificates.keyPem, cert: certificates.certPem },
        },
        authenticator: createDeviceAuthenticator(pool),
        sink: ingest.sink,
        limits: BENCH_LIMITS,
        logger: log,
      });
      await broker.start();
      running = { pool, ingest, broker };
      return { tcp: broker.addresses.tcp?.port ?? 0, tls: broker.addresses.tls?.port ?? 0 };
    },
    async bare({ identity, connections, durationMs }: { identity: Identity; connections: number; durationMs: number }) {
      if (identity === 'unique') await prepareUnique(need().pool);
      return bareInsert(need().pool, identity, connections, durationMs);
    },
    stats: async (): Promise<{ broker: BrokerStats; ingest: IngestStats }> => ({
      broker: need().broker.stats(),
      ingest: need().ingest.stats(),
    }),
    /** Rows of the swarm in the database. */
    async stored(): Promise<number> {
      const { rows } = await need().pool.query<{ n: number }>(
        'select count(*) as n from rec_beat where seq < 1::int8 << 40',
      );
      return rows[0]?.n ?? 0;
    },
    async online(): Promise<number> {
      const { rows } = await need().pool.query<{ n: number }>('select count(*) as n from device_live where online');
      return rows[0]?.n ?? 0;
    },
    async stop(): Promise<void> {
      const { pool, ingest, broker } = need();
      await broker.stop();
      await ingest.stop();
      await pool.end();
      rmSync(tlsDir, { recursive: true, force: true });
      running = null;
    },
  };
}
