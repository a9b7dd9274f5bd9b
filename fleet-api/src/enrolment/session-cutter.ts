import type { Downlink } from '@uptally/broker';
import { OutboxReader, type Pool } from '../db/index.ts';

export interface SessionCutterOptions {
  readonly pool: Pool;
  readonly downlink: Downlink;
  /** Drops what ingest remembers of a device: behind an external broker that is what lets its records in. */
  readonly forget: (deviceKey: number) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Cuts live sessions of devices whose credentials were taken away or replaced. Runs in every process that holds sessions; it needs no
 * durable place in the outbox, since after a restart each device has to show its credentials anew.
 */
export function createSessionCutter(options: SessionCutterOptions): OutboxReader {
  const { pool, downlink, forget, onError } = options;
  return new OutboxReader({
    pool,
    onError,
    handle: async (events) => {
      for (const { kind, device_key: deviceKey, payload } of events) {
        if (kind !== 'device.revoked') continue;
        if (deviceKey !== null) forget(deviceKey);
        await downlink.disconnect(String(payload.deviceId));
      }
    },
  });
}
