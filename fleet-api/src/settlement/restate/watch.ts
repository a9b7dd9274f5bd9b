import { compareStatements, type MetricValue, type Tally } from '@uptally/sla';
import type { Logger } from 'pino';
import { getContract } from '../../availability/contracts/service.ts';
import { selectClosed } from '../../availability/figures/period.ts';
import { inTransaction, type Pool, writeOutbox } from '../../db/index.ts';
import { canonicalJson, sha256Of } from '../canonical.ts';
import type { FoundValue } from '../metrics/types.ts';
import { evaluateNow, type FrozenContent } from '../statements/evaluate.ts';
import { changedStations } from './changed-sql.ts';
import * as sql from './sql.ts';

const POLL_MS = 60_000;
/** A closed statement is compared with what evidence says this often, ms. */
const CHECK_EVERY_MS = 10 * 60_000;
/** The watch sees every contract. */
const EVERYTHING = { scope: null, orgId: 0, seesAll: true } as const;

export interface WatchOptions {
  readonly pool: Pool;
  readonly clock: () => number;
  readonly log: Logger;
  /** While it says true nothing is looked at: the past is being replayed. */
  readonly isHeld?: () => Promise<boolean>;
}

/** Compares closed statements with what evidence says now and writes down what differs. The statements stay as they are. */
export class RestatementWatch {
  readonly #options: WatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = true;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#schedule();
  }

  /** Ends after the statement in hand. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Compares every closed statement that is due. Returns how many restatements were written. */
  async check(): Promise<number> {
    const { pool, clock } = this.#options;
    const before = new Date(clock() - CHECK_EVERY_MS);
    let written = 0;
    for (let due = await sql.nextToCheck(pool, before); due !== null; due = await sql.nextToCheck(pool, before)) {
      // Noted first: one that can't be compared must not keep the others from it.
      await sql.setChecked(pool, due.id, new Date(clock()));
      if (await restate(pool, due, clock())) written += 1;
      if (this.#stopped && written > 0) break;
    }
    return written;
  }

  async #look(): Promise<void> {
    if ((await this.#options.isHeld?.()) !== true) await this.check();
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#look()
        .catch((error: unknown) => this.#options.log.warn({ err: error }, 'restatements: tried again'))
        .then(() => this.#schedule());
    }, POLL_MS);
  }
}

/** Compares one statement. True if something new was found. */
export async function restate(pool: Pool, due: sql.DueStatement, nowMs: number): Promise<boolean> {
  const frozen = JSON.parse(due.content) as FrozenContent;
  const contract = await getContract(pool, EVERYTHING, due.contract_id);
  const now = await evaluateNow({
    db: pool,
    contract,
    document: frozen.document.content,
    instalment: due.instalment,
    subPeriod: due.sub_period,
    fromDay: due.from_day,
    toDay: due.to_day,
    nowMs,
    figures: 'running',
  });
  const changed = frozen.metrics.flatMap((before) => {
    const after = now.found.find(({ metric }) => metric === before.metric);
    return after === undefined || isSame(before.value, after.value) ? [] : [{ before, after }];
  });
  const closed = await selectClosed(pool, due.contract_id, { fromDay: due.from_day, toDay: due.to_day });
  const known = await sql.newestFinding(pool, due.freeze_id);
  const { stations, ms } = await changedStations(pool, due.contract_id, closed);
  if (changed.length === 0 && stations === 0 && known === null) return false;
  const content = canonicalJson({
    metrics: changed.map(({ before, after }) => ({
      metric: before.metric,
      before: before.value,
      after: after.value,
      before_total: totalOf(before),
      after_total: totalOf(after),
    })),
    ms,
    statement: now.statement,
    difference: compareStatements(frozen.statement, now.statement),
  });
  const sha256 = sha256Of(content);
  if (sha256.toString('hex') === known) return false;
  const differenceFen = now.statement.total_fen - frozen.statement.total_fen;
  await inTransaction(pool, async (client) => {
    const id = await sql.insertRestatement(client, {
      statementId: due.id,
      freezeId: due.freeze_id,
      foundAt: new Date(nowMs),
      content,
      sha256,
      differenceFen,
      stationsChanged: stations,
    });
    const payload = { id: due.id, contract_id: due.contract_id, restatement: id, difference_fen: differenceFen };
    await writeOutbox(client, [{ kind: 'statement.restated', payload }]);
  });
  return true;
}

const isSame = (a: MetricValue, b: MetricValue): boolean => canonicalJson(a) === canonicalJson(b);
const totalOf = ({ detail }: FoundValue): Tally | null => (detail.total as Tally | undefined) ?? null;
