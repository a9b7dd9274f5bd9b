import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { generate, type Packet as MqttPacket, parser } from 'mqtt-packet';
import pino from 'pino';
import {
  type Broker,
  type BrokerOptions,
  createBroker,
  type DeviceIdentity,
  type Sink,
  type UplinkMessage,
} from '../src/index.ts';

/** A sink in memory whose promises the test settles, or which settles at once. */
export class MemorySink implements Sink {
  readonly messages: UplinkMessage[] = [];
  readonly presence: string[] = [];
  readonly refusals: [reason: string, deviceId: string | null][] = [];
  /** Asked for every message; default: durable at once. */
  decide: (message: UplinkMessage) => Promise<void> = async () => undefined;

  accept(message: UplinkMessage): Promise<void> {
    this.messages.push(message);
    return this.decide(message);
  }

  connected(device: DeviceIdentity): void {
    this.presence.push(`+${device.deviceId}`);
  }

  disconnected(device: DeviceIdentity): void {
    this.presence.push(`-${device.deviceId}`);
  }

  refused(reason: string, deviceId: string | null): void {
    this.refusals.push([reason, deviceId]);
  }

  texts(): string[] {
    return this.messages.map(({ payload }) => Buffer.from(payload).toString());
  }
}

/** Knows every device whose id starts with `dev-`; its secret is `secret-of-<id>`. */
export const authenticator = {
  async authenticate(deviceId: string, secret: string): Promise<DeviceIdentity | null> {
    if (!deviceId.startsWith('dev-') || secret !== secretOf(deviceId)) return null;
    return { deviceKey: Number(deviceId.slice(4)), deviceId };
  },
};

export const secretOf = (deviceId: string) => `secret-of-${deviceId}`;

export async function startBroker(sink: Sink, options: Partial<BrokerOptions> = {}): Promise<Broker> {
  const broker = createBroker({
    listeners: { tcp: { port: 0, host: '127.0.0.1' } },
    authenticator,
    sink,
    logger: pino({ level: 'silent' }),
    ...options,
  });
  await broker.start();
  return broker;
}

/** An MQTT client that sends and shows single packets, good or bad. */
export class Wire {
  readonly #stream: Duplex;
  readonly #received: MqttPacket[] = [];
  readonly #waiting = new Set<() => void>();
  closed = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
    const packets = parser({ protocolVersion: 4 });
    packets.on('packet', (packet) => {
      this.#received.push(packet);
      this.#wake();
    });
    stream.on('data', (chunk: Buffer) => packets.parse(chunk));
    stream.on('error', () => undefined);
    stream.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async open(broker: Broker): Promise<Wire> {
    const socket = connectTcp(broker.addresses.tcp?.port ?? 0, '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    return new Wire(socket);
  }

  /** Connects as a device; resolves after CONNACK. */
  static async login(broker: Broker, deviceId: string, more: object = {}): Promise<Wire> {
    const wire = await Wire.open(broker);
    wire.send(connectPacket(deviceId, more));
    await wire.next('connack');
    return wire;
  }

  get received(): readonly MqttPacket[] {
    return this.#received;
  }

  get socket(): Socket {
    return this.#stream as Socket;
  }

  send(packet: object): void {
    this.raw(generate(packet as MqttPacket));
  }

  raw(bytes: Uint8Array): boolean {
    return this.#stream.write(bytes);
  }

  publish(topic: string, payload: string | Buffer, messageId = 1, more: object = {}): void {
    this.send({ cmd: 'publish', topic, payload, qos: 1, messageId, retain: false, dup: false, ...more });
  }

  /** Takes the next packet of that type out of what came; fails if the connection ends before. */
  async next(cmd: string): Promise<MqttPacket & Record<string, unknown>> {
    for (;;) {
      const at = this.#received.findIndex((packet) => packet.cmd === cmd);
      const [packet] = at < 0 ? [] : this.#received.splice(at, 1);
      if (packet !== undefined) return packet as MqttPacket & Record<string, unknown>;
      if (this.closed) throw new Error(`closed before ${cmd}`);
      await this.#change();
    }
  }

  async untilClosed(): Promise<void> {
    while (!this.closed) await this.#change();
  }

  end(): void {
    this.#stream.destroy();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

export function connectPacket(deviceId: string, more: object = {}): object {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: deviceId,
    keepalive: 60,
    username: deviceId,
    password: Buffer.from(secretOf(deviceId)),
    ...more,
  };
}

/** Looks again every few ms until `check` holds; throws after `timeoutMs`. */
export async function until(check: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${check.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
