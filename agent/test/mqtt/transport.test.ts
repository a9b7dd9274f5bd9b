import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { topicOf } from '@uptally/protocol';
import { Aedes, type AedesPublishPacket } from 'aedes';
import { expect, onTestFinished, test } from 'vitest';
import { createMqttTransport, type LinkHandlers } from '../../src/index.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const ID = 'd-0001';
const REQUEST = { deviceId: ID, will: Buffer.from('will'), keepaliveS: 60 };

/** aedes behind a socket, admitting the device with the secret `right`. */
async function broker(listen: (onSocket: (socket: Socket) => void) => Server = (onSocket) => createServer(onSocket)) {
  const aedes = await Aedes.createBroker();
  const received: AedesPublishPacket[] = [];
  aedes.authenticate = (_, username, password, done) => done(null, username === ID && password?.toString() === 'right');
  aedes.on('publish', (packet, client) => {
    if (client || packet.topic.startsWith('up/')) received.push(packet);
  });
  const sockets = new Set<Socket>();
  const server = listen((socket) => {
    sockets.add(socket);
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => aedes.close(() => resolve()));
    await new Promise((resolve) => server.close(resolve));
  });
  return { aedes, received, sockets, port: (server.address() as AddressInfo).port };
}

function listener() {
  const heard: string[] = [];
  const handlers: LinkHandlers = {
    onUp: () => heard.push('up'),
    onMessage: async (channel, payload) => {
      heard.push(`${channel} ${Buffer.from(payload).toString()}`);
    },
    onPuback: (id) => heard.push(`puback ${id}`),
    onPong: () => heard.push('pong'),
    onDown: (reason, refused) => heard.push(`down ${reason}${refused ? ' refused' : ''}`),
  };
  return { heard, handlers };
}

const until = (condition: () => unknown) => expect.poll(condition, { timeout: 10_000, interval: 10 });

test('connects, publishes, is told, pings and leaves', async () => {
  const { aedes, received, port } = await broker();
  const { heard, handlers } = listener();
  const link = createMqttTransport({ host: '127.0.0.1', port, secret: 'right' }).open(REQUEST, handlers);
  await until(() => heard).toContain('up');
  let id = 0;
  link.cork(() => {
    link.ping();
    id = link.publish('rec', Buffer.from('batch'), false);
  });
  await until(() => heard).toEqual(expect.arrayContaining([`puback ${id}`, 'pong']));
  const sent = received.find(({ topic }) => topic === topicOf(ID, 'rec'));
  expect(sent?.payload.toString()).toBe('batch');
  const packet = {
    cmd: 'publish',
    qos: 1,
    dup: false,
    retain: true,
    topic: topicOf(ID, 'cfg'),
    payload: 'rev 1',
  } as const;
  await new Promise<void>((resolve, reject) => aedes.publish(packet, (error) => (error ? reject(error) : resolve())));
  await until(() => heard).toContain('cfg rev 1');
  link.end();
  await until(() => heard.at(-1)).toBe('down ended');
  await until(() => aedes.connectedClients).toBe(0);
  expect(received.some(({ topic }) => topic === topicOf(ID, 'status'))).toBe(false);
});

test('a retained configuration comes with every connection, an unkept message again with the next', async () => {
  const { aedes, port } = await broker();
  const open = (handlers: LinkHandlers) =>
    createMqttTransport({ host: '127.0.0.1', port, secret: 'right' }).open(REQUEST, handlers);
  const first = listener();
  const refusing = { ...first.handlers, onMessage: () => Promise.reject(new Error('disk full')) };
  const link = open(refusing);
  await until(() => first.heard).toContain('up');
  const packet = {
    cmd: 'publish',
    qos: 1,
    dup: false,
    retain: false,
    topic: topicOf(ID, 'cmd'),
    payload: 'c1',
  } as const;
  aedes.publish(packet, () => undefined);
  await until(() => first.heard.at(-1)).toBe('down disk full');
  link.destroy();
  const second = listener();
  open(second.handlers);
  await until(() => second.heard).toContain('cmd c1');
});

test('wrong credentials are told apart from a broker that is not there', async () => {
  const { port } = await broker();
  const refused = listener();
  createMqttTransport({ host: '127.0.0.1', port, secret: 'wrong' }).open(REQUEST, refused.handlers);
  await until(() => refused.heard).toEqual([expect.stringMatching(/^down refused_\d refused$/)]);
  const nobody = listener();
  createMqttTransport({ host: '127.0.0.1', port: 1, secret: 'right' }).open(REQUEST, nobody.handlers);
  await until(() => nobody.heard).toEqual(['down ECONNREFUSED']);
});

test('a connection that breaks is down once, and the will is published', async () => {
  const { received, sockets, port } = await broker();
  const { heard, handlers } = listener();
  createMqttTransport({ host: '127.0.0.1', port, secret: 'right' }).open(REQUEST, handlers);
  await until(() => heard).toContain('up');
  for (const socket of sockets) socket.destroy();
  await until(() => heard.filter((line) => line.startsWith('down'))).toHaveLength(1);
  await until(() => received.map(({ topic, payload }) => `${topic} ${payload}`)).toContain(
    `${topicOf(ID, 'status')} will`,
  );
});

test('over TLS only the pinned authority is believed', async () => {
  const directory = await temporaryDirectory();
  const make = (name: string) => {
    const file = (suffix: string) => join(directory, `${name}.${suffix}`);
    const subject = ['-subj', '/CN=broker', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file('key')];
    execFileSync('openssl', ['req', '-x509', ...key, '-out', file('crt'), '-days', '2', ...subject], {
      stdio: 'ignore',
    });
    return { key: readFileSync(file('key')), cert: readFileSync(file('crt'), 'utf8') };
  };
  const [ours, theirs] = [make('ours'), make('theirs')];
  const { port } = await broker((onSocket) => createTlsServer({ key: ours.key, cert: ours.cert }, onSocket));
  const open = (caPem: string) => {
    const { heard, handlers } = listener();
    createMqttTransport({ host: '127.0.0.1', port, secret: 'right', caPem }).open(REQUEST, handlers);
    return heard;
  };
  const trusted = open(ours.cert);
  await until(() => trusted).toContain('up');
  const distrusted = open(theirs.cert);
  await until(() => distrusted).toEqual([expect.stringMatching(/^down .*(CERT|SIGNATURE|VERIFY|ISSUER)/)]);
});
