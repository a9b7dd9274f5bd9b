/**
 * The client's part of MQTT 3.1.1 (OASIS Standard, 29 October 2014), written for few bytes of memory: what a device sends at
 * QoS 0 and 1, and what a broker answers. Sections of the standard in brackets.
 */

export interface ConnectFields {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  readonly keepaliveS: number;
  readonly will: { readonly topic: string; readonly payload: Uint8Array };
}

/** CONNECT [3.1], clean session 0, will at QoS 1, retained. */
export function connectPacket(fields: ConnectFields): Buffer {
  const USERNAME = 0x80;
  const PASSWORD = 0x40;
  const WILL_RETAIN = 0x20;
  const WILL_QOS1 = 0x08;
  const WILL = 0x04;
  return packet(0x10, [
    text('MQTT'),
    Buffer.of(4, USERNAME | PASSWORD | WILL_RETAIN | WILL_QOS1 | WILL),
    uint16(fields.keepaliveS),
    text(fields.clientId),
    text(fields.will.topic),
    uint16(fields.will.payload.length),
    fields.will.payload,
    text(fields.username),
    text(fields.password),
  ]);
}

/** PUBLISH at QoS 1 [3.3]. */
export function publishPacket(topic: string, packetId: number, payload: Uint8Array, retain: boolean): Buffer {
  return packet(0x32 | (retain ? 1 : 0), [text(topic), uint16(packetId), payload]);
}

/** SUBSCRIBE to topics at QoS 1 [3.8]. */
export function subscribePacket(packetId: number, topics: readonly string[]): Buffer {
  return packet(0x82, [uint16(packetId), ...topics.flatMap((topic) => [text(topic), Buffer.of(1)])]);
}

export function pubackPacket(packetId: number): Buffer {
  return packet(0x40, [uint16(packetId)]);
}

export const PINGREQ = Buffer.of(0xc0, 0);
export const DISCONNECT = Buffer.of(0xe0, 0);

export type BrokerPacket =
  | { readonly type: 'connack'; readonly code: number; readonly sessionPresent: boolean }
  | {
      readonly type: 'publish';
      readonly topic: string;
      /** `null` at QoS 0. */
      readonly packetId: number | null;
      readonly payload: Uint8Array;
    }
  | { readonly type: 'puback'; readonly packetId: number }
  | { readonly type: 'suback'; readonly granted: readonly number[] }
  | { readonly type: 'pingresp' };

/** The broker broke the protocol; the connection can't go on. */
export class MqttProtocolError extends Error {
  override readonly name = 'MqttProtocolError';
}

/** Cuts a byte stream into packets. Holds at most one packet of `maxBytes`. */
export class PacketReader {
  readonly #maxBytes: number;
  #rest: Buffer | null = null;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The packets completed by `chunk`. Throws {@link MqttProtocolError}. */
  push(chunk: Buffer): BrokerPacket[] {
    let bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    const packets: BrokerPacket[] = [];
    for (;;) {
      const size = this.#sizeOf(bytes);
      if (size === null || bytes.length < size.total) break;
      packets.push(parse(bytes[0] ?? 0, bytes.subarray(size.header, size.total)));
      bytes = bytes.subarray(size.total);
    }
    // A copy: a slice would keep the socket's whole read buffer alive.
    this.#rest = bytes.length > 0 ? Buffer.from(bytes) : null;
    return packets;
  }

  /** Lengths of the first packet by its remaining-length field [2.2.3]; `null` while that is incomplete. */
  #sizeOf(bytes: Buffer): { header: number; total: number } | null {
    let length = 0;
    for (let i = 1; i <= 4; i++) {
      const byte = bytes[i];
      if (byte === undefined) return null;
      length += (byte & 0x7f) * 128 ** (i - 1);
      if ((byte & 0x80) !== 0) continue;
      if (length > this.#maxBytes) throw new MqttProtocolError(`packet of ${length} bytes`);
      return { header: i + 1, total: i + 1 + length };
    }
    throw new MqttProtocolError('malformed remaining length');
  }
}

function parse(head: number, body: Buffer): BrokerPacket {
  try {
    switch (head >> 4) {
      case 2:
        return { type: 'connack', code: body.readUInt8(1), sessionPresent: (body.readUInt8(0) & 1) === 1 };
      case 3:
        return parsePublish(head, body);
      case 4:
        return { type: 'puback', packetId: body.readUInt16BE(0) };
      case 9:
        return { type: 'suback', granted: [...body.subarray(2)] };
      case 13:
        return { type: 'pingresp' };
    }
  } catch (cause) {
    throw new MqttProtocolError('packet cut short', { cause });
  }
  throw new MqttProtocolError(`unexpected packet type ${head >> 4}`);
}

function parsePublish(head: number, body: Buffer): BrokerPacket {
  const qos = (head >> 1) & 3;
  const topicEnd = 2 + body.readUInt16BE(0);
  if (topicEnd > body.length || qos > 1) throw new MqttProtocolError('malformed publish');
  const packetId = qos === 1 ? body.readUInt16BE(topicEnd) : null;
  return {
    type: 'publish',
    topic: body.toString('utf8', 2, topicEnd),
    packetId,
    payload: new Uint8Array(body.subarray(topicEnd + (qos === 1 ? 2 : 0))),
  };
}

function packet(head: number, parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const prefix = [head];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    prefix.push(rest >= 128 ? (rest % 128) | 0x80 : rest);
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from(prefix), ...parts], prefix.length + length);
}

function uint16(value: number): Buffer {
  return Buffer.of((value >> 8) & 0xff, value & 0xff);
}

/** UTF-8 string with its length [1.5.3]. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint16(bytes.length), bytes]);
}
