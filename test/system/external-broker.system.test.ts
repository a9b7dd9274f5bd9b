import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { encodeBatch } from '@uptally/protocol';
import { build } from 'esbuild';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate, openEmbedded, openPool, type Pool } from '../../fleet-api/src/db/index.ts';
// @ts-expect-error plain JavaScript, shared with the build
import { bundle, npmPackagesOutside } from '../../scripts/bundle.mjs';
import { onFreePort } from '../support/free-port.ts';
import { createServerDatabase } from '../support/server-database.ts';

const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find((path) =>
  existsSync(path),
);
const PROCESS = 'fleet-api/dist/test-ingest-process.js';
const CHILD = 'fleet-api/dist/embedded-child.js';
const DEVICES = 40;
const FIRST = 100;
const SECOND = 300;

type Child = ChildProcessByStdio<Writable, Readable, null>;
const dir = mkdtempSync(join(tmpdir(), 'uptally-external-'));
const children: Child[] = [];
const ends: (() => Promise<unknown>)[] = [];
let pool: Pool;
let databaseUrl: string;
let mqttUrl: string;

beforeAll(async () => {
  if (MOSQUITTO === undefined) return;
  await build({
    entryPoints: ['test/support/ingest-process.ts'],
    outfile: PROCESS,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    plugins: [npmPackagesOutside],
  });
  databaseUrl = await openDatabase();
  pool = openPool({ url: databaseUrl, max: 2 });
  await migrate(pool);
  await pool.query(
    `insert into device (device_id, serial) select 'dev-' || i, 'S' || i from generate_series(1, $1) i`,
    [DEVICES],
  );
  await pool.query('insert into device_live (device_key) select device_key from device on conflict do nothing');
  mqttUrl = await startMosquitto(MOSQUITTO);
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await pool?.end();
  for (const end of ends.reverse()) await end();
  rmSync(dir, { recursive: true, force: true });
});

async function openDatabase(): Promise<string> {
  const server = process.env.TEST_DATABASE_URL;
  if (server !== undefined && server !== '') {
    const database = await createServerDatabase(server);
    ends.push(database.drop);
    return database.url;
  }
  await bundle([CHILD]);
  const embedded = await openEmbedded({ dataDir: null, childPath: CHILD });
  ends.push(() => embedded.stop());
  return embedded.url;
}

async function startMosquitto(path: string): Promise<string> {
  const { port, child } = await onFreePort((wanted) => {
    const config = join(dir, 'mosquitto.conf');
    writeFileSync(config, `listener ${wanted} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`);
    return spawn(path, ['-c', config], { stdio: 'ignore' });
  });
  ends.push(async () => child.kill('SIGKILL'));
  return `mqtt://127.0.0.1:${port}`;
}

async function startIngest(): Promise<Child> {
  const child = spawn(process.execPath, [PROCESS], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: databaseUrl, MQTT_URL: mqttUrl },
  });
  children.push(child);
  expect(await nextLine(child)).toBe('ready');
  return child;
}

function nextLine(child: Child): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    child.once('exit', (code) => reject(new Error(`ingest process ended with ${code}`)));
  });
}

async function storedBy(child: Child): Promise<number> {
  const line = nextLine(child);
  child.stdin.write('\n');
  return (JSON.parse(await line) as { stored: number }).stored;
}

/** Publishes `count` beats of each device from `seq0` on, each acknowledged by the broker. */
async function publish(clients: readonly MqttClient[], seq0: number, count: number): Promise<void> {
  const send = async (client: MqttClient, i: number): Promise<void> => {
    for (let seq = seq0; seq < seq0 + count; seq += 1) {
      const now = Date.now();
      const payload = encodeBatch({
        v: 1,
        boot: 1,
        seq0: seq,
        sent_ms: now,
        mono_ms: now - 1e12,
        recs: [{ k: 'beat', d_mono: 0 }],
      });
      await client.publishAsync(`up/v1/dev-${i + 1}/rec`, Buffer.from(payload), { qos: 1 });
    }
  };
  await Promise.all(clients.map(send));
}

test.skipIf(MOSQUITTO === undefined)(
  'two ingest processes share an external broker; one is killed; nothing is lost or doubled',
  async () => {
    const first = await startIngest();
    const second = await startIngest();
    const clients = await Promise.all(
      Array.from({ length: DEVICES }, () => connectAsync(mqttUrl, { protocolVersion: 4 })),
    );

    await expect
      .poll(
        async () =>
          Number(
            (await pool.query(`select count(distinct owner) as n from lease where name like 'mqtt-session/%'`)).rows[0]
              ?.n,
          ),
        { timeout: 30_000 },
      )
      .toBe(2);
    await publish(clients, 1, FIRST);
    await expect.poll(stored, { timeout: 60_000 }).toBe(DEVICES * FIRST);
    const shares = await Promise.all([storedBy(first), storedBy(second)]);
    expect(Math.min(...shares)).toBeGreaterThan((DEVICES * FIRST) / 5);

    const sending = publish(clients, FIRST + 1, SECOND);
    await expect.poll(stored, { timeout: 60_000 }).toBeGreaterThan(DEVICES * (FIRST + 10));
    second.kill('SIGKILL');
    await sending;
    await expect.poll(stored, { timeout: 60_000 }).toBe(DEVICES * (FIRST + SECOND));
    const { rows } = await pool.query(
      'select count(*)::int as beats, count(distinct (device_key, seq))::int as distinct from rec_beat',
    );
    expect(rows).toEqual([{ beats: DEVICES * (FIRST + SECOND), distinct: DEVICES * (FIRST + SECOND) }]);
    await Promise.all(clients.map((client) => client.endAsync()));
  },
);

async function stored(): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    'select coalesce(sum(upper(seqs) - lower(seqs)), 0)::int as n from device_live',
  );
  return rows[0]?.n ?? 0;
}
