import { parseTopic, type UpChannel } from '@uptally/protocol';
import type { Connection } from './connection.ts';
import type { BrokerLimits } from './limits.ts';
import type { DeviceIdentity, RefusalReason, Sink } from './ports.ts';
import type { Counters } from './stats.ts';

export interface UplinkDeps {
  readonly sink: Sink;
  readonly limits: BrokerLimits;
  readonly counters: Counters;
  now(): number;
  /** Keeps the newest status of a device as the retained message of its topic. */
  retainStatus(device: DeviceIdentity, payload: Buffer): void;
}

/**
 * The handler of PUBLISH: rights, then the sink, then PUBACK once the sink says durable. A violation closes the connection,
 * because MQTT 3.1.1 has no other way to say no to a publish (section 3.3.5).
 */
export function uplinkHandler(deps: UplinkDeps) {
  const { sink, limits, counters } = deps;
  return (connection: Connection, frame: Buffer, bodyAt: number): void => {
    const { device } = connection;
    const publish = device === null ? 'malformed' : judge(frame, bodyAt, device.deviceId, limits);
    if (device === null || publish === 'malformed') connection.reject('malformed');
    else if (typeof publish === 'string') connection.reject(publish);
    else accept(connection, device, publish);
  };

  function accept(connection: Connection, device: DeviceIdentity, publish: Publish): void {
    const { channel, payload, messageId } = publish;
    const bytes = payload.length;
    const pending = connection.hold(messageId, bytes);
    counters.accepted += 1;
    counters.acceptedBytes += bytes;
    const receivedAtMs = deps.now();
    const isGone = (): boolean => connection.destroyed;
    accepted(sink, { device, channel, payload, receivedAtMs, ...(messageId > 0 && { isGone }) }).then(
      () => {
        if (channel === 'status') deps.retainStatus(device, payload);
        if (messageId > 0) counters.acknowledged += 1;
        connection.settle(pending, bytes);
      },
      () => connection.fail(bytes),
    );
  }
}

interface Publish {
  readonly channel: UpChannel;
  readonly payload: Buffer;
  /** 0 for QoS 0. */
  readonly messageId: number;
}

/** Takes a PUBLISH (section 3.3) apart, or says why it is refused. */
function judge(frame: Buffer, bodyAt: number, deviceId: string, limits: BrokerLimits): Publish | RefusalReason {
  if (frame.length < bodyAt + 2) return 'malformed';
  const qos = ((frame[0] ?? 0) >> 1) & 3;
  const topicEnd = bodyAt + 2 + frame.readUInt16BE(bodyAt);
  const payloadAt = qos === 0 ? topicEnd : topicEnd + 2;
  if (qos === 3 || payloadAt > frame.length) return 'malformed'; // [MQTT-3.3.1-4]
  const messageId = qos === 0 ? 0 : frame.readUInt16BE(topicEnd);
  if (qos > 0 && messageId === 0) return 'malformed'; // [MQTT-2.3.1-1]
  const topic = frame.toString('utf8', bodyAt + 2, topicEnd);
  const channel = ownUpChannel(topic, deviceId);
  if (channel === null) return levelsOf(topic) > limits.topicLevels ? 'topic_levels' : 'publish_topic';
  // Devices speak QoS 1; QoS 0 is taken, unanswered, for the sake of simple tools; QoS 2 would need state per message.
  if (qos === 2) return 'publish_qos';
  const payload = frame.subarray(payloadAt);
  if (channel === 'status' && payload.length > limits.statusBytes) return 'status_too_large';
  return { channel, payload, messageId };
}

/** A sink that throws instead of rejecting must not take the process with it. */
function accepted(sink: Sink, message: Parameters<Sink['accept']>[0]): Promise<void> {
  try {
    return sink.accept(message);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** The up channel that `topic` names under the device's own id, or null. */
export function ownUpChannel(topic: string, deviceId: string): UpChannel | null {
  const parsed = parseTopic(topic);
  if (parsed === null || parsed.deviceId !== deviceId) return null;
  const { channel } = parsed;
  return channel === 'rec' || channel === 'status' || channel === 'ack' ? channel : null;
}

export function levelsOf(topic: string): number {
  let levels = 1;
  for (let i = 0; i < topic.length; i += 1) if (topic.charCodeAt(i) === 0x2f) levels += 1;
  return levels;
}
