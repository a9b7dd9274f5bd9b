import type { UpChannel } from '@uptally/protocol';
import { isUpChannel, parseTopic } from '@uptally/protocol';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';

/** Messages taken and not yet acknowledged, at most; beyond, the socket is not read. */
const MAX_PENDING = 20_000;
/** Time before a session whose message could not be stored is opened again to have it delivered anew, ms. */
const REOPEN_MS = 2_000;
/** Channels that devices speak on, as one shared group: each message goes to one process. */
const FILTERS = ['rec', 'status', 'ack'].map((channel) => `$share/uptally/up/v1/+/${channel}`);

export interface ReceivedMessage {
  readonly deviceId: string;
  readonly channel: UpChannel;
  readonly payload: Uint8Array;
}

export interface MqttSessionOptions {
  readonly url: string;
  readonly clientId: string;
  readonly credentials: Pick<IClientOptions, 'username' | 'password'>;
  readonly log: Logger;
  /** Resolves when the message is durable; PUBACK follows. A rejection leaves it to be delivered again. */
  readonly accept: (message: ReceivedMessage) => Promise<void>;
}

/**
 * One persistent session with an external broker. mqtt.js acknowledges when `handleMessage` calls back, and handles one message at
 * a time until then. So it is told "not acknowledged" at once, which lets it go on, and PUBACK is written here after the commit, to
 * the very connection that brought the message: packet ids mean nothing on another.
 */
export class MqttSession {
  readonly #options: MqttSessionOptions;
  readonly #client: MqttClient;
  #pending = 0;
  #waiting: (() => void)[] = [];
  #reopen: NodeJS.Timeout | undefined;

  constructor(options: MqttSessionOptions) {
    this.#options = options;
    this.#client = connect(options.url, {
      ...options.credentials,
      clientId: options.clientId,
      protocolVersion: 4,
      clean: false,
      keepalive: 30,
      reconnectPeriod: 1_000,
      connectTimeout: 10_000,
      resubscribe: false,
    });
    this.#client.on('connect', () => this.#subscribe());
    this.#client.on('error', (error) =>
      options.log.warn({ err: error, clientId: options.clientId }, 'mqtt: session error'),
    );
    this.#client.handleMessage = (packet, callback) => this.#handle(packet as IPublishPacket, callback);
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Leaves in order; the broker keeps the session and what was not acknowledged. */
  async close(): Promise<void> {
    clearTimeout(this.#reopen);
    await this.#client.endAsync(!this.#client.connected);
  }

  #subscribe(): void {
    this.#client.subscribe(FILTERS, { qos: 1 }, (error, granted) => {
      const refused = granted?.find((grant) => grant.qos === 128);
      if (error || refused !== undefined) {
        this.#options.log.error(
          { err: error, topic: refused?.topic },
          'mqtt: the broker refuses the shared subscription',
        );
      }
    });
  }

  #handle(packet: IPublishPacket, callback: (error?: Error) => void): void {
    const goOn = (): void => callback(packet.qos === 0 ? undefined : LATER);
    const { stream } = this.#client;
    this.#pending += 1;
    this.#store(packet)
      .then(
        () => {
          const { messageId } = packet;
          if (packet.qos === 0 || messageId === undefined || this.#client.stream !== stream) return;
          stream.write(Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]));
        },
        (error: unknown) => this.#redeliver(error),
      )
      .finally(() => {
        this.#pending -= 1;
        if (this.#pending < MAX_PENDING / 2) for (const next of this.#waiting.splice(0)) next();
      });
    if (this.#pending < MAX_PENDING) goOn();
    else this.#waiting.push(goOn);
  }

  async #store(packet: IPublishPacket): Promise<void> {
    const topic = parseTopic(packet.topic);
    if (topic === null || !isUpChannel(topic.channel)) return;
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    await this.#options.accept({ deviceId: topic.deviceId, channel: topic.channel, payload });
  }

  /** MQTT 3.1.1 delivers again only on a new connection (section 4.4). */
  #redeliver(error: unknown): void {
    this.#options.log.warn({ err: error }, 'mqtt: message not stored; the session is opened anew');
    if (this.#reopen !== undefined || this.#client.disconnecting) return;
    this.#reopen = setTimeout(() => {
      this.#reopen = undefined;
      this.#client.stream.destroy();
    }, REOPEN_MS);
  }
}

/** Tells mqtt.js that this message is not acknowledged by it. */
const LATER = new Error('acknowledged after commit');
