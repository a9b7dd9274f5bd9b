import { Readable } from 'node:stream';
import type { AedesPublishPacket } from 'aedes';
import MemoryPersistence from 'aedes-persistence/asyncPersistence.js';
import openRedisPersistence, { type RedisPersistence } from 'aedes-persistence-redis';
import mqemitterRedis from 'mqemitter-redis';

/** Sessions and retained messages of aedes, and the emitter that joins nodes. */
export interface Store {
  readonly persistence: unknown;
  readonly mq?: unknown;
  readonly clustered: boolean;
  close(): Promise<void>;
}

/**
 * In memory, with retained messages looked up by name. The stock one matches every retained topic against every subscription,
 * which makes a reconnecting fleet quadratic; our subscriptions never hold wildcards.
 */
class ExactMemoryPersistence extends MemoryPersistence {
  readonly #retained = new Map<string, AedesPublishPacket>();

  override async storeRetained(packet: AedesPublishPacket): Promise<void> {
    if (packet.payload.length === 0) this.#retained.delete(packet.topic);
    else this.#retained.set(packet.topic, { ...packet });
  }

  override createRetainedStreamCombi(topics: readonly string[]): Readable {
    return Readable.from(topics.flatMap((topic) => this.#retained.get(topic) ?? []));
  }

  override createRetainedStream(topic: string): Readable {
    return this.createRetainedStreamCombi([topic]);
  }
}

export function openStore(redisUrl: string | undefined, onError: (error: unknown) => void): Store {
  if (redisUrl === undefined) {
    return { persistence: new ExactMemoryPersistence(), clustered: false, close: async () => undefined };
  }
  const redis = redisOptions(redisUrl);
  const persistence = openRedisPersistence(redis);
  persistence.addSubscriptions = oncePerPacket(persistence.addSubscriptions.bind(persistence));
  const mq = mqemitterRedis({ ...redis, matchEmptyLevels: true });
  mq.state.on('error', onError);
  return {
    persistence,
    mq,
    clustered: true,
    close: async () => {
      await persistence.destroy();
    },
  };
}

type AddSubscriptions = RedisPersistence['addSubscriptions'];

/**
 * aedes stores the whole SUBSCRIBE once for each filter in it, at the same time; the Redis persistence waits for the echo of each but
 * remembers only the last, so that a SUBSCRIBE with two filters was never answered. The calls of one packet share one answer.
 */
function oncePerPacket(add: AddSubscriptions): AddSubscriptions {
  const running = new WeakMap<object, Promise<unknown>>();
  return (client, subscriptions) => {
    const answer = running.get(subscriptions) ?? add(client, subscriptions);
    running.set(subscriptions, answer);
    return answer;
  };
}

/** `redis[s]://[user[:password]@]host[:port][/db]` as the options both adapters take. */
function redisOptions(redisUrl: string) {
  const url = new URL(redisUrl);
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
