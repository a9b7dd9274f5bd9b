/**
 * MQTT topics of wire protocol v1: `up/v1/<deviceId>/<channel>`.
 *
 * The same tree carries both directions, so one access rule suffices: a device may touch only topics that carry its own id.
 */

/** Channels a device publishes on. */
export const UP_CHANNELS = ['rec', 'status', 'ack'] as const;
/** Channels the platform publishes on and a device subscribes to. */
export const DOWN_CHANNELS = ['cmd', 'cfg'] as const;

export type UpChannel = (typeof UP_CHANNELS)[number];
export type DownChannel = (typeof DOWN_CHANNELS)[number];
export type Channel = UpChannel | DownChannel;

/** Public device id: what topics, API and console carry. Lower-case letters, digits and hyphens, 4 to 32 characters. */
export const DEVICE_ID_PATTERN = '^[a-z0-9][a-z0-9-]{3,31}$';
const DEVICE_ID = new RegExp(DEVICE_ID_PATTERN);

const PREFIX = 'up/v1/';

export interface ParsedTopic {
  readonly deviceId: string;
  readonly channel: Channel;
}

/** True if `value` has the form of a device id. */
export function isDeviceId(value: string): boolean {
  return DEVICE_ID.test(value);
}

/** The topic of `channel` for one device. */
export function topicOf(deviceId: string, channel: Channel): string {
  return `${PREFIX}${deviceId}/${channel}`;
}

/** Takes a topic apart; `null` if it is not one of ours (wrong prefix, id or channel, wildcards, extra levels). */
export function parseTopic(topic: string): ParsedTopic | null {
  if (!topic.startsWith(PREFIX)) return null;
  const slash = topic.indexOf('/', PREFIX.length);
  if (slash < 0) return null;
  const deviceId = topic.slice(PREFIX.length, slash);
  const channel = topic.slice(slash + 1);
  if (!DEVICE_ID.test(deviceId) || !isChannel(channel)) return null;
  return { deviceId, channel };
}

/** True for a channel on which devices publish. */
export function isUpChannel(channel: string): channel is UpChannel {
  return (UP_CHANNELS as readonly string[]).includes(channel);
}

/** True for a channel on which the platform publishes. */
export function isDownChannel(channel: string): channel is DownChannel {
  return (DOWN_CHANNELS as readonly string[]).includes(channel);
}

function isChannel(channel: string): channel is Channel {
  return isUpChannel(channel) || isDownChannel(channel);
}
