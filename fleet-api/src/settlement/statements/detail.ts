import { type Contract, dayBounds, otherReadings, periodOf } from '@uptally/sla';
import { lackingFigures } from '../../availability/closing/service.ts';
import { nameOfDays, selectClosed, slicesOf } from '../../availability/figures/period.ts';
import type { Queryable } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import type { Frame } from '../access.ts';
import { archiveOf } from '../archive/sql.ts';
import { metricsNeeded } from '../metrics/needed.ts';
import type { FoundValue } from '../metrics/types.ts';
import { restatementsOf } from '../restate/sql.ts';
import { statementActions } from './actions.ts';
import { listDisputes } from './disputes.ts';
import { evaluateNow, type FrozenContent, RULES_VERSION } from './evaluate.ts';
import type { StatementDetail } from './schemas.ts';
import { closableFrom, inForce, rowOf } from './service.ts';
import * as sql from './sql.ts';

type Body = Pick<
  StatementDetail,
  | 'is_complete'
  | 'document'
  | 'rules_version'
  | 'can_close_from'
  | 'statement'
  | 'readings'
  | 'metrics'
  | 'freeze'
  | 'signatures'
>;

/** A statement in full: what it was closed with, or as it stands now. */
export async function detailOf(
  db: Queryable,
  by: Member,
  row: sql.StoredStatement,
  frame: Frame,
): Promise<StatementDetail> {
  const body = row.freeze_id === null ? await draft(db, by, row, frame) : await frozen(db, row.freeze_id);
  const deed = (
    at: Date | null,
    user: sql.StoredStatement['submitted_user'],
    org: sql.StoredStatement['submitted_org'],
  ) => (at === null ? null : { at, user, org });
  return {
    ...rowOf(row),
    side: frame.side,
    ...body,
    submitted: deed(row.submitted_at, row.submitted_user, row.submitted_org),
    agreed: deed(row.agreed_at, row.agreed_user, row.agreed_org),
    disputes: await listDisputes(db, by, row, frame),
    restatements: await restatementsOf(db, row.id),
    archive: await archiveOf(db, row.id),
    history: await sql.selectHistory(db, row.id),
    actions: statementActions(row, frame, by),
  };
}

async function draft(db: Queryable, by: Member, row: sql.StoredStatement, { contract }: Frame): Promise<Body> {
  const stored = await inForce(db, contract.id);
  const { document } = stored;
  const { statement, input, found } = await evaluateNow({
    db,
    contract,
    document,
    instalment: row.instalment,
    subPeriod: row.sub_period,
    fromDay: row.from_day,
    toDay: row.to_day,
    nowMs: by.nowMs,
    figures: 'frozen',
  });
  const from = closableFrom(stored, row);
  return {
    is_complete: statement.is_complete && (await isCounted(db, row, contract, document, by.nowMs)),
    document: { id: stored.id, number: stored.number, sha256: stored.sha256 },
    rules_version: RULES_VERSION,
    can_close_from: from === null ? null : new Date(from),
    statement,
    readings: otherReadings(document, input),
    metrics: metricsOf(document, found),
    freeze: null,
    signatures: [],
  };
}

/** Every day of the period is over and counted to its end; what is closed stays so. */
async function isCounted(
  db: Queryable,
  row: sql.StoredStatement,
  contract: Frame['contract'],
  document: Contract,
  nowMs: number,
): Promise<boolean> {
  const metrics = metricsNeeded(document, row.instalment);
  if (metrics.length === 0) return true;
  if (nowMs < dayBounds(contract.time_zone, row.to_day).from) return false;
  const range = { fromDay: row.from_day, toDay: row.to_day };
  const slices = slicesOf(range, await selectClosed(db, contract.id, range));
  const isOpen = slices.some(({ closedId }) => closedId === null);
  if (!isOpen || !metrics.some(({ kind }) => kind === 'availability')) return true;
  const period = periodOf({ from: row.from_day, to: row.to_day }, contract.time_zone);
  return (await lackingFigures(db, contract, { ...period, name: nameOfDays(range) }, nowMs)) === null;
}

async function frozen(db: Queryable, freezeId: number): Promise<Body> {
  const freeze = await sql.selectFreeze(db, freezeId);
  const content = JSON.parse(freeze.content) as FrozenContent;
  return {
    is_complete: content.statement.is_complete,
    document: { id: freeze.document_id, number: freeze.document_number, sha256: content.document.sha256 },
    rules_version: content.rules_version,
    can_close_from: null,
    statement: content.statement,
    readings: otherReadings(content.document.content, content.input),
    metrics: metricsOf(content.document.content, content.metrics),
    freeze: {
      revision: freeze.revision,
      sha256: freeze.sha256,
      evidence_sha256: freeze.evidence_sha256,
      closed: { at: freeze.closed_at, user: freeze.closed_user },
      closings: [...freeze.closings],
    },
    signatures: await sql.selectSignatures(db, freezeId),
  };
}

function metricsOf(document: Contract, found: readonly FoundValue[]): StatementDetail['metrics'] {
  return found.map(({ metric, source, value, sha256, detail }) => {
    const told = document.metrics.find(({ id }) => id === metric);
    const name = told?.name ?? { zh: metric, en: metric };
    return { metric, name, kind: told?.kind ?? '', source, value, sha256, detail: { ...detail } };
  });
}
