import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { decodeBatch, decodeStatus, ProtocolError } from '@uptally/protocol/validate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Broker } from '../src/index.ts';
import { MemorySink, secretOf, startBroker, until } from './support.ts';

/** The commands of docs/protocol.md, run as they stand there. Needs mosquitto's clients; skipped where they are not installed. */

const run = promisify(execFile);
const installed = spawnSync('mosquitto_pub', ['--version']).error === undefined;
const text = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

describe.skipIf(!installed)('docs/protocol.md', () => {
  let broker: Broker;
  let sink: MemorySink;
  const ID = 'dev-7001';
  const command = (part: string) =>
    blocks.find((block) => block.includes(part)) ?? `echo no command with ${part}; exit 1`;
  const sh = (script: string, env: object = {}) => {
    const PORT = String(broker.addresses.tcp?.port);
    return run('sh', ['-c', script], {
      env: { ...process.env, HOST: '127.0.0.1', PORT, ID, SECRET: secretOf(ID), ...env },
    });
  };
  beforeAll(async () => {
    sink = new MemorySink();
    broker = await startBroker(sink);
  });
  afterAll(() => broker.stop());

  it('publishes a JSON batch, gzip and packed batches that are distinct records', async () => {
    await sh(command('"seq0": 1,'));
    await sh(command('gzip -9'));
    await sh(command('\\206'));
    const batches = sink.messages.splice(0).map(({ payload }) => decodeBatch(payload));
    expect(batches.flatMap(({ records }) => records.map(({ seq, rec }) => [seq, rec.k]))).toEqual([
      [1, 'beat'], [2, 'health'], [3, 'net'], [4, 'beat'], [5, 'beat'],
    ]); // biome-ignore format: pairs
    expect(batches.flatMap(({ rejects }) => rejects)).toEqual([]);
    expect(new Set(batches.map(({ sentMs }) => sentMs)).size).toBe(1);
  });

  it('publishes birth and clean end', async () => {
    await sh(command('"s": "on"'));
    await sh(command('"clean": true'));
    const said = sink.messages.splice(0).map(({ payload }) => decodeStatus(payload));
    expect(said.map(({ s, session, clean }) => [s, session, clean])).toEqual([
      ['on', 88, undefined],
      ['off', 88, true],
    ]);
  });

  it('subscribes to commands and configuration', async () => {
    await broker.publish(ID, 'cfg', Buffer.from('{"v":1,"rev":4}'), { retain: true });
    const { child } = sh(`exec ${command('mosquitto_sub').trim().replace('-W 5', '-W 60')}`);
    let heard = '';
    child.stdout?.on('data', (chunk) => (heard += chunk));
    await until(() => heard.includes('"rev":4'), 60_000); // the kept configuration: it listens now
    await broker.publish(ID, 'cmd', Buffer.from('{"v":1,"op":"selfcheck"}'));
    await until(() => heard.includes('selfcheck'), 60_000);
    child.kill();
  });

  it('sends what the platform quarantines, and it is acknowledged', async () => {
    await sh(command('not a batch'));
    const [message] = sink.messages.splice(0);
    expect(() => decodeBatch(message?.payload ?? Buffer.alloc(0))).toThrow(ProtocolError);
  });

  it('is refused with a wrong secret, and on the topic of another device', async () => {
    await expect(sh(command('"seq0": 1,'), { SECRET: 'wrong' })).rejects.toThrow(/not authori[sz]ed|bad user name/i);
    await expect(sh(command('"seq0": 1,').replace('up/v1/$ID/rec', 'up/v1/dev-7002/rec'))).rejects.toThrow();
    expect(broker.stats().refused).toMatchObject({ credentials: 1 });
    expect(broker.stats().refused.publish_topic).toBeGreaterThan(0);
    expect(sink.messages).toEqual([]);
  });
});
