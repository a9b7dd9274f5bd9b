import { type Contract, compareStatements, type MoneyAtRisk, moneyAtRisk, showPercent } from '@uptally/sla';
import type { Contract as ContractRow } from '../../availability/contracts/schemas.ts';
import { getContract, listContracts } from '../../availability/contracts/service.ts';
import type { Queryable } from '../../db/index.ts';
import { type Member, viewerOf } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { selectInForce } from '../documents/sql.ts';
import { evaluated, evaluateNow } from '../statements/evaluate.ts';
import { inForce } from '../statements/service.ts';
import { availabilityMetrics, type Progress, progressOf } from './progress.ts';
import { type RunningClause, runningClauses, runningPeriod } from './running.ts';
import type { RISK_MISSING, RiskItem, WhatIfBody } from './schemas.ts';
import { causesOf, spendingOf } from './spending.ts';

/** How long what was computed of a contract's figures is told again, ms. */
const FRESH_MS = 60_000;

/** A clause with what was found of it, whoever looks. */
export interface Assessed {
  readonly contract: ContractRow;
  readonly document: Contract;
  readonly running: RunningClause;
  readonly progress: Progress;
  readonly risk: MoneyAtRisk | null;
  readonly missing: (typeof RISK_MISSING)[number] | null;
}

/** Money at risk of running periods; what it took to compute is kept for a minute. */
export class RiskBook {
  readonly #kept = new Map<number, { readonly atMs: number; readonly assessed: Promise<Assessed[]> }>();

  /** Every tier clause of a contract whose period runs; none without a document that both sides agreed on. */
  async assess(db: Queryable, contract: ContractRow, nowMs: number): Promise<Assessed[]> {
    const kept = this.#kept.get(contract.id);
    if (kept !== undefined && nowMs >= kept.atMs && nowMs - kept.atMs < FRESH_MS) return kept.assessed;
    const assessed = assessAll(db, contract, nowMs);
    this.#kept.set(contract.id, { atMs: nowMs, assessed });
    assessed.catch(() => this.#kept.delete(contract.id));
    return assessed;
  }

  /** As a person sees it. */
  async list(db: Queryable, by: Member, contractId?: number): Promise<{ items: RiskItem[] }> {
    const viewer = viewerOf(by);
    const contracts =
      contractId === undefined ? (await listContracts(db, viewer)).items : [await getContract(db, viewer, contractId)];
    const items: RiskItem[] = [];
    for (const contract of contracts.filter(({ is_baseline }) => !is_baseline)) {
      for (const each of await this.assess(db, contract, by.nowMs)) items.push(await present(db, by, each));
    }
    return { items };
  }
}

async function assessAll(db: Queryable, contract: ContractRow, nowMs: number): Promise<Assessed[]> {
  const document = (await selectInForce(db, contract.id))?.document;
  if (document === undefined) return [];
  const all: Assessed[] = [];
  for (const running of runningClauses(document, nowMs)) {
    const progress = await progressOf(db, contract, document, running, nowMs);
    all.push({ contract, document, running, progress, ...riskOf(document, running, progress) });
  }
  return all;
}

function riskOf(
  document: Contract,
  running: RunningClause,
  { byMetric }: Progress,
): Pick<Assessed, 'risk' | 'missing'> {
  const { clause, subPeriod } = running;
  const metrics = availabilityMetrics(document, running);
  if (metrics.length < clause.metrics.length) return { risk: null, missing: 'other_metrics' };
  if (metrics.some(({ aggregation }) => aggregation === 'mean_of_stations')) {
    return { risk: null, missing: 'mean_of_stations' };
  }
  if (!('price' in clause.of)) return { risk: null, missing: 'base_unknown' };
  const risk = moneyAtRisk(document, { clause: clause.id, progress: byMetric, subPeriod });
  return { risk, missing: risk === null ? 'no_counted_time' : null };
}

async function present(db: Queryable, by: Member, assessed: Assessed): Promise<RiskItem> {
  const { contract, document, running, progress, risk, missing } = assessed;
  const { instalment, clause, subPeriod, fromDay, toDay } = running;
  const { found, byMetric } = progress;
  const scope = viewerOf(by).scope;
  return {
    contract: { id: contract.id, code: contract.code, name: contract.name },
    instalment: { id: instalment.id, title: instalment.title },
    sub_period: subPeriod,
    clause: { id: clause.id, title: clause.title, source: clause.source },
    from_day: fromDay,
    to_day: toDay,
    as_of: found.periodRef.as_of,
    risk,
    risk_missing: missing,
    metrics: availabilityMetrics(document, running).map(({ id, name, dimension }) => {
      const { up, down } = byMetric[id]?.counted ?? { up: 0, down: 0 };
      const percent = up + down === 0 ? null : showPercent({ num: up, den: up + down });
      return { metric: id, name, dimension, percent };
    }),
    spending: {
      ...spendingOf(document, running, found, scope),
      causes: await causesOf(db, contract.id, found.period, scope, by.nowMs),
    },
  };
}

/** What a period would pay with other values. @throws ApiError `not_found`, `no_agreed_document`, `unknown_reference`, `invalid_period`, `invalid_request` */
export async function whatIf(db: Queryable, by: Member, contractId: number, wish: WhatIfBody) {
  const contract = await getContract(db, viewerOf(by), contractId);
  const { document } = await inForce(db, contractId);
  const instalment = document.schedule.find(({ id }) => id === wish.instalment);
  if (instalment === undefined) throw apiError('unknown_reference', `The schedule has no ${wish.instalment}`);
  const running = runningPeriod(document, instalment, by.nowMs);
  const fromDay = wish.from_day ?? running?.fromDay;
  const toDay = wish.to_day ?? running?.toDay;
  if (fromDay === undefined || toDay === undefined || fromDay >= toDay) {
    throw apiError('invalid_period', 'No period of this instalment runs; say which one');
  }
  const subPeriod = wish.sub_period === undefined ? (running?.subPeriod ?? null) : wish.sub_period;
  const now = await evaluateNow({
    db,
    contract,
    document,
    instalment: instalment.id,
    subPeriod,
    fromDay,
    toDay,
    nowMs: by.nowMs,
    figures: 'frozen',
  });
  const metrics = { ...now.input.metrics, ...wish.metrics };
  const statement = evaluated(document, { ...now.input, metrics });
  return {
    from_day: fromDay,
    to_day: toDay,
    statement,
    now: now.statement,
    difference: compareStatements(now.statement, statement),
    metrics,
  };
}
