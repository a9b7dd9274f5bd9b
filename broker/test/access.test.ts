import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, brokerMetrics, ListenError } from '../src/index.ts';
import { authenticator, connectPacket, MemorySink, secretOf, startBroker, until, Wire } from './support.ts';

let broker: Broker;
let sink: MemorySink;
afterEach(() => broker.stop());

async function start(options: Parameters<typeof startBroker>[1] = {}): Promise<void> {
  sink = new MemorySink();
  broker = await startBroker(sink, options);
}

describe('who may connect', () => {
  it.each([
    ['a wrong secret', { password: Buffer.from('wrong') }, 4, 'credentials'],
    ['no secret', { password: undefined }, 4, 'credentials'],
    ['another client id', { clientId: 'dev-2' }, 2, 'client_id'],
    ['no user name', { username: undefined, password: undefined }, 2, 'client_id'],
    ['an id that is none', { clientId: '../x', username: '../x' }, 2, 'client_id'],
    ['MQTT 5', { protocolVersion: 5, properties: {} }, 1, 'protocol_version'],
    ['MQTT 3.1', { protocolVersion: 3, protocolId: 'MQIsdp' }, 1, 'protocol_version'],
    [
      'a will on another status',
      { will: { topic: 'up/v1/dev-2/status', payload: 'x', qos: 1, retain: true } },
      5,
      'will',
    ],
    ['a will on rec', { will: { topic: 'up/v1/dev-1/rec', payload: 'x', qos: 1, retain: false } }, 5, 'will'],
  ])('%s is refused', async (_what, more, returnCode, reason) => {
    await start();
    const wire = await Wire.open(broker);
    wire.send(connectPacket('dev-1', more));
    expect((await wire.next('connack')).returnCode).toBe(returnCode);
    await wire.untilClosed();
    expect(broker.stats().refused[reason as 'will']).toBe(1);
    expect(sink.presence).toEqual([]);
    expect(broker.stats().devices).toBe(0);
  });

  it('when it can not be told, the device is asked to come back', async () => {
    await start({ authenticator: { authenticate: () => Promise.reject(new Error('database is away')) } });
    const wire = await Wire.open(broker);
    wire.send(connectPacket('dev-1'));
    expect((await wire.next('connack')).returnCode).toBe(3);
    expect(broker.stats().refused.auth_unavailable).toBe(1);
  });

  it('asks a bounded number at a time, and every connection in the end', async () => {
    let open = 0;
    let most = 0;
    await start({
      limits: { authParallel: 5 },
      authenticator: {
        async authenticate(id, secret) {
          open += 1;
          most = Math.max(most, open);
          await new Promise((resolve) => setTimeout(resolve, 5)); // a database's answer
          open -= 1;
          return authenticator.authenticate(id, secret);
        },
      },
    });
    await Promise.all(Array.from({ length: 60 }, (_, i) => Wire.login(broker, `dev-${i + 100}`)));
    expect(most).toBeLessThanOrEqual(5);
    expect(most).toBeGreaterThan(1);
    await until(() => broker.stats().devices === 60);
  });

  it('too many connections from one address are refused before anything is read', async () => {
    await start({ limits: { addressBurst: 3, addressPerSecond: 0 } });
    for (const id of ['dev-1', 'dev-2', 'dev-3']) await Wire.login(broker, id);
    const wire = await Wire.open(broker);
    await wire.untilClosed();
    expect(broker.stats().refused.connection_rate).toBe(1);
  });

  it('silence, before CONNECT and after, is ended', async () => {
    let nowMs = 1_000_000;
    await start({ now: () => nowMs });
    const silent = await Wire.open(broker);
    const idle = await Wire.login(broker, 'dev-1', { keepalive: 30 });
    nowMs += 11_000;
    await silent.untilClosed();
    expect(idle.closed).toBe(false);
    nowMs += 35_000;
    await idle.untilClosed();
    expect(broker.stats().refused).toMatchObject({ connect_timeout: 1, idle: 1 });
  });

  it.each([
    ['what is no MQTT at all', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a packet before CONNECT', Buffer.from([0xc0, 0])],
    ['a broken CONNECT', Buffer.from([0x10, 4, 0, 9, 0x4d, 0x51])],
  ])('%s is cut off', async (_what, bytes) => {
    await start();
    const wire = await Wire.open(broker);
    wire.raw(bytes);
    await wire.untilClosed();
    expect(broker.stats().refused.malformed).toBe(1);
  });
});

describe('subscriptions', () => {
  it.each([
    ['up/v1/dev-2/cmd', 'subscribe_topic'],
    ['up/v1/+/cmd', 'subscribe_topic'],
    ['up/v1/dev-1/#', 'subscribe_topic'],
    ['#', 'subscribe_topic'],
    ['up/v1/dev-1/rec', 'subscribe_topic'],
    ['$share/g/up/v1/dev-1/cmd', 'subscribe_share'],
  ] as const)('to %s are answered with failure', async (topic, reason) => {
    await start();
    const wire = await Wire.login(broker, 'dev-1', { clean: false });
    wire.send({
      cmd: 'subscribe',
      messageId: 5,
      subscriptions: [
        { topic: 'up/v1/dev-1/cmd', qos: 1 },
        { topic, qos: 1 },
      ],
    });
    const answer = await wire.next('suback');
    expect(answer).toMatchObject({ messageId: 5, granted: [128, 128] });
    expect(broker.stats().refused[reason]).toBe(1);
    expect(wire.closed).toBe(false);
  });

  it('to the own down channels get commands and the kept configuration, also those sent while away', async () => {
    await start();
    await broker.publish('dev-1', 'cfg', Buffer.from('cfg-1'), { retain: true });
    const subscribe = {
      cmd: 'subscribe',
      messageId: 5,
      subscriptions: [
        { topic: 'up/v1/dev-1/cmd', qos: 1 },
        { topic: 'up/v1/dev-1/cfg', qos: 1 },
      ],
    };
    const wire = await Wire.login(broker, 'dev-1', { clean: false });
    wire.send(subscribe);
    expect((await wire.next('suback')).granted).toEqual([1, 1]);
    const cfg = await wire.next('publish');
    expect([cfg.topic, String(cfg.payload), cfg.retain]).toEqual(['up/v1/dev-1/cfg', 'cfg-1', true]);
    wire.send({ cmd: 'puback', messageId: cfg.messageId });
    await broker.publish('dev-1', 'cmd', Buffer.from('now'));
    const live = await wire.next('publish');
    expect([String(live.payload), live.qos]).toEqual(['now', 1]);
    wire.send({ cmd: 'puback', messageId: live.messageId });
    wire.send({ cmd: 'disconnect' });
    await wire.untilClosed();
    await until(() => broker.stats().devices === 0);
    await broker.publish('dev-1', 'cmd', Buffer.from('while away'));
    const again = await Wire.login(broker, 'dev-1', { clean: false });
    expect(String((await again.next('publish')).payload)).toBe('while away');
  });

  it('commands for an absent device are kept up to a bound', async () => {
    await start({ limits: { offlineQueue: 2 } });
    await broker.publish('dev-1', 'cmd', Buffer.from('1'));
    await broker.publish('dev-1', 'cmd', Buffer.from('2'));
    await expect(broker.publish('dev-1', 'cmd', Buffer.from('3'))).rejects.toMatchObject({ code: 'queue_full' });
  });
});

describe('sessions', () => {
  it('a second connection takes the first one over, and presence tells it in order', async () => {
    await start();
    const will = { topic: 'up/v1/dev-1/status', payload: 'will', qos: 1, retain: true };
    const first = await Wire.login(broker, 'dev-1', { will });
    const second = await Wire.login(broker, 'dev-1');
    await first.untilClosed();
    expect(sink.presence).toEqual(['+dev-1', '-dev-1', '+dev-1']);
    expect(sink.texts()).toEqual(['will']);
    expect(broker.stats()).toMatchObject({ devices: 1, takeovers: 1 });
    second.publish('up/v1/dev-1/rec', 'alive');
    await second.next('puback');
    await broker.disconnect('dev-1');
    await second.untilClosed();
  });

  it('many connections of one device at once leave exactly one', async () => {
    await start();
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => Wire.login(broker, 'dev-1')));
    const wires = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await until(() => wires.filter(({ closed }) => !closed).length === 1 && broker.stats().connections === 1);
    const [live] = wires.filter(({ closed }) => !closed);
    live?.publish('up/v1/dev-1/rec', 'alive');
    await live?.next('puback');
    expect(sink.presence.at(-1)).toBe('+dev-1');
    expect(sink.presence.filter((line) => line === '+dev-1').length).toBe(sink.presence.length / 2 + 0.5);
    await broker.disconnect('dev-1');
    await until(() => broker.stats().connections === 0);
  });

  it('a will is published when the socket dies, not after DISCONNECT', async () => {
    await start();
    const will = { topic: 'up/v1/dev-1/status', payload: 'will', qos: 1, retain: true };
    const clean = await Wire.login(broker, 'dev-1', { will });
    clean.send({ cmd: 'disconnect' });
    await clean.untilClosed();
    const dirty = await Wire.login(broker, 'dev-1', { will });
    dirty.end();
    await until(() => sink.messages.length > 0);
    await until(() => broker.stats().devices === 0);
    expect(sink.texts()).toEqual(['will']);
  });

  it('disconnect cuts a session, and one that is being authenticated', async () => {
    let answer: (() => void) | null = null;
    await start({
      authenticator: {
        async authenticate(id, secret) {
          if (id === 'dev-2')
            await new Promise<void>((resolve) => {
              answer = resolve;
            });
          return authenticator.authenticate(id, secret);
        },
      },
    });
    const live = await Wire.login(broker, 'dev-1');
    await until(() => sink.presence.length === 1);
    await broker.disconnect('dev-1');
    await live.untilClosed();
    const late = await Wire.open(broker);
    late.send(connectPacket('dev-2'));
    await until(() => answer !== null);
    await broker.disconnect('dev-2');
    (answer as (() => void) | null)?.();
    await late.untilClosed();
    expect(sink.presence).toEqual(['+dev-1', '-dev-1']);
  });

  it('stop publishes no wills and leaves nothing behind', async () => {
    await start();
    const will = { topic: 'up/v1/dev-1/status', payload: 'will', qos: 1, retain: true };
    const wire = await Wire.login(broker, 'dev-1', { will });
    await until(() => sink.presence.length === 1);
    await broker.stop();
    await wire.untilClosed();
    expect(sink.messages).toEqual([]);
    expect(broker.stats()).toMatchObject({ connections: 0, devices: 0, inflight: 0 });
    expect(sink.presence).toEqual(['+dev-1', '-dev-1']);
  });
});

describe('listeners', () => {
  let dir: string;
  let pem: { key: string; cert: string };
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'broker-tls-'));
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    );
    pem = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('TLS and WebSocket serve the same protocol', async () => {
    const any = { port: 0, host: '127.0.0.1' };
    await start({ listeners: { tcp: any, tls: { ...any, ...pem }, ws: any } });
    const { tcp, tls, ws } = broker.addresses;
    const urls = [`mqtt://127.0.0.1:${tcp?.port}`, `mqtts://127.0.0.1:${tls?.port}`, `ws://127.0.0.1:${ws?.port}/mqtt`];
    for (const url of urls) {
      const client = await connectAsync(url, {
        clientId: 'dev-1',
        username: 'dev-1',
        password: secretOf('dev-1'),
        protocolVersion: 4,
        ca: pem.cert,
        reconnectPeriod: 0,
      });
      const got = new Promise<string>((resolve) =>
        client.once('message', (_topic, payload) => resolve(payload.toString())),
      );
      await client.subscribeAsync('up/v1/dev-1/cmd', { qos: 1 });
      await client.publishAsync('up/v1/dev-1/rec', url, { qos: 1 });
      await broker.publish('dev-1', 'cmd', Buffer.from(`to ${url}`));
      expect(await got).toBe(`to ${url}`);
      await client.endAsync();
      await until(() => broker.stats().devices === 0);
    }
    expect(sink.texts()).toEqual(urls);
    expect((await fetch(`http://127.0.0.1:${ws?.port}/`)).status).toBe(426);
  });

  it('a taken port is a clear error, and nothing stays open', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    await start();
    const failing = startBroker(new MemorySink(), {
      listeners: { tcp: { port: 0, host: '127.0.0.1' }, ws: { port, host: '127.0.0.1' } },
    });
    await expect(failing).rejects.toBeInstanceOf(ListenError);
    await expect(failing).rejects.toMatchObject({ listener: 'ws', port, code: 'EADDRINUSE' });
    taken.close();
  });
});

it('metrics carry every counter', async () => {
  await start();
  const registry = new Registry();
  brokerMetrics(registry, broker);
  const wire = await Wire.login(broker, 'dev-1');
  wire.publish('up/v1/dev-1/rec', 'x');
  await wire.next('puback');
  wire.publish('up/v1/dev-2/rec', 'x', 2);
  await wire.untilClosed();
  const text = await registry.metrics();
  expect(text).toContain('uptally_broker_acknowledged_total 1');
  expect(text).toContain('uptally_broker_refused_total{reason="publish_topic"} 1');
  expect(text).toMatch(/uptally_broker_connections [01]/);
});
