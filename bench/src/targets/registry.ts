import type { Pool } from '@uptally/fleet-api/db';
import { hashSecret } from '../../../fleet-api/src/auth/credentials.ts';
import { deviceName, deviceSecret } from '../load/swarm.ts';

const CHUNK = 5_000;

/** Registers the swarm's devices, enrolled and never seen. */
export async function registerDevices(pool: Pool, count: number): Promise<void> {
  for (let from = 0; from < count; from += CHUNK) {
    const ids = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => deviceName(from + i));
    const hashes = ids.map((id) => hashSecret(deviceSecret(id)));
    await pool.query(
      `with made as (
         insert into device (device_id, serial, secret_hash, enrolled_at, lifecycle)
         select id, 'S-' || id, hash, now(), 'in_service' from unnest($1::text[], $2::bytea[]) as given(id, hash)
         returning device_key)
       insert into device_live (device_key) select device_key from made`,
      [ids, hashes],
    );
  }
  await pool.query('analyze device, device_live');
}
