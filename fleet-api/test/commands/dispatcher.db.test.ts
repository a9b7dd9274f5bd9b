import type { AddressInfo } from 'node:net';
import { type Broker, createBroker } from '@uptally/broker';
import type { CommandMessage, ConfigMessage, DeviceRecord } from '@uptally/protocol';
import mqtt, { type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { cancelBatch, insertBatch } from '../../src/commands/batches.ts';
import { type CommandDispatcher, createCommandDispatcher, type DispatcherOptions } from '../../src/commands/index.ts';
import { resolveSelection } from '../../src/commands/selection.ts';
import { inTransaction } from '../../src/db/index.ts';
import { createIngest, type Ingest } from '../../src/ingest/index.ts';

const log = pino({ level: 'silent' });
const deadline = { timeout: 15_000, interval: 30 };
let db: TestDatabase;
let ingest: Ingest;
let broker: Broker;
let dispatcher: CommandDispatcher | null = null;
const devices: Device[] = [];
/** Time that tests have skipped, ms. */
let skippedMs = 0;
const clock = () => Date.now() + skippedMs;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.reset();
  skippedMs = 0;
  ingest = createIngest({ pool: db.pool, clock, log });
  await ingest.start();
  await openBroker();
});
afterEach(async () => {
  await dispatcher?.stop();
  dispatcher = null;
  for (const device of devices.splice(0)) device.leave();
  await broker.stop();
  await ingest.stop();
});

async function openBroker(): Promise<void> {
  broker = createBroker({
    listeners: { tcp: { port: 0, host: '127.0.0.1' } },
    authenticator: {
      async authenticate(deviceId) {
        const { rows } = await db.pool.query<{ device_key: number }>(
          'select device_key from device where device_id = $1',
          [deviceId],
        );
        const deviceKey = rows[0]?.device_key;
        return deviceKey === undefined ? null : { deviceKey, deviceId };
      },
    },
    sink: ingest.sink,
    logger: log,
  });
  await broker.start();
}

async function dispatch(settings: DispatcherOptions['settings'] = {}): Promise<void> {
  dispatcher = createCommandDispatcher({
    pool: db.pool,
    downlink: broker,
    log,
    clock,
    settings: { sweepMs: 100, ...settings },
  });
  await dispatcher.start();
}

async function addDevices(...ids: string[]): Promise<void> {
  await db.pool.query(
    `insert into device (device_id, serial, lifecycle, enrolled_at) select i, i, 'in_service', now() from unnest($1::text[]) i`,
    [ids],
  );
  await db.pool.query('insert into device_live (device_key) select device_key from device on conflict do nothing');
}

/** A device of another make: MQTT and JSON, no code of ours. It keeps what it got, and acts only as told. */
class Device {
  readonly id: string;
  readonly commands: CommandMessage[] = [];
  readonly configs: ConfigMessage[] = [];
  readonly #session: number;
  #client: MqttClient | null = null;
  #seq = 0;

  constructor(id: string, session = 1) {
    this.id = id;
    this.#session = session;
    devices.push(this);
  }

  async come(cfgRev = 0): Promise<this> {
    const { port } = broker.addresses.tcp as AddressInfo;
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      clientId: this.id,
      username: this.id,
      password: 'secret',
      clean: false,
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    this.#client = client;
    client.on('message', (topic, payload) => {
      const message = JSON.parse(payload.toString()) as CommandMessage & ConfigMessage;
      (topic.endsWith('/cmd') ? this.commands : this.configs).push(message);
    });
    await client.subscribeAsync([`up/v1/${this.id}/cmd`, `up/v1/${this.id}/cfg`], { qos: 1 });
    await this.#say('status', {
      v: 1,
      s: 'on',
      session: this.#session,
      boot: 1,
      beat_ms: 60_000,
      mono_ms: 1,
      cfg_rev: cfgRev,
    });
    return this;
  }

  async ack(cmd: string, state: 'accepted' | 'running'): Promise<void> {
    await this.#say('ack', { v: 1, cmd, state });
  }

  async result(cmd: string, state: string, code?: string): Promise<void> {
    const record = { k: 'result', d_mono: 0, cmd, state, ...(code ? { code } : {}) } as DeviceRecord;
    await this.#say('rec', { v: 1, boot: 1, seq0: ++this.#seq, sent_ms: clock(), mono_ms: 1000, recs: [record] });
  }

  leave(): void {
    this.#client?.end(true);
  }

  async #say(channel: string, message: object): Promise<void> {
    await this.#client?.publishAsync(`up/v1/${this.id}/${channel}`, JSON.stringify(message), { qos: 1 });
  }
}

async function send(ids: readonly string[], ttlMs = 60_000): Promise<string> {
  return inTransaction(db.pool, async (client) => {
    const targets = await resolveSelection(client, null, { ids }, 1000);
    const selection = { ids };
    const batch = { op: 'selfcheck', args: { deep: true }, ttlMs, createdBy: null, createdAtMs: clock() } as const;
    return insertBatch(client, { ...batch, selection, targets });
  });
}

async function states(): Promise<string[]> {
  const { rows } = await db.pool.query<{ state: string }>(
    'select c.state from command c join device d using (device_key) order by d.device_id, c.created_at',
  );
  return rows.map((row) => row.state);
}

describe('a command', () => {
  test('goes to a connected device and comes back as a result', async () => {
    await addDevices('pos-1');
    const device = await new Device('pos-1').come();
    await dispatch();
    const sentMs = clock();
    await send(['pos-1']);
    await expect.poll(() => device.commands.length, deadline).toBe(1);
    const [command] = device.commands;
    expect(command).toMatchObject({ v: 1, op: 'selfcheck', args: { deep: true } });
    expect(command?.ttl_ms).toBeGreaterThanOrEqual(60_000 - (clock() - sentMs));
    expect(command?.ttl_ms).toBeLessThanOrEqual(60_000);
    await expect.poll(states, deadline).toEqual(['delivered']);
    for (const state of ['accepted', 'running'] as const) {
      await device.ack(command?.id ?? '', state);
      await expect.poll(states, deadline).toEqual([state]);
    }
    await device.result(command?.id ?? '', 'failed', 'not_configured');
    await expect.poll(states, deadline).toEqual(['failed']);
    const told = await db.pool.query(
      `select payload->>'state' as state from outbox where kind = 'command.changed' order by id`,
    );
    expect(told.rows.map((row: { state: string }) => row.state)).toEqual([
      'delivered',
      'accepted',
      'running',
      'failed',
    ]);
    expect(device.commands).toHaveLength(1);
  });

  test('waits for an absent device and is not called delivered meanwhile', async () => {
    await addDevices('pos-1');
    await dispatch();
    await send(['pos-1']);
    expect(await states()).toEqual(['queued']);
    const device = await new Device('pos-1').come();
    await expect.poll(() => device.commands.length, deadline).toBe(1);
    await expect.poll(states, deadline).toEqual(['delivered']);
    expect((await db.pool.query('select deliveries from command')).rows).toEqual([{ deliveries: 1 }]);
  });

  test('is sent again after a reconnection until the device accepts it', async () => {
    await addDevices('pos-1');
    const first = await new Device('pos-1', 1).come();
    await dispatch();
    await send(['pos-1']);
    await expect.poll(() => first.commands.length, deadline).toBe(1);
    await expect.poll(states, deadline).toEqual(['delivered']);
    first.leave();
    const second = await new Device('pos-1', 2).come();
    await expect.poll(() => second.commands.length, deadline).toBeGreaterThanOrEqual(1);
    expect(second.commands[0]?.id).toBe(first.commands[0]?.id);
    await second.ack(first.commands[0]?.id ?? '', 'accepted');
    await expect.poll(states, deadline).toEqual(['accepted']);
    second.leave();
    const third = await new Device('pos-1', 3).come();
    const marker = await send(['pos-1']);
    await expect.poll(() => third.commands.length, deadline).toBeGreaterThanOrEqual(1);
    const { rows } = await db.pool.query('select id from command where batch_id = $1', [marker]);
    expect(third.commands.map((command) => command.id)).toEqual([rows[0]?.id]);
  });

  test('unanswered, it is sent again on the same connection after a while', async () => {
    await addDevices('pos-1');
    const device = await new Device('pos-1').come();
    await dispatch({ redeliverMs: 400 });
    await send(['pos-1']);
    await expect.poll(() => device.commands.length, deadline).toBeGreaterThanOrEqual(2);
    expect(new Set(device.commands.map((command) => command.id)).size).toBe(1);
  });

  test('survives the restart of broker and dispatcher', async () => {
    await addDevices('pos-1');
    await dispatch();
    await send(['pos-1']);
    await dispatcher?.stop();
    await broker.stop();
    await openBroker();
    await dispatch();
    const device = await new Device('pos-1').come();
    await expect.poll(() => device.commands.length, deadline).toBe(1);
  });

  test('two dispatchers hand it over once', async () => {
    await addDevices('pos-1');
    const device = await new Device('pos-1').come();
    await dispatch();
    const second = createCommandDispatcher({ pool: db.pool, downlink: broker, log, clock, settings: { sweepMs: 50 } });
    await second.start();
    for (let i = 0; i < 20; i++) await send(['pos-1']);
    await expect.poll(async () => (await states()).filter((state) => state === 'delivered').length, deadline).toBe(20);
    await second.stop();
    expect(device.commands).toHaveLength(20);
  });
});

describe('the end of a command', () => {
  test('expires where nobody came for it, and stays so when the device reports late', async () => {
    await addDevices('pos-1', 'pos-2');
    const device = await new Device('pos-2').come();
    await dispatch({ deliveredGraceMs: 30_000 });
    await send(['pos-1', 'pos-2']);
    await expect.poll(states, deadline).toEqual(['queued', 'delivered']);
    skippedMs += 61_000;
    await expect.poll(states, deadline).toEqual(['expired', 'delivered']);
    skippedMs += 30_000;
    await expect.poll(states, deadline).toEqual(['expired', 'expired']);
    await device.ack(device.commands[0]?.id ?? '', 'accepted');
    await device.result(device.commands[0]?.id ?? '', 'succeeded');
    await expect.poll(async () => (await db.pool.query('select 1 from rec_result')).rowCount, deadline).toBe(1);
    expect(await states()).toEqual(['expired', 'expired']);
  });

  test('cancelled before it was handed over, it never is', async () => {
    await addDevices('pos-1');
    const batch = await send(['pos-1']);
    expect(await inTransaction(db.pool, (client) => cancelBatch(client, null, batch, clock()))).toBe(1);
    await dispatch();
    const device = await new Device('pos-1').come();
    await send(['pos-1']);
    await expect.poll(() => device.commands.length, deadline).toBe(1);
    expect(await states()).toEqual(['cancelled', 'delivered']);
  });

  test('cancel and acceptance race: one of them holds, never both', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `pos-${i + 10}`);
    await addDevices(...ids);
    const fleet = await Promise.all(ids.map((id) => new Device(id).come()));
    await dispatch({ perSecond: 1000 });
    const batch = await send(ids);
    await expect.poll(states, deadline).toEqual(ids.map(() => 'delivered'));
    await expect.poll(() => fleet.every((device) => device.commands.length > 0), deadline).toBe(true);
    const [cancelled] = await Promise.all([
      inTransaction(db.pool, (client) => cancelBatch(client, null, batch, clock())),
      ...fleet.map((device) => device.ack(device.commands[0]?.id ?? '', 'accepted')),
    ]);
    const ended = await states();
    expect(ended.filter((state) => state === 'cancelled')).toHaveLength(cancelled);
    expect(ended.filter((state) => state === 'accepted')).toHaveLength(ids.length - cancelled);
  });
});

describe('configuration', () => {
  test('goes, retained and once a session, to devices with an older revision', async () => {
    await addDevices('pos-1', 'pos-2');
    await db.pool.query(
      `insert into setting (key, value, version) values ('device_config', '{"beat_ms": 30000, "x": 1}', 3)`,
    );
    const old = await new Device('pos-1').come(2);
    const current = await new Device('pos-2').come(3);
    await dispatch();
    await expect.poll(() => old.configs, deadline).toEqual([{ v: 1, rev: 3, beat_ms: 30_000 }]);
    await send(['pos-1', 'pos-2']);
    await expect.poll(() => current.commands.length, deadline).toBe(1);
    expect(current.configs).toEqual([]);
    expect(old.configs).toHaveLength(1);
    await db.pool.query(`update setting set value = '{"beat_ms": 45000}', version = 4 where key = 'device_config'`);
    await expect.poll(() => current.configs, deadline).toEqual([{ v: 1, rev: 4, beat_ms: 45_000 }]);
  });
});
