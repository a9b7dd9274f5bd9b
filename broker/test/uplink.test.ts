import { afterEach, describe, expect, it } from 'vitest';
import type { Broker } from '../src/index.ts';
import { MemorySink, startBroker, until, Wire } from './support.ts';

let broker: Broker;
afterEach(() => broker.stop());

describe('publishes of a device', () => {
  it('are acknowledged only when the sink says durable, in the order they came', async () => {
    const sink = new MemorySink();
    const settle: (() => void)[] = [];
    sink.decide = () => new Promise((resolve) => settle.push(resolve));
    broker = await startBroker(sink);
    const wire = await Wire.login(broker, 'dev-1');
    wire.publish('up/v1/dev-1/rec', 'a', 7);
    wire.publish('up/v1/dev-1/rec', 'b', 8);
    wire.publish('up/v1/dev-1/ack', 'c', 9);
    await until(() => sink.messages.length === 3);
    settle[1]?.();
    wire.send({ cmd: 'pingreq' });
    await wire.next('pingresp');
    expect(wire.received.filter(({ cmd }) => cmd === 'puback')).toEqual([]); // 8 waits for 7 ([MQTT-4.6.0-2])
    settle[0]?.();
    expect((await wire.next('puback')).messageId).toBe(7);
    expect((await wire.next('puback')).messageId).toBe(8);
    expect(broker.stats()).toMatchObject({ accepted: 3, acknowledged: 2, inflight: 1 });
    settle[2]?.();
    expect((await wire.next('puback')).messageId).toBe(9);
    expect(sink.messages.map(({ channel }) => channel)).toEqual(['rec', 'rec', 'ack']);
    expect(sink.messages[0]?.device).toEqual({ deviceKey: 1, deviceId: 'dev-1' });
  });

  it('end the connection without PUBACK when the sink fails, also when it throws', async () => {
    const sink = new MemorySink();
    broker = await startBroker(sink);
    for (const decide of [
      () => Promise.reject(new Error('no')),
      () => {
        throw new Error('thrown');
      },
    ]) {
      sink.decide = decide;
      const wire = await Wire.login(broker, 'dev-1');
      wire.publish('up/v1/dev-1/rec', 'a');
      await wire.untilClosed();
      expect(wire.received).toEqual([]);
    }
    expect(broker.stats().refused.sink).toBe(2);
    expect(broker.stats().inflight).toBe(0);
  });

  it('may come at QoS 0, unanswered; QoS 2 is refused', async () => {
    const sink = new MemorySink();
    broker = await startBroker(sink);
    const wire = await Wire.login(broker, 'dev-1');
    wire.publish('up/v1/dev-1/rec', 'zero', 0, { qos: 0 });
    wire.publish('up/v1/dev-1/rec', 'two', 2, { qos: 2 });
    await wire.untilClosed();
    expect(sink.texts()).toEqual(['zero']);
    expect(broker.stats().refused.publish_qos).toBe(1);
  });

  it.each([
    ['up/v1/dev-2/rec', 'publish_topic'],
    ['up/v1/dev-1/cmd', 'publish_topic'],
    ['up/v1/dev-1/rec/more', 'topic_levels'],
    ['$SYS/x', 'publish_topic'],
    ['up/v1/dev-1/#', 'publish_topic'],
    ['', 'publish_topic'],
  ] as const)('on %j are refused as %s, counted, and close the connection', async (topic, reason) => {
    const sink = new MemorySink();
    broker = await startBroker(sink);
    const wire = await Wire.login(broker, 'dev-1');
    wire.raw(rawPublish(topic));
    await wire.untilClosed();
    expect(broker.stats().refused[reason]).toBe(1);
    expect(sink.refusals).toEqual([[reason, 'dev-1']]);
    expect(sink.messages).toEqual([]);
  });

  it('beyond the window stay unread, and the connection lives on', async () => {
    const sink = new MemorySink();
    let settle: (() => void)[] = [];
    sink.decide = () => new Promise((resolve) => settle.push(resolve));
    broker = await startBroker(sink, { limits: { inflight: 4 } });
    const wire = await Wire.login(broker, 'dev-1');
    for (let i = 1; i <= 10; i += 1) wire.publish('up/v1/dev-1/rec', `${i}`, i);
    await until(() => sink.messages.length === 4);
    let acked = 0;
    while (acked < 10) {
      const now = settle;
      settle = [];
      for (const done of now) done();
      for (const _ of now) {
        await wire.next('puback');
        acked += 1;
      }
      await until(() => acked === 10 || settle.length === Math.min(4, 10 - acked));
      expect(broker.stats().inflight).toBeLessThanOrEqual(4);
    }
    expect(sink.texts()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it('stop being read while the sink is stuck: senders are held up, memory is not filled', async () => {
    const sink = new MemorySink();
    const settle: (() => void)[] = [];
    sink.decide = () => new Promise((resolve) => settle.push(resolve));
    broker = await startBroker(sink, { limits: { totalInflightBytes: 100_000, inflight: 1000 } });
    const wires = await Promise.all(['dev-1', 'dev-2', 'dev-3'].map((id) => Wire.login(broker, id)));
    const payload = Buffer.alloc(10_000);
    for (let i = 1; i <= 500; i += 1) {
      for (const [k, wire] of wires.entries()) wire.publish(`up/v1/dev-${k + 1}/rec`, payload, i);
    }
    await until(() => broker.stats().inflightBytes >= 100_000);
    await until(() => wires.every((wire) => wire.socket.writableLength > 0));
    expect(broker.stats().inflightBytes).toBeLessThan(120_000);
    sink.decide = async () => undefined;
    for (const done of settle) done();
    await until(() => broker.stats().acknowledged === 1500);
    expect(broker.stats().inflight).toBe(0);
  });

  it('of any size up to the limit pass in any pieces; larger ones are refused by their header', async () => {
    const sink = new MemorySink();
    broker = await startBroker(sink, { limits: { packetBytes: 1000 } });
    const wire = await Wire.login(broker, 'dev-1');
    const packet = rawPublish('up/v1/dev-1/rec', Buffer.alloc(900, 0x61));
    for (const byte of packet) wire.raw(Buffer.from([byte]));
    await wire.next('puback');
    expect(sink.texts()).toEqual(['a'.repeat(900)]);
    wire.raw(Buffer.from([0x32, 0xe9, 0x07])); // says 1001 bytes, sends none
    await wire.untilClosed();
    expect(broker.stats().refused.packet_too_large).toBe(1);
  });

  it('births are bounded in size and kept as retained status', async () => {
    const sink = new MemorySink();
    broker = await startBroker(sink);
    const wire = await Wire.login(broker, 'dev-1');
    wire.publish('up/v1/dev-1/status', '{"v":1}', 1, { retain: true });
    await wire.next('puback');
    wire.publish('up/v1/dev-1/status', Buffer.alloc(3000), 2);
    await wire.untilClosed();
    expect(broker.stats().refused.status_too_large).toBe(1);
  });
});

function rawPublish(topic: string, payload = Buffer.from('x')): Buffer {
  const name = Buffer.from(topic);
  const length = 4 + name.length + payload.length;
  const header = length < 128 ? [0x32, length] : [0x32, (length & 0x7f) | 0x80, length >> 7];
  return Buffer.concat([Buffer.from([...header, 0, name.length]), name, Buffer.from([0, 1]), payload]);
}
