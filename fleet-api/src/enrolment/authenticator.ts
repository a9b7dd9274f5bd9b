import { timingSafeEqual } from 'node:crypto';
import type { Authenticator, DeviceIdentity } from '@uptally/broker';
import { hashSecret } from '../auth/credentials.ts';
import type { Queryable } from '../db/index.ts';

/** Devices looked up in one statement at most. */
const BATCH = 500;
const NOBODY = Buffer.alloc(32);

interface Question {
  readonly deviceId: string;
  readonly hash: Buffer;
  answer(identity: DeviceIdentity | null): void;
  fail(error: unknown): void;
}

interface Row {
  readonly device_key: number;
  readonly device_id: string;
  readonly secret_hash: Buffer;
}

/**
 * Checks devices' credentials against the registry. Questions that arrive while a look-up runs share the next one, so that thousands
 * of devices that reconnect at once cost a few statements. Nothing is remembered: a revoked device is refused from the moment of
 * the commit.
 */
export function createDeviceAuthenticator(db: Queryable): Authenticator {
  let waiting: Question[] = [];
  let running = false;

  async function drain(): Promise<void> {
    if (running) return;
    running = true;
    // Let everything that the sockets deliver in this turn of the event loop join the first look-up.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      await lookUp(db, batch);
    }
    running = false;
  }

  return {
    authenticate(deviceId, secret) {
      return new Promise((answer, fail) => {
        waiting.push({ deviceId, hash: hashSecret(secret), answer, fail });
        void drain();
      });
    },
  };
}

async function lookUp(db: Queryable, batch: readonly Question[]): Promise<void> {
  try {
    const { rows } = await db.query<Row>(
      `select device_key, device_id, secret_hash from device
       where device_id = any ($1::text[]) and secret_hash is not null and revoked_at is null and lifecycle <> 'retired'`,
      [batch.map((question) => question.deviceId)],
    );
    const byId = new Map(rows.map((row) => [row.device_id, row]));
    for (const { deviceId, hash, answer } of batch) {
      const row = byId.get(deviceId);
      const isRight = timingSafeEqual(hash, row?.secret_hash ?? NOBODY);
      answer(isRight && row !== undefined ? { deviceKey: row.device_key, deviceId } : null);
    }
  } catch (error) {
    for (const question of batch) question.fail(error);
  }
}
