import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeCbor, topicOf } from '@uptally/protocol';
import { decodeBatch, decodeStatus } from '@uptally/protocol/validate';
import { Aedes } from 'aedes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleProgram } from '../support/bundle.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const ID = 'd-7k2m';
/** As the unit file and the first line of the bundle start it. */
const FLAGS = ['--jitless', '--no-expose-wasm', '--max-semi-space-size=1'];
const until = (condition: () => unknown) => expect.poll(condition, { timeout: 20_000, interval: 20 });

let home: string;
let program: string;
let aedes: Aedes;
let mqtt: Server;
let http: ReturnType<typeof createHttpServer>;
const published: { topic: string; payload: Uint8Array }[] = [];
const enrolments: Record<string, unknown>[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'uptally-agent-cli-'));
  program = await bundleProgram('../../src/main.ts', home);
  aedes = await Aedes.createBroker();
  aedes.authenticate = (_, username, password, done) =>
    done(null, username === ID && password?.toString() === 's3cret');
  aedes.on('publish', (packet, client) => {
    if (client) published.push({ topic: packet.topic, payload: packet.payload as Uint8Array });
  });
  mqtt = createServer((socket) => aedes.handle(socket));
  await listening(mqtt);
  http = createHttpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const good = request.method === 'POST' && request.url === '/api/v1/enrol' && body.token === 'T1';
    if (good) enrolments.push(body);
    const { port } = mqtt.address() as AddressInfo;
    const answer = good
      ? {
          device_id: ID,
          secret: 's3cret',
          mqtt: { host: '127.0.0.1', port, tls_port: null, ws_port: null },
          ca_pem: null,
        }
      : { type: 'about:blank', status: 403, code: 'token_invalid', title: 'The enrolment token is not valid' };
    response.writeHead(good ? 201 : 403, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await listening(http);
});

afterAll(async () => {
  await new Promise<void>((resolve) => aedes.close(() => resolve()));
  mqtt.close();
  http.close();
  await rm(home, { recursive: true, force: true });
});

function listening(server: Server | ReturnType<typeof createHttpServer>): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function agent(args: readonly string[], locale = 'C'): Promise<Ended> {
  const env = { ...process.env, LC_ALL: locale };
  return new Promise((resolve) => {
    execFile(process.execPath, [...FLAGS, program, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

function running(args: readonly string[]): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [...FLAGS, program, 'run', ...args], { stdio: 'ignore' });
  return { child, ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))) };
}

const server = () => `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

test('enrols, runs, obeys, tells its state and leaves in good order', async () => {
  const data = await temporaryDirectory();
  const ran = join(data, 'restarted');
  const config = join(data, 'agent.json');
  await writeFile(
    config,
    JSON.stringify({ data, intervals: { beat_ms: 5000 }, commands: { restart_program: ['touch', ran] } }),
  );
  const here = ['--config', config];

  expect(await agent(['run', ...here])).toMatchObject({ code: 2, err: expect.stringContaining('not enrolled') });
  const wrong = await agent(['enroll', '--server', server(), '--token', 'nope', ...here]);
  expect(wrong).toMatchObject({
    code: 1,
    err: expect.stringContaining('token_invalid: The enrolment token is not valid'),
  });
  const enrolled = await agent(['enroll', '--server', server(), '--token', 'T1', '--serial', 'SN-1', ...here]);
  expect(enrolled).toMatchObject({ code: 0, out: `${ID}\n` });
  expect(enrolments.at(-1)).toMatchObject({ serial: 'SN-1', inventory: { serial: 'SN-1' } });
  expect((await stat(join(data, 'credentials.json'))).mode & 0o777).toBe(0o600);
  expect((await agent(['enroll', '--server', server(), '--token', 'T1', ...here])).code).toBe(1);
  expect((await agent(['status', ...here])).code).toBe(3);

  const { child, ended } = running(here);
  try {
    const batches = () =>
      published.filter(({ topic }) => topic === topicOf(ID, 'rec')).map(({ payload }) => decodeBatch(payload));
    const records = () => batches().flatMap((batch) => batch.records.map(({ rec }) => rec));
    await until(() => records().map(({ k }) => k)).toEqual(expect.arrayContaining(['beat', 'health', 'event']));
    expect(await agent(['run', ...here])).toMatchObject({ code: 1, err: expect.stringContaining('already runs') });

    const message = encodeCbor({ v: 1, id: 'c-1', op: 'restart_program', ttl_ms: 10_000 });
    const packet = {
      cmd: 'publish',
      dup: false,
      retain: false,
      topic: topicOf(ID, 'cmd'),
      payload: Buffer.from(message),
    } as const;
    for (const _ of [1, 2]) aedes.publish({ ...packet, qos: 1 }, () => undefined);
    await until(() => records().filter(({ k }) => k === 'result')).toEqual([
      expect.objectContaining({ cmd: 'c-1', state: 'succeeded' }),
    ]);
    expect((await stat(ran)).isFile()).toBe(true);

    const status = await agent(['status', ...here], 'zh_CN.UTF-8');
    expect(status).toMatchObject({ code: 0, out: expect.stringContaining('已连接') });
    expect(JSON.parse((await agent(['status', '--json', ...here])).out)).toMatchObject({
      running: true,
      stats: { up: true },
    });
  } finally {
    child.kill('SIGTERM');
  }
  expect(await ended).toBe(0);
  const statuses = () =>
    published.filter(({ topic }) => topic === topicOf(ID, 'status')).map(({ payload }) => decodeStatus(payload));
  await until(() => statuses().at(-1)).toMatchObject({ s: 'off', clean: true, session: statuses()[0]?.session });
  expect(await readFile(join(data, 'spool', 'seq.json'), 'utf8')).toMatch(/^\{"mark":\d+\}$/);
});

test('self-test shows this machine, in both languages', async () => {
  const data = await temporaryDirectory();
  expect(await agent(['selftest', '--data', data])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/processor\s+ok/),
  });
  expect((await agent(['selftest', '--data', data], 'zh_CN.UTF-8')).out).toMatch(/处理器\s+正常/);
});

test('wrong use is explained', async () => {
  expect(await agent(['dance'])).toMatchObject({ code: 2, err: expect.stringContaining('unknown command: dance') });
  expect(await agent(['enroll', '--server', 'x'])).toMatchObject({ code: 2, err: expect.stringContaining('--server') });
  expect(await agent(['run', '--config', '/nowhere.json'])).toMatchObject({
    code: 2,
    err: '/nowhere.json: no such file\n',
  });
  expect(await agent([])).toMatchObject({ code: 2, out: expect.stringContaining('enroll --server URL') });
});

test('the bundle is one small file', async () => {
  expect((await stat(program)).size).toBeLessThanOrEqual(700_000);
});
