import type { Downlink } from '@uptally/broker';
import { OutboxReader, type Pool } from '../db/index.ts';

/**
 * Cuts live sessions of devices whose credentials were taken away or replaced. Runs in every process that holds sessions; it needs no
 * durable place in the outbox, since after a restart each device has to show its credentials anew.
 */
export function createSessionCutter(pool: Pool, downlink: Downlink, onError: (error: unknown) => void): OutboxReader {
  return new OutboxReader({
    pool,
    onError,
    handle: async (events) => {
      for (const { kind, payload } of events) {
        if (kind === 'device.revoked') await downlink.disconnect(String(payload.deviceId));
      }
    },
  });
}
