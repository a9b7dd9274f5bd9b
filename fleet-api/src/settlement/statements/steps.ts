import { addDays } from '@uptally/sla';
import { type Closer, closeIn } from '../../availability/closing/service.ts';
import { lockAccruals } from '../../availability/closing/sql.ts';
import { lockContract } from '../../availability/contracts/sql.ts';
import { nameOfDays, periodNamed, selectClosed } from '../../availability/figures/period.ts';
import type { Pool, PoolClient } from '../../db/index.ts';
import { type Member, viewerOf } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import type { Frame } from '../access.ts';
import { appendArchive } from '../archive/chain.ts';
import { canonicalJson, sha256Of } from '../canonical.ts';
import { metricsNeeded } from '../metrics/needed.ts';
import { type Evaluated, evaluateNow, type FrozenContent, RULES_VERSION } from './evaluate.ts';
import type { StatementDetail } from './schemas.ts';
import { acting, closableFrom, getStatement, inForce, tell } from './service.ts';
import * as sql from './sql.ts';

/**
 * Closes a statement: its figures, the values of its metrics with what they rest on, the contract document and the version of the rules
 * are frozen in one act. Days of the period whose figures are still open are closed with it.
 * @throws ApiError `period_not_over`, `period_incomplete`, `statement_incomplete`, `settlement_state`
 */
export async function closeStatement(pool: Pool, by: Member, id: number): Promise<StatementDetail> {
  await acting(
    pool,
    by,
    id,
    'close',
    async (client, row, frame) => {
      const stored = await inForce(client, frame.contract.id);
      const from = closableFrom(stored, row);
      if (from !== null && by.nowMs < from) {
        throw apiError('period_not_over', `It can be closed from ${new Date(from).toISOString()} on`);
      }
      const metrics = metricsNeeded(stored.document, row.instalment);
      const closedIds = metrics.some(({ kind }) => kind === 'availability')
        ? await closeFigures(client, by, frame, row)
        : [];
      const evaluated = await evaluateNow({
        db: client,
        contract: frame.contract,
        document: stored.document,
        instalment: row.instalment,
        subPeriod: row.sub_period,
        fromDay: row.from_day,
        toDay: row.to_day,
        nowMs: by.nowMs,
        figures: 'frozen',
      });
      requireComplete(evaluated);
      const freeze = freezeOf(by, frame, stored, evaluated);
      await sql.insertFreeze(client, by, id, { ...freeze, closedIds });
      const detail = { sha256: freeze.sha256.toString('hex'), total_fen: freeze.totalFen };
      await tell(client, by, { id, contractId: frame.contract.id, action: 'closed', detail });
    },
    async (client, contractId) => {
      await lockAccruals(client);
      await lockContract(client, contractId);
    },
  );
  return getStatement(pool, by, id);
}

/** Closes the days of the period that are open. Ids of all closings that the period lies in. */
async function closeFigures(client: PoolClient, by: Member, { contract }: Frame, row: sql.StoredStatement) {
  const range = { fromDay: row.from_day, toDay: row.to_day };
  const closer: Closer = { ...by, viewer: viewerOf(by) };
  let day = range.fromDay;
  for (const closed of [
    ...(await selectClosed(client, contract.id, range)),
    { fromDay: range.toDay, toDay: range.toDay },
  ]) {
    for (; day < closed.fromDay; ) {
      // A closing covers at most a year at a time.
      const year = addDays(day, 366);
      const toDay = year < closed.fromDay ? year : closed.fromDay;
      const period = periodNamed(nameOfDays({ fromDay: day, toDay }), contract.time_zone);
      await closeIn(client, closer, contract, period);
      day = toDay;
    }
    if (closed.toDay > day) day = closed.toDay;
  }
  return (await selectClosed(client, contract.id, range)).map(({ id }) => id);
}

function requireComplete({ statement }: Evaluated): void {
  if (statement.is_complete) return;
  const lacks = [...new Set(statement.lines.flatMap(({ lacks }) => lacks.map(({ of }) => of)))];
  throw apiError('statement_incomplete', {
    detail: `No value of ${lacks.join(', ')}`,
    errors: lacks.map((id) => ({ path: `/metrics/${id}`, message: 'has no value' })),
  });
}

function freezeOf(by: Member, { contract }: Frame, stored: Awaited<ReturnType<typeof inForce>>, evaluated: Evaluated) {
  const evidence = canonicalJson(evaluated.evidence);
  const evidenceSha256 = sha256Of(evidence);
  const content: FrozenContent = {
    format: 1,
    rules_version: RULES_VERSION,
    contract: { id: contract.id, code: contract.code, name: contract.name },
    parties: { agency: contract.agency?.name ?? null, contractor: contract.contractor?.name ?? null },
    document: { number: stored.number, sha256: stored.sha256, content: stored.document },
    input: evaluated.input,
    metrics: evaluated.found,
    evidence_sha256: evidenceSha256.toString('hex'),
    closed_at: new Date(by.nowMs).toISOString(),
    statement: evaluated.statement,
  };
  const text = canonicalJson(content);
  return {
    documentId: stored.id,
    content: text,
    sha256: sha256Of(text),
    evidence,
    evidenceSha256,
    isComplete: evaluated.statement.is_complete,
    totalFen: evaluated.statement.total_fen,
  };
}

/** The contractor puts a closed statement before the agency. */
export async function submitStatement(pool: Pool, by: Member, id: number, sha256: string): Promise<StatementDetail> {
  await acting(pool, by, id, 'submit', async (client, row) => {
    await requireSeen(client, row, sha256);
    await sql.setSubmitted(client, by, id);
    await tell(client, by, { id, contractId: row.contract.id, action: 'submitted', detail: { sha256 } });
  });
  return getStatement(pool, by, id);
}

/** The other side agrees to every line. @throws ApiError `statement_changed`, `settlement_own_side` */
export async function agreeStatement(pool: Pool, by: Member, id: number, sha256: string): Promise<StatementDetail> {
  await acting(pool, by, id, 'agree', async (client, row) => {
    await requireSeen(client, row, sha256);
    await sql.setAgreed(client, by, id);
    await tell(client, by, { id, contractId: row.contract.id, action: 'agreed', detail: { sha256 } });
  });
  return getStatement(pool, by, id);
}

/** Back to a draft. Availability stays closed; values that people stated may be replaced. */
export async function reopenStatement(pool: Pool, by: Member, id: number, note?: string): Promise<StatementDetail> {
  await acting(pool, by, id, 'reopen', async (client, row) => {
    await sql.unfreeze(client, id);
    await tell(client, by, { id, contractId: row.contract.id, action: 'reopened', detail: { note } });
  });
  return getStatement(pool, by, id);
}

export interface Signing {
  readonly sha256: string;
  readonly name: string;
  readonly post: string;
}

/** A named person signs for a side; with the second side the statement is signed. @throws ApiError `statement_changed` */
export async function signStatement(pool: Pool, by: Member, id: number, signing: Signing): Promise<StatementDetail> {
  await acting(pool, by, id, 'sign', async (client, row, { side }) => {
    const freezeId = await requireSeen(client, row, signing.sha256);
    await sql.insertSignature(client, by, { ...signing, statementId: id, freezeId, side: side as string });
    if (row.signed_sides.length === 1) await sql.setState(client, id, 'signed');
    await tell(client, by, { id, contractId: row.contract.id, action: 'signed', detail: { side, ...signing } });
  });
  return getStatement(pool, by, id);
}

/** Puts a signed statement into the contract's chain, where nothing is changed any more. */
export async function archiveStatement(pool: Pool, by: Member, id: number): Promise<StatementDetail> {
  await acting(
    pool,
    by,
    id,
    'archive',
    async (client, row) => {
      const { seq, sha256 } = await appendArchive(client, by, row);
      await sql.setState(client, id, 'archived');
      await tell(client, by, { id, contractId: row.contract.id, action: 'archived', detail: { seq, sha256 } });
    },
    async (client, contractId) => {
      await lockContract(client, contractId);
    },
  );
  return getStatement(pool, by, id);
}

/** Nobody agrees to or signs what he has not seen. Id of the freeze. @throws ApiError `statement_changed` */
async function requireSeen(client: PoolClient, row: sql.StoredStatement, sha256: string): Promise<number> {
  if (row.freeze_id === null) throw apiError('settlement_state');
  const freeze = await sql.selectFreeze(client, row.freeze_id);
  if (freeze.sha256 !== sha256) throw apiError('statement_changed');
  return freeze.id;
}
