import type { Connection } from './connection.ts';
import type { DeviceIdentity, Sink } from './ports.ts';

interface Session {
  readonly connection: Connection;
  /** Resolves when this connection and all before it are entirely gone, from aedes too. */
  readonly gone: Promise<void>;
}

const NEVER_LONGER_MS = 5_000;

/**
 * Who is connected. One session a device: a new connection of the same id ends the old one ([MQTT-3.1.4-2]) and goes on only when
 * aedes has forgotten the old, which would otherwise unregister the new one as it goes. So `disconnected` of the old always comes
 * before `connected` of the new.
 */
export class Presence {
  readonly #sink: Sink;
  readonly #sessions = new Map<string, Session>();
  readonly #authenticating = new Map<string, Set<Connection>>();
  readonly #goodbyes = new WeakMap<Connection, () => void>();
  readonly #registered = new WeakSet<Connection>();
  takeovers = 0;
  /** Devices with a session now. */
  size = 0;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** True if the device has a live session here. */
  has(deviceId: string): boolean {
    return this.#sessions.get(deviceId)?.connection.announced ?? false;
  }

  authenticating(deviceId: string, connection: Connection): void {
    const connections = this.#authenticating.get(deviceId);
    if (connections === undefined) this.#authenticating.set(deviceId, new Set([connection]));
    else connections.add(connection);
  }

  authenticated(deviceId: string, connection: Connection): void {
    const connections = this.#authenticating.get(deviceId);
    connections?.delete(connection);
    if (connections?.size === 0) this.#authenticating.delete(deviceId);
  }

  /** Makes `connection` the device's session; resolves when the one before is gone. */
  async claim(connection: Connection, device: DeviceIdentity): Promise<void> {
    if (connection.destroyed) return;
    const before = this.#sessions.get(device.deviceId);
    const left = new Promise<void>((resolve) => this.#goodbyes.set(connection, resolve));
    const beforeGone = before === undefined ? null : withinMs(before.gone, NEVER_LONGER_MS);
    const session = { connection, gone: Promise.all([left, beforeGone]).then(() => undefined) };
    this.#sessions.set(device.deviceId, session);
    const forget = () => {
      if (this.#sessions.get(device.deviceId) === session) this.#sessions.delete(device.deviceId);
    };
    session.gone.then(forget, forget);
    if (before === undefined) return;
    if (!before.connection.destroyed) this.takeovers += 1;
    before.connection.destroy();
    await beforeGone;
  }

  /** aedes has taken the connection into its list. */
  registered(connection: Connection): void {
    this.#registered.add(connection);
  }

  /** CONNACK is out. */
  connected(connection: Connection): void {
    const { device } = connection;
    if (device === null || connection.destroyed || this.#sessions.get(device.deviceId)?.connection !== connection)
      return;
    connection.announced = true;
    this.size += 1;
    this.#sink.connected(device);
  }

  /** The socket is gone; aedes may still have to clean up after it. */
  closed(connection: Connection): void {
    const { device } = connection;
    if (device === null) return;
    if (connection.announced) {
      connection.announced = false;
      this.size -= 1;
      this.#sink.disconnected(device);
    }
    if (!this.#registered.has(connection)) this.forgotten(connection);
  }

  /** aedes has dropped the connection. */
  forgotten(connection: Connection): void {
    this.#goodbyes.get(connection)?.();
    this.#goodbyes.delete(connection);
  }

  /** Cuts the device's session and any that is about to become one. */
  cut(deviceId: string): void {
    this.#sessions.get(deviceId)?.connection.destroy();
    for (const connection of this.#authenticating.get(deviceId) ?? []) connection.destroy();
  }
}

async function withinMs(promise: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
