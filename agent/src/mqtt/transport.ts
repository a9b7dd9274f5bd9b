import { connect as connectTcp, type Socket } from 'node:net';
import { type DownChannel, isDownChannel, LIMITS, parseTopic, topicOf, type UpChannel } from '@uptally/protocol';
import type { ConnectRequest, Link, LinkHandlers, Transport } from '../core/ports.ts';
import {
  type BrokerPacket,
  connectPacket,
  DISCONNECT,
  PacketReader,
  PINGREQ,
  pubackPacket,
  publishPacket,
  subscribePacket,
} from './packets.ts';

export interface MqttAddress {
  readonly host: string;
  readonly port: number;
  /** TLS with these authorities (PEM); `undefined` speaks plain TCP. An empty string trusts the system's authorities. */
  readonly caPem?: string | undefined;
}

export interface MqttTransportOptions extends MqttAddress {
  readonly secret: string;
  /** Local address to bind, e.g. to spread a simulated fleet over loopback addresses. */
  readonly localAddress?: string;
}

const CONNECT_REFUSED_CREDENTIALS = [4, 5];

/** MQTT 3.1.1 over TCP or TLS. TLS is loaded when it is first used: it costs 8 MB. */
export function createMqttTransport(options: MqttTransportOptions): Transport {
  return { open: (request, handlers) => new MqttLink(options, request, handlers) };
}

class MqttLink implements Link {
  readonly #request: ConnectRequest;
  readonly #handlers: LinkHandlers;
  readonly #reader = new PacketReader(LIMITS.packetBytes);
  #socket: Socket | null = null;
  #packetId = 0;
  #closed = false;

  constructor(options: MqttTransportOptions, request: ConnectRequest, handlers: LinkHandlers) {
    this.#request = request;
    this.#handlers = handlers;
    openSocket(options).then(
      (socket) => this.#attach(socket, options.secret),
      (error: unknown) => this.#close(reasonOf(error), false),
    );
  }

  publish(channel: UpChannel, payload: Uint8Array, retain: boolean): number {
    const id = this.#nextId();
    this.#socket?.write(publishPacket(topicOf(this.#request.deviceId, channel), id, payload, retain));
    return id;
  }

  ping(): void {
    this.#socket?.write(PINGREQ);
  }

  cork(run: () => void): void {
    this.#socket?.cork();
    run();
    this.#socket?.uncork();
  }

  end(): void {
    this.#socket?.end(DISCONNECT);
    this.#close('ended', false);
  }

  destroy(): void {
    this.#close('destroyed', false);
    this.#socket?.destroy();
  }

  #attach(socket: Socket, secret: string): void {
    if (this.#closed) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (error) => this.#close(reasonOf(error), false));
    socket.on('close', () => this.#close('closed', false));
    const { deviceId, keepaliveS, will } = this.#request;
    socket.write(
      connectPacket({
        clientId: deviceId,
        username: deviceId,
        password: secret,
        keepaliveS,
        will: { topic: topicOf(deviceId, 'status'), payload: will },
      }),
    );
  }

  #onData(chunk: Buffer): void {
    try {
      for (const packet of this.#reader.push(chunk)) if (!this.#closed) this.#handle(packet);
    } catch (error) {
      this.#close(reasonOf(error), false);
      this.#socket?.destroy();
    }
  }

  #handle(packet: BrokerPacket): void {
    switch (packet.type) {
      case 'connack':
        if (packet.code === 0) this.#accepted();
        else this.#refused(packet.code);
        return;
      case 'publish':
        this.#deliver(packet.topic, packet.packetId, packet.payload);
        return;
      case 'puback':
        this.#handlers.onPuback(packet.packetId);
        return;
      case 'pingresp':
        this.#handlers.onPong();
        return;
      case 'suback':
        // Only now: the platform answers a birth with what it has to say, and that must find us listening.
        if (packet.granted.some((code) => code === 0x80)) this.#refused(5);
        else this.#handlers.onUp();
        return;
    }
  }

  #accepted(): void {
    // Subscribed anew each time: costs one packet and brings the retained cfg along, also if the broker lost our session.
    const topics = (['cmd', 'cfg'] as const).map((channel) => topicOf(this.#request.deviceId, channel));
    this.#socket?.write(subscribePacket(this.#nextId(), topics));
  }

  #refused(code: number): void {
    this.#close(`refused_${code}`, CONNECT_REFUSED_CREDENTIALS.includes(code));
    this.#socket?.destroy();
  }

  #deliver(topic: string, packetId: number | null, payload: Uint8Array): void {
    const channel = parseTopic(topic)?.channel;
    const done =
      channel !== undefined && isDownChannel(channel)
        ? this.#handlers.onMessage(channel satisfies DownChannel, payload)
        : Promise.resolve();
    done.then(
      () => packetId !== null && !this.#closed && this.#socket?.write(pubackPacket(packetId)),
      // Not kept, so not acknowledged: the broker delivers it again with the next connection.
      (error: unknown) => {
        this.#close(reasonOf(error), false);
        this.#socket?.destroy();
      },
    );
  }

  #nextId(): number {
    this.#packetId = (this.#packetId % 0xffff) + 1;
    return this.#packetId;
  }

  #close(reason: string, refused: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#handlers.onDown(reason, refused);
  }
}

/** A connected socket. */
async function openSocket(options: MqttTransportOptions): Promise<Socket> {
  const { host, port, caPem, localAddress } = options;
  const where = { host, port, ...(localAddress && { localAddress }) };
  if (caPem === undefined) return connected(connectTcp(where), 'connect');
  const { connect } = await import('node:tls');
  const trust = caPem === '' ? {} : { ca: caPem };
  return connected(connect({ ...where, ...trust, servername: isIp(host) ? '' : host }), 'secureConnect');
}

function connected(socket: Socket, event: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once(event, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function isIp(host: string): boolean {
  return /^[0-9.]+$/.test(host) || host.includes(':');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
