import { DOWN_CHANNELS, topicOf } from '@uptally/protocol';
import type { AedesOptions, Client } from 'aedes';
import { Connection } from './connection.ts';
import type { RefusalReason, Sink } from './ports.ts';
import { ownUpChannel } from './uplink.ts';

/**
 * Topic rights of a device: publish on its own up channels (uplink.ts), subscribe to its own down channels by exact name, leave a
 * will on its own status. Everything else is refused and counted.
 */

/** True if a device may subscribe to `filter`. Wildcards and shared subscriptions are never needed, so never granted. */
function maySubscribe(filter: string, deviceId: string): boolean {
  return DOWN_CHANNELS.some((channel) => filter === topicOf(deviceId, channel));
}

/**
 * Looks at a SUBSCRIBE before aedes does. If one filter is not allowed, all are answered with failure (0x80, section 3.9.3): aedes
 * would store the refused filters of a persistent session along with the granted ones.
 * Returns true if aedes may see it.
 */
export function checkSubscribe(connection: Connection, frame: Buffer, bodyAt: number): boolean {
  const filters = filtersOf(frame, bodyAt);
  const { device } = connection;
  if (device === null || filters === null || filters.length === 0 || (frame[0] ?? 0) !== 0x82) {
    connection.reject('malformed');
    return false;
  }
  const bad = filters.find((filter) => !maySubscribe(filter, device.deviceId));
  if (bad === undefined) return true;
  if (filters.length > MAX_FILTERS) {
    connection.reject('subscribe_topic');
    return false;
  }
  connection.subscriptionRefused(bad.startsWith('$share/') ? 'subscribe_share' : 'subscribe_topic');
  const answer = Buffer.alloc(4 + filters.length, 0x80);
  answer[0] = 0x90;
  answer[1] = 2 + filters.length;
  frame.copy(answer, 2, bodyAt, bodyAt + 2);
  connection.send(answer);
  return false;
}

/** More filters than this in one refused SUBSCRIBE is not a mistake any more. */
const MAX_FILTERS = 32;

/** Topic filters of a SUBSCRIBE (section 3.8.3), or null if malformed. */
function filtersOf(frame: Buffer, bodyAt: number): string[] | null {
  const filters: string[] = [];
  let at = bodyAt + 2;
  while (at < frame.length) {
    if (at + 2 > frame.length) return null;
    const end = at + 2 + frame.readUInt16BE(at);
    const qos = frame[end];
    if (end >= frame.length || qos === undefined || qos > 2) return null;
    filters.push(frame.toString('utf8', at + 2, end));
    at = end + 1;
  }
  return filters;
}

/** Why a will may not be left, or null. */
export function willFault(
  will: { readonly topic: string; readonly qos: number; readonly bytes: number },
  deviceId: string,
  statusBytes: number,
): RefusalReason | null {
  const allowed = will.topic === topicOf(deviceId, 'status') && will.qos < 2 && will.bytes <= statusBytes;
  return allowed ? null : 'will';
}

export interface AuthorizeDeps {
  readonly sink: Sink;
  now(): number;
  stopping(): boolean;
}

/** aedes' own questions. It sees no publish of a device, so authorizePublish is asked about wills only. */
export function authorization(
  deps: AuthorizeDeps,
): Required<Pick<AedesOptions, 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'>> {
  return {
    authorizePublish(client, packet, done) {
      if (client === null) return done(null); // the will of a dead node's client: its silence tells the same
      const connection = connectionOf(client);
      const { device } = connection;
      const channel = device === null ? null : ownUpChannel(packet.topic, device.deviceId);
      if (device === null || channel !== 'status') return done(new Error('not a will of this device'));
      // A stopping platform is not the device's failure; a clean end discards the will ([MQTT-3.14.4-3]).
      if (deps.stopping() || connection.endedCleanly) return done(new Error('will discarded'));
      const payload = Buffer.from(packet.payload);
      deps.sink.accept({ device, channel, payload, receivedAtMs: deps.now() }).then(
        () => done(null),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
    authorizeSubscribe(client, subscription, done) {
      // Restored subscriptions of a persistent session come here too.
      done(null, maySubscribe(subscription.topic, client.id) ? subscription : null);
    },
    authorizeForward(client, packet) {
      return maySubscribe(packet.topic, client.id) ? packet : null;
    },
  };
}

/** The connection under an aedes client: every one is made by listeners.ts. */
export function connectionOf(client: Client): Connection {
  if (client.conn instanceof Connection) return client.conn;
  throw new Error('client without a connection of ours');
}
