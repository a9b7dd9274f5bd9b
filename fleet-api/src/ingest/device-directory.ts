import type { DeviceIdentity } from '@uptally/broker';
import type { Pool } from '../db/index.ts';

/** How long an id that nobody has is not asked for again, ms: it may be enrolled any moment. */
const UNKNOWN_MS = 5_000;
const LIMIT = 200_000;

/** Keys of devices by their public id, asked for in batches and remembered. An id that nobody has gets key 0. */
export class DeviceDirectory {
  readonly #pool: Pool;
  readonly #clock: () => number;
  readonly #known = new Map<string, DeviceIdentity>();
  readonly #unknown = new Map<string, number>();
  #asked: Map<string, ((device: DeviceIdentity) => void)[]> = new Map();
  #failed: ((error: unknown) => void)[] = [];

  constructor(pool: Pool, clock: () => number) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** Remembers all devices, for somebody who is going to ask for most of them. */
  async load(): Promise<void> {
    const { rows } = await this.#pool.query<{ device_key: number; device_id: string }>(
      'select device_key, device_id from device order by device_key limit $1',
      [LIMIT],
    );
    for (const { device_key: deviceKey, device_id: deviceId } of rows)
      this.#known.set(deviceId, { deviceKey, deviceId });
  }

  /** Rejects if the database can't be asked now. */
  find(deviceId: string): Promise<DeviceIdentity> | DeviceIdentity {
    const known = this.#known.get(deviceId);
    if (known !== undefined) return known;
    const until = this.#unknown.get(deviceId);
    if (until !== undefined && until > this.#clock()) return { deviceKey: 0, deviceId };
    return new Promise((resolve, reject) => {
      if (this.#asked.size === 0) setImmediate(() => void this.#ask());
      const waiting = this.#asked.get(deviceId);
      if (waiting === undefined) this.#asked.set(deviceId, [resolve]);
      else waiting.push(resolve);
      this.#failed.push(reject);
    });
  }

  async #ask(): Promise<void> {
    const asked = this.#asked;
    const failed = this.#failed;
    this.#asked = new Map();
    this.#failed = [];
    try {
      const { rows } = await this.#pool.query<{ device_key: number; device_id: string }>(
        'select device_key, device_id from device where device_id = any ($1)',
        [[...asked.keys()]],
      );
      const found = new Map(rows.map((row) => [row.device_id, row.device_key]));
      if (this.#known.size + this.#unknown.size > LIMIT) {
        this.#known.clear();
        this.#unknown.clear();
      }
      for (const [deviceId, waiting] of asked) {
        const device = { deviceKey: found.get(deviceId) ?? 0, deviceId };
        if (device.deviceKey === 0) this.#unknown.set(deviceId, this.#clock() + UNKNOWN_MS);
        else this.#known.set(deviceId, device);
        for (const resolve of waiting) resolve(device);
      }
    } catch (error) {
      for (const reject of failed) reject(error);
    }
  }
}
