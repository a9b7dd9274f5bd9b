/** What we use of packages that come without types. */

declare module 'aedes-persistence/asyncPersistence.js' {
  import type { Readable } from 'node:stream';
  import type { AedesPublishPacket } from 'aedes';

  export default class MemoryPersistence {
    setup(broker: unknown): Promise<void>;
    storeRetained(packet: AedesPublishPacket): Promise<void>;
    createRetainedStreamCombi(topics: readonly string[]): Readable;
    createRetainedStream(topic: string): Readable;
    destroy(): Promise<void>;
  }
}

declare module 'aedes-persistence-redis' {
  export interface RedisPersistence {
    addSubscriptions(client: object, subscriptions: object): Promise<unknown>;
    destroy(): Promise<void>;
  }
  export default function persistence(options: object): RedisPersistence;
}

declare module 'mqemitter-redis' {
  import type { EventEmitter } from 'node:events';
  export default function mqemitter(options: object): { readonly state: EventEmitter };
}
