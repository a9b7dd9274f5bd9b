import type { DeviceIdentity } from '@uptally/broker';
import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';
import { sqlState } from '../db/index.ts';

/** Time over which changes are gathered, ms. */
const GATHER_MS = 200;

/** Keys are locked in order, as everywhere, so that two writers never wait for each other in a circle. */
const TEXT = `with
c as (select * from unnest($1::int4[], $2::bool[]) as c(device_key, connected)),
locked as materialized (
  select l.device_key from device_live l join c using (device_key)
  where l.connected <> c.connected order by l.device_key for update of l)
update device_live l set connected = c.connected
from c join locked using (device_key) where l.device_key = c.device_key`;

/** The broker's view of connections, written to `device_live.connected` in batches. No evidence: births and wills are. */
export class Connections {
  readonly #pool: Pool;
  readonly #log: Logger;
  /** Open connections of a device: a takeover opens the new one before the old one closes. */
  readonly #open = new Map<number, number>();
  #changed = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: { readonly pool: Pool; readonly log: Logger }) {
    this.#pool = options.pool;
    this.#log = options.log;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#writing = this.#writing.then(() => this.#write());
    }, GATHER_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    await this.#write();
  }

  opened({ deviceKey }: DeviceIdentity): void {
    this.#open.set(deviceKey, (this.#open.get(deviceKey) ?? 0) + 1);
    this.#changed.add(deviceKey);
  }

  closed({ deviceKey }: DeviceIdentity): void {
    const left = (this.#open.get(deviceKey) ?? 1) - 1;
    if (left > 0) this.#open.set(deviceKey, left);
    else this.#open.delete(deviceKey);
    this.#changed.add(deviceKey);
  }

  async #write(): Promise<void> {
    const changed = [...this.#changed];
    if (changed.length === 0) return;
    this.#changed = new Set();
    try {
      const connected = changed.map((key) => this.#open.has(key));
      await this.#pool.query({ name: 'uptally_connected', text: TEXT, values: [changed, connected] });
    } catch (error) {
      this.#log.warn({ err: error, sqlState: sqlState(error) }, 'presence: connections not written; tried again');
      for (const key of changed) this.#changed.add(key);
    }
  }
}
