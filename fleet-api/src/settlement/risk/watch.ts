import { dayBounds } from '@uptally/sla';
import type { Logger } from 'pino';
import { listContracts } from '../../availability/contracts/service.ts';
import { inTransaction, type Pool, writeOutbox } from '../../db/index.ts';
import { type Assessed, RiskBook } from './service.ts';

const POLL_MS = 10 * 60_000;
/** A forecast from less than a day says nothing. */
const LEAST_MS = 86_400_000;
const EVERYTHING = { scope: null, orgId: 0, seesAll: true } as const;

export interface RiskWatchOptions {
  readonly pool: Pool;
  readonly clock: () => number;
  readonly log: Logger;
  /** While it says true nothing is looked at: the past is being replayed. */
  readonly isHeld?: () => Promise<boolean>;
}

/** Tells once of a running period whose forecast falls below a tier: outbox event `settlement.risk`. */
export class RiskWatch {
  readonly #options: RiskWatchOptions;
  readonly #book = new RiskBook();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = true;

  constructor(options: RiskWatchOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#schedule();
  }

  /** Ends after the look in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Looks at every running period. Returns how many tiers were told of. */
  async check(): Promise<number> {
    const { pool, clock } = this.#options;
    const { items } = await listContracts(pool, EVERYTHING);
    let told = 0;
    for (const contract of items.filter(({ is_baseline }) => !is_baseline)) {
      for (const each of await this.#book.assess(pool, contract, clock())) told += await notice(pool, each, clock());
    }
    return told;
  }

  async #look(): Promise<void> {
    if ((await this.#options.isHeld?.()) !== true) await this.check();
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#look()
        .catch((error: unknown) => this.#options.log.warn({ err: error }, 'money at risk: tried again'))
        .then(() => this.#schedule());
    }, POLL_MS);
  }
}

/** Notes each metric whose forecast lies below the best tier, once a tier. Returns how many are new. */
async function notice(pool: Pool, { contract, running, risk }: Assessed, nowMs: number): Promise<number> {
  const { instalment, clause, subPeriod, fromDay, toDay } = running;
  if (risk === null || nowMs - dayBounds(contract.time_zone, fromDay).from < LEAST_MS) return 0;
  const best = clause.tiers.find(({ below }) => below === null)?.id;
  const fallen = Object.entries(risk.forecast.tiers).filter(([, tier]) => tier !== best);
  return inTransaction(pool, async (client) => {
    let told = 0;
    for (const [metric, tier] of fallen) {
      const { rowCount } = await client.query(
        `insert into risk_notice values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [contract.id, instalment.id, subPeriod ?? '', clause.id, fromDay, `${metric}:${tier}`, new Date(nowMs)],
      );
      if (rowCount !== 1) continue;
      told += 1;
      const amounts = { best_fen: risk.best_fen, amount_fen: risk.amount_fen, forecast_fen: risk.forecast.amount_fen };
      const where = {
        contract_id: contract.id,
        instalment: instalment.id,
        clause: clause.id,
        from_day: fromDay,
        to_day: toDay,
      };
      const payload = { ...where, metric, tier, method: risk.forecast.method, ...amounts };
      await writeOutbox(client, [{ kind: 'settlement.risk', payload }]);
    }
    return told;
  });
}
