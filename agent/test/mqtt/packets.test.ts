import fc from 'fast-check';
import { generate, type Packet, parser } from 'mqtt-packet';
import { expect, test } from 'vitest';
import {
  connectPacket,
  DISCONNECT,
  MqttProtocolError,
  PacketReader,
  PINGREQ,
  pubackPacket,
  publishPacket,
  subscribePacket,
} from '../../src/mqtt/packets.ts';

/** mqtt-packet is the reference: both sides of it are used by the brokers and clients that we must understand. */
function parsed(bytes: Uint8Array): Packet[] {
  const packets: Packet[] = [];
  const reference = parser({ protocolVersion: 4 });
  reference.on('packet', (packet) => packets.push(packet));
  reference.on('error', (error) => {
    throw error;
  });
  reference.parse(Buffer.from(bytes));
  return packets;
}

test('what we send is what the reference reads', () => {
  const payload = Uint8Array.of(1, 2, 3);
  const [connect] = parsed(
    connectPacket({
      clientId: 'd-1',
      username: 'd-1',
      password: 'sécret',
      keepaliveS: 150,
      will: { topic: 'a/b', payload },
    }),
  );
  expect(connect).toMatchObject({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: false,
    clientId: 'd-1',
    keepalive: 150,
    username: 'd-1',
    will: { topic: 'a/b', qos: 1, retain: true, payload: Buffer.from(payload) },
  });
  expect(connect?.cmd === 'connect' && connect.password?.toString()).toBe('sécret');
  expect(parsed(subscribePacket(7, ['a/cmd', 'a/cfg']))[0]).toMatchObject({
    messageId: 7,
    subscriptions: [
      { topic: 'a/cmd', qos: 1 },
      { topic: 'a/cfg', qos: 1 },
    ],
  });
  expect(parsed(Buffer.concat([pubackPacket(9), PINGREQ, DISCONNECT])).map(({ cmd }) => cmd)).toEqual([
    'puback',
    'pingreq',
    'disconnect',
  ]);
});

test.each([0, 1, 100, 127, 128, 16_383, 16_384, 200_000])('a publish of %i bytes', (size) => {
  const payload = new Uint8Array(size).fill(7);
  expect(parsed(publishPacket('up/v1/d-1/rec', 65_535, payload, false))[0]).toMatchObject({
    cmd: 'publish',
    qos: 1,
    retain: false,
    dup: false,
    messageId: 65_535,
    topic: 'up/v1/d-1/rec',
    payload: Buffer.from(payload),
  });
});

test('what the reference sends is what we read, however the stream is cut', () => {
  const payload = Buffer.from('x'.repeat(300));
  const stream = Buffer.concat(
    (
      [
        { cmd: 'connack', returnCode: 0, sessionPresent: true },
        { cmd: 'suback', messageId: 1, granted: [1, 128] },
        { cmd: 'publish', qos: 1, dup: true, retain: true, messageId: 5, topic: 'up/v1/ä/cmd', payload },
        { cmd: 'publish', qos: 0, dup: false, retain: false, topic: 't', payload: Buffer.alloc(0) },
        { cmd: 'puback', messageId: 77 },
        { cmd: 'pingresp' },
      ] as Packet[]
    ).map((packet) => generate(packet)),
  );
  const expected = [
    { type: 'connack', code: 0, sessionPresent: true },
    { type: 'suback', granted: [1, 128] },
    { type: 'publish', topic: 'up/v1/ä/cmd', packetId: 5, payload: new Uint8Array(payload) },
    { type: 'publish', topic: 't', packetId: null, payload: new Uint8Array() },
    { type: 'puback', packetId: 77 },
    { type: 'pingresp' },
  ];
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 10 }), (cuts) => {
      const reader = new PacketReader(1000);
      const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const packets = edges.slice(1).flatMap((end, i) => reader.push(stream.subarray(edges[i], end)));
      expect(packets).toEqual(expected);
    }),
  );
});

test('arbitrary bytes are read or refused, never anything else', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (chunks) => {
      const reader = new PacketReader(200);
      try {
        for (const chunk of chunks) reader.push(Buffer.from(chunk));
      } catch (error) {
        expect(error).toBeInstanceOf(MqttProtocolError);
      }
    }),
    { numRuns: 2000 },
  );
});
