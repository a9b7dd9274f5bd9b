import type { Pool } from '@uptally/fleet-api/db';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Failure, Verdict } from './notify/retry.ts';

/** What became of an attempt to send: `failed` is for ever, `retried` and `unknown` are followed by another. */
export type Outcome = 'accepted' | 'retried' | 'failed' | 'unknown';

const OUTCOMES: readonly Outcome[] = ['accepted', 'retried', 'failed', 'unknown'];
/** States of a message that is not settled. */
const OPEN_STATES = ['queued', 'sending', 'unknown', 'sent', 'undelivered'] as const;

/** Figures of the alerts process. Its own names, since a server that keeps it tells them along with its own. */
export class AlertMetrics {
  readonly registry = new Registry();
  readonly #sms: Counter<'outcome'>;
  readonly #errors: Counter<'class' | 'code'>;

  constructor(pool: Pool, clock: () => number, reader: string) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry, prefix: 'uptally_alerts_' });
    this.#sms = new Counter({
      name: 'uptally_alerts_sms_total',
      help: 'Attempts to send an SMS, by what became of them; accepted: the provider took it',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of OUTCOMES) this.#sms.inc({ outcome }, 0);
    this.#errors = new Counter({
      name: 'uptally_alerts_sms_errors_total',
      help: 'Refusals, lost answers and delivery reports that say no, by class of error and code of the provider',
      labelNames: ['class', 'code'],
      registers,
    });
    lagGauges(registers, pool, clock, reader);
    queueGauges(registers, pool);
  }

  count(outcome: Outcome): void {
    this.#sms.inc({ outcome });
  }

  countError(kind: Verdict['kind'], { code, status }: Failure): void {
    this.#errors.inc({ class: kind, code: code ?? (status === null ? 'none' : `http_${status}`) });
  }
}

function lagGauges(registers: Registry[], pool: Pool, clock: () => number, reader: string): void {
  new Gauge({
    name: 'uptally_alerts_outbox_lag_events',
    help: 'Events of the outbox that were not looked at yet',
    registers,
    async collect() {
      const { rows } = await pool.query<{ lag: number }>(
        'select t.newest - coalesce((select id from outbox_cursor where reader = $1), 0) as lag from outbox_tail() t',
        [reader],
      );
      this.set(Math.max(0, rows[0]?.lag ?? 0));
    },
  });
  new Gauge({
    name: 'uptally_alerts_outbox_lag_seconds',
    help: 'Age of the oldest event that was not looked at yet; 0: none',
    registers,
    async collect() {
      const { rows } = await pool.query<{ at: Date }>(
        'select at from outbox where id > coalesce((select id from outbox_cursor where reader = $1), 0) order by id limit 1',
        [reader],
      );
      const oldest = rows[0]?.at.getTime();
      this.set(oldest === undefined ? 0 : Math.max(0, clock() - oldest) / 1000);
    },
  });
}

function queueGauges(registers: Registry[], pool: Pool): void {
  new Gauge({
    name: 'uptally_alerts_messages',
    help: 'Messages that are not settled, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      const { rows } = await pool.query<{ state: string; count: number }>(
        'select state, count(*)::int as count from notification where settled_at is null group by state',
      );
      const counts = new Map(rows.map(({ state, count }) => [state, count]));
      for (const state of OPEN_STATES) this.set({ state }, counts.get(state) ?? 0);
    },
  });
  new Gauge({
    name: 'uptally_alerts_sms_stopped',
    help: 'Whether the provider refuses the account, so that nothing is sent',
    registers,
    async collect() {
      const { rowCount } = await pool.query(`select from setting where key = 'sms_stopped'`);
      this.set(rowCount === 0 ? 0 : 1);
    },
  });
}
