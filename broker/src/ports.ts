import type { AddressInfo } from 'node:net';
import type { DownChannel, UpChannel } from '@uptally/protocol';
import type { Logger } from 'pino';
import type { BrokerLimits } from './limits.ts';

/** What the broker needs from, and offers to, the rest of the platform. It knows no database. */

export interface DeviceIdentity {
  readonly deviceKey: number;
  readonly deviceId: string;
}

export interface Authenticator {
  /** `null` refuses. A rejection means "can't tell now": the device is told to come back (CONNACK 3). */
  authenticate(deviceId: string, secret: string): Promise<DeviceIdentity | null>;
}

export interface UplinkMessage {
  readonly device: DeviceIdentity;
  readonly channel: UpChannel;
  readonly payload: Uint8Array;
  readonly receivedAtMs: number;
  /** True once nobody waits for the PUBACK any more: the device will send it again, so what is not begun need not be. */
  readonly isGone?: () => boolean;
}

export interface Sink {
  /**
   * Resolves when the message is durable (committed or quarantined): only then PUBACK is sent. Rejects -> connection is closed
   * without PUBACK. May stay pending as long as it likes: the broker stops reading instead of queueing.
   */
  accept(message: UplinkMessage): Promise<void>;
  /** The broker's own view of connections; no evidence, only `connected`. */
  connected(device: DeviceIdentity): void;
  disconnected(device: DeviceIdentity): void;
  refused(reason: RefusalReason, deviceId: string | null): void;
}

/** Why something was refused. Every refusal is counted under exactly one of these. */
export const REFUSAL_REASONS = [
  'connection_rate', 'connection_limit', 'connect_timeout', 'protocol_version', 'client_id', 'credentials',
  'auth_unavailable', 'will', 'packet_too_large', 'malformed', 'publish_topic', 'topic_levels', 'publish_qos',
  'status_too_large', 'subscribe_topic', 'subscribe_share', 'idle', 'slow_reader', 'sink',
] as const; // biome-ignore format: a list to be read in lines
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export interface PublishOptions {
  readonly retain?: boolean;
}

export interface Downlink {
  /** Hands a message to the device's session (QoS 1); kept for an absent device whose session is persistent. */
  publish(deviceId: string, channel: DownChannel, payload: Uint8Array, options?: PublishOptions): Promise<void>;
  /** Cuts a live session, and one that is just being authenticated, at once. */
  disconnect(deviceId: string): Promise<void>;
}

export interface BrokerStats {
  /** Open sockets that speak MQTT, authenticated or not. */
  readonly connections: number;
  /** Devices with a session now. */
  readonly devices: number;
  readonly accepted: number;
  readonly acceptedBytes: number;
  readonly acknowledged: number;
  readonly delivered: number;
  readonly takeovers: number;
  /** Messages handed to the sink and not settled yet. */
  readonly inflight: number;
  readonly inflightBytes: number;
  readonly refused: Readonly<Record<RefusalReason, number>>;
}

export interface BrokerAddresses {
  readonly tcp?: AddressInfo;
  readonly tls?: AddressInfo;
  readonly ws?: AddressInfo;
}

export interface Broker extends Downlink {
  /** Opens the listeners. Throws {@link ListenError} (see listeners.ts) if a port can't be had; then nothing stays open. */
  start(): Promise<void>;
  /** Stops reading, waits shortly for messages in flight, closes everything. Idempotent. */
  stop(): Promise<void>;
  readonly addresses: BrokerAddresses;
  /** True while every listener takes connections. */
  readonly listening: boolean;
  stats(): BrokerStats;
}

export interface PlainListener {
  /** 0: any free port. */
  readonly port: number;
  readonly host?: string;
}

export interface TlsListener extends PlainListener {
  /** PEM. */
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

export interface ListenerOptions {
  readonly tcp?: PlainListener;
  readonly tls?: TlsListener;
  /** Plain WebSocket; put TLS in front of it, or give `key` and `cert`. */
  readonly ws?: PlainListener | TlsListener;
}

export interface BrokerOptions {
  readonly listeners: ListenerOptions;
  readonly authenticator: Authenticator;
  readonly sink: Sink;
  readonly limits?: Partial<BrokerLimits>;
  readonly logger: Logger;
  /** Several nodes share sessions, retained messages and down messages through it. */
  readonly redisUrl?: string;
  /** Wall clock, Unix ms. */
  readonly now?: () => number;
}
