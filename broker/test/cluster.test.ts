import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onFreePort } from '../../test/support/free-port.ts';
import type { Broker } from '../src/index.ts';
import { MemorySink, startBroker, until, Wire } from './support.ts';

/** Two nodes on one Redis. Skipped where there is none. */

const installed = spawnSync('redis-server', ['--version']).error === undefined;

describe.skipIf(!installed)('two nodes that share a Redis', () => {
  let redis: ChildProcess;
  let nodes: [Broker, Broker];
  const sinks = [new MemorySink(), new MemorySink()] as const;

  beforeAll(async () => {
    const { port, child } = await onFreePort((wanted) =>
      spawn('redis-server', ['--port', `${wanted}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
        stdio: 'ignore',
      }),
    );
    redis = child;
    const redisUrl = `redis://127.0.0.1:${port}/1`;
    nodes = [await startBroker(sinks[0], { redisUrl }), await startBroker(sinks[1], { redisUrl })];
  });
  afterAll(async () => {
    for (const node of nodes ?? []) await node.stop();
    redis?.kill();
  });

  it('a command published at one reaches the device at the other; kept configuration too', async () => {
    const [a, b] = nodes;
    await b.publish('dev-1', 'cfg', Buffer.from('cfg'), { retain: true });
    const wire = await Wire.login(a, 'dev-1', { clean: false });
    wire.send({
      cmd: 'subscribe',
      messageId: 5,
      subscriptions: [
        { topic: 'up/v1/dev-1/cmd', qos: 1 },
        { topic: 'up/v1/dev-1/cfg', qos: 1 },
      ],
    });
    await wire.next('suback');
    expect(String((await wire.next('publish')).payload)).toBe('cfg');
    await b.publish('dev-1', 'cmd', Buffer.from('across'));
    expect(String((await wire.next('publish')).payload)).toBe('across');
    wire.publish('up/v1/dev-1/rec', 'x', 9);
    await wire.next('puback');
    expect(sinks[0].texts()).toEqual(['x']);
    wire.end();
    await until(() => a.stats().devices === 0);
  });

  it('a device that connects to the other node leaves the first, and can be cut off from either', async () => {
    const [a, b] = nodes;
    const first = await Wire.login(a, 'dev-2');
    await until(() => a.stats().devices === 1);
    const second = await Wire.login(b, 'dev-2');
    await first.untilClosed();
    await until(() => b.stats().devices === 1);
    await a.disconnect('dev-2');
    await second.untilClosed();
  });
});
