import { type Envelope, encodeBatch } from '@uptally/protocol';
import { decodeAck, decodeBatch, decodeStatus, ProtocolError } from '@uptally/protocol/validate';
import { generate } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Broker } from '../src/index.ts';
import { connectPacket, MemorySink, startBroker, Wire } from './support.ts';

/** Hostile input from a fixed seed: nothing may crash, no rejection go unhandled, no other device be harmed. */

const SEED = 20261121;
const random = xorshift(SEED);

const ENVELOPE: Envelope = {
  v: 1,
  boot: 3,
  seq0: 1000,
  sent_ms: 1_780_000_000_000,
  mono_ms: 86_400_000,
  recs: [
    { k: 'beat', d_mono: 0 },
    { k: 'health', d_mono: 5, full: true, c: { printer: { s: 'fault', r: 'paper_out' } }, m: { cpu_pct: 12.5 } },
    { k: 'event', d_mono: 9, code: 'boot', sev: 'info', d: { reason: 'power', list: [1, 'x', null] } },
    { k: 'log', d_mono: 9, lvl: 'warn', msg: '打印机缺纸' },
  ],
};
const PAYLOADS = [
  Buffer.from(encodeBatch(ENVELOPE)),
  Buffer.from(encodeBatch(ENVELOPE, { gzip: true })),
  Buffer.from(JSON.stringify(ENVELOPE)),
  Buffer.from(JSON.stringify({ v: 1, s: 'on', session: 5, boot: 2, beat_ms: 60_000 })),
  Buffer.from(JSON.stringify({ v: 1, cmd: 'c-1', state: 'accepted' })),
];

const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);
beforeAll(() => process.on('unhandledRejection', note));
afterAll(() => process.off('unhandledRejection', note));

it('100,000 mutated payloads are decoded or refused with a code', () => {
  let decoded = 0;
  const codes = new Map<string, number>();
  for (let i = 0; i < 100_000; i += 1) {
    const payload = mutate(pick(PAYLOADS));
    const decode = i % 5 === 3 ? decodeStatus : i % 5 === 4 ? decodeAck : decodeBatch;
    try {
      decode(payload);
      decoded += 1;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw new Error(`payload ${payload.toString('hex')}`, { cause: error });
      codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
    }
  }
  expect(decoded).toBeGreaterThan(1_000);
  expect([...codes.keys()].sort()).toEqual(
    expect.arrayContaining(['bad_envelope', 'bad_message', 'malformed', 'unknown_form']),
  );
});

describe('on the wire', () => {
  let broker: Broker;
  let sink: MemorySink;
  beforeAll(async () => {
    sink = new MemorySink();
    broker = await startBroker(sink);
  });
  afterAll(() => broker.stop());

  it('thousands of broken connections and packets leave the broker and its devices unharmed', async () => {
    const witness = await Wire.login(broker, 'dev-1');
    for (let round = 0; round < 60; round += 1) {
      await Promise.all(Array.from({ length: 25 }, (_, i) => attack(`dev-${1000 + round * 25 + i}`)));
      witness.publish('up/v1/dev-1/rec', `round ${round}`, round + 1);
      expect((await witness.next('puback')).messageId).toBe(round + 1);
    }
    witness.end();
    await expect.poll(() => broker.stats()).toMatchObject({ connections: 0, devices: 0, inflight: 0 });
    expect(broker.stats().refused.malformed).toBeGreaterThan(100);
    expect(sink.presence.filter((line) => line.startsWith('+')).length).toBe(sink.presence.length / 2);
    expect(unhandled).toEqual([]);
  });

  /** Sends mutated packets, half of the time after a good CONNECT, and hangs up. */
  async function attack(deviceId: string): Promise<void> {
    const good = random() < 0.5;
    const wire = good ? await Wire.login(broker, deviceId) : await Wire.open(broker);
    for (let i = 0; i < 8 && !wire.closed; i += 1) wire.raw(mutate(pick(packetsOf(deviceId))));
    if (good && random() < 0.2)
      await Promise.race([wire.untilClosed(), new Promise((resolve) => setTimeout(resolve, 20))]);
    await new Promise<void>((resolve) => wire.socket.end(resolve));
    wire.end();
  }
});

function packetsOf(deviceId: string): Buffer[] {
  const topic = `up/v1/${deviceId}`;
  const packets = [
    connectPacket(deviceId, { will: { topic: `${topic}/status`, payload: 'x', qos: 1, retain: true } }),
    { cmd: 'publish', topic: `${topic}/rec`, payload: pick(PAYLOADS), qos: 1, messageId: 9, retain: false, dup: false },
    { cmd: 'publish', topic: `${topic}/status`, payload: PAYLOADS[3], qos: 1, messageId: 10, retain: true, dup: false },
    {
      cmd: 'subscribe',
      messageId: 11,
      subscriptions: [
        { topic: `${topic}/cmd`, qos: 1 },
        { topic: `${topic}/cfg`, qos: 1 },
      ],
    },
    { cmd: 'unsubscribe', messageId: 12, unsubscriptions: [`${topic}/cmd`] },
    { cmd: 'puback', messageId: 13 },
    { cmd: 'pingreq' },
    { cmd: 'disconnect' },
  ];
  return packets.map((packet) => generate(packet as Parameters<typeof generate>[0]));
}

/** Flips, cuts, repeats, inserts and overwrites; sometimes nothing at all. */
function mutate(bytes: Buffer): Buffer {
  let out = Buffer.from(bytes);
  const times = Math.floor(random() * 4);
  for (let i = 0; i < times && out.length > 0; i += 1) {
    const at = Math.floor(random() * out.length);
    const kind = Math.floor(random() * 5);
    if (kind === 0) out[at] = (out[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    else if (kind === 1) out = out.subarray(0, at);
    else if (kind === 2) out = Buffer.concat([out, out.subarray(at)]);
    else if (kind === 3) out = Buffer.concat([out.subarray(0, at), noise(), out.subarray(at)]);
    else out.fill(Math.floor(random() * 256), at, Math.min(out.length, at + Math.ceil(random() * 8)));
  }
  return out;
}

function noise(): Buffer {
  return Buffer.from(Array.from({ length: Math.ceil(random() * 16) }, () => Math.floor(random() * 256)));
}

function pick<T>(items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

function xorshift(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
