import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';

/** Time a lease holds without being renewed, and between renewals, ms. */
const LEASE_MS = 6_000;
const LOOK_MS = 1_500;

export interface SessionSlotsOptions {
  readonly pool: Pool;
  readonly log: Logger;
  /** Name of this process, unique among those alive. */
  readonly owner: string;
  /** Persistent sessions that all processes share between them. */
  readonly slots: number;
  /** Called when this process may use a slot. */
  readonly opened: (slot: number) => void;
  /** Called when it must stop using one; the slot goes on to another process once this resolves. */
  readonly closed: (slot: number) => Promise<void>;
}

const MEMBER = 'mqtt-member/';
const SESSION = 'mqtt-session/';

/** Says that this process is alive; tells how many are, and which of its leases still stand. */
const RENEW = `with
me as (
  insert into lease (name, owner, until_at) values ('${MEMBER}' || $1::text, $1, now() + interval '1 millisecond' * $2::int)
  on conflict (name) do update set until_at = excluded.until_at),
mine as (
  update lease set until_at = now() + interval '1 millisecond' * $2::int
  where owner = $1 and name like '${SESSION}%' and until_at > now() returning name),
dead as (delete from lease where name like '${MEMBER}%' and until_at < now() - interval '1 hour')
select (select count(*)::int from lease where name like '${MEMBER}%' and owner <> $1 and until_at > now()) + 1 as members,
  (select coalesce(json_agg(split_part(name, '/', 2)::int), '[]') from mine) as mine`;

const TAKE = `insert into lease (name, owner, until_at) values ($1, $2, now() + interval '1 millisecond' * $3::int)
on conflict (name) do update set owner = excluded.owner, until_at = excluded.until_at where lease.until_at <= now()
returning name`;

/**
 * Shares a fixed set of persistent MQTT sessions among the ingest processes that are alive. A broker goes on dealing messages to
 * the session of a process that died, so somebody must take that session over: its lease runs out, and the others look for free
 * ones all the time. Each holds its share, so that load spreads.
 */
export class SessionSlots {
  readonly #options: SessionSlotsOptions;
  readonly #held = new Set<number>();
  #renewedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = true;

  constructor(options: SessionSlotsOptions) {
    this.#options = options;
  }

  /** Takes what is free. Rejects if the database can't be reached. */
  async start(): Promise<void> {
    this.#stopped = false;
    await this.#look();
    this.#schedule();
  }

  /** Gives every slot back. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all([...this.#held].map((slot) => this.#give(slot)));
    const { pool, owner, log } = this.#options;
    await pool
      .query('delete from lease where owner = $1', [owner])
      .catch((error: unknown) => log.warn({ err: error }, 'mqtt: leases left to run out'));
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
        .catch((error: unknown) => this.#failed(error))
        .then(() => this.#schedule());
    }, LOOK_MS);
  }

  /** Without the database nothing can be stored either: once the leases have run out, others may use the sessions. */
  async #failed(error: unknown): Promise<void> {
    this.#options.log.warn({ err: error }, 'mqtt: sessions can not be shared out now');
    if (performance.now() - this.#renewedAt < LEASE_MS - LOOK_MS) return;
    const held = [...this.#held];
    this.#held.clear();
    await Promise.all(held.map((slot) => this.#options.closed(slot)));
  }

  async #look(): Promise<void> {
    const { pool, owner, slots, closed } = this.#options;
    const began = performance.now();
    const { rows } = await pool.query<{ members: number; mine: number[] }>(RENEW, [owner, LEASE_MS]);
    this.#renewedAt = began;
    const { members, mine } = rows[0] ?? { members: 1, mine: [] };
    for (const slot of [...this.#held].filter((held) => !mine.includes(held))) {
      this.#held.delete(slot);
      await closed(slot);
    }
    const share = Math.ceil(slots / members);
    for (const slot of [...this.#held].slice(share)) await this.#give(slot);
    for (let slot = 0; slot < slots && this.#held.size < share; slot += 1) {
      if (!this.#held.has(slot)) await this.#take(slot);
    }
  }

  async #take(slot: number): Promise<void> {
    const { pool, owner, opened } = this.#options;
    const { rowCount } = await pool.query(TAKE, [`${SESSION}${slot}`, owner, LEASE_MS]);
    if (rowCount === 0) return;
    this.#held.add(slot);
    opened(slot);
  }

  async #give(slot: number): Promise<void> {
    const { pool, owner, closed, log } = this.#options;
    this.#held.delete(slot);
    await closed(slot);
    await pool
      .query('delete from lease where name = $1 and owner = $2', [`${SESSION}${slot}`, owner])
      .catch((error: unknown) => log.warn({ err: error, slot }, 'mqtt: a lease is left to run out'));
  }
}
