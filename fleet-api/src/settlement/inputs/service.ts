import { isLack, type Metric, type MetricValue, MetricValueError, readMetric } from '@uptally/sla';
import { isAllowed } from '../../auth/permissions.ts';
import { inTransaction, type Pool, type Queryable, writeOutbox } from '../../db/index.ts';
import { formerSideOf, type Member } from '../../exclusions/parties.ts';
import { type ApiError, apiError } from '../../http/errors.ts';
import { record } from '../../registry/shared/doer.ts';
import { type Frame, frameOf, refuseStranger, requireSide } from '../access.ts';
import { inForce } from '../statements/service.ts';
import { INPUT_ACTIONS, type InputAction, type MetricInput, type NewInput } from './schemas.ts';
import * as sql from './sql.ts';

/** Kinds whose values people state; the others are found in the records. */
const STATED: readonly Metric['kind'][] = ['share', 'count', 'choice', 'list', 'rating'];

/** What was stated of a contract's metrics, newest first. @throws ApiError `not_found` */
export async function listInputs(
  db: Queryable,
  by: Member,
  contractId: number,
  query: { readonly metric?: string; readonly state?: string },
): Promise<{ items: MetricInput[] }> {
  const frame = await frameOf(db, by, contractId);
  return { items: (await sql.selectInputs(db, contractId, query)).map((row) => present(row, frame, by)) };
}

/** One side states a value. @throws ApiError `not_found`, `settlement_not_a_party`, `unknown_reference`, `invalid_request` */
export async function proposeInput(pool: Pool, by: Member, contractId: number, wish: NewInput): Promise<MetricInput> {
  return inTransaction(pool, async (client) => {
    const frame = await frameOf(client, by, contractId);
    requireSide(frame);
    const { document } = await inForce(client, contractId);
    checkValue(document.metrics, wish);
    if (wish.to_day <= wish.from_day) throw apiError('invalid_period', 'to_day must lie after from_day');
    const id = await sql.insertInput(client, by, contractId, wish);
    await tell(client, by, frame, id, 'proposed', wish);
    return get(client, by, frame, id);
  });
}

/** The other side agrees or rejects, the own one takes it back. @throws ApiError `not_found`, `settlement_own_side`, `settlement_state` */
export async function decideInput(
  pool: Pool,
  by: Member,
  contractId: number,
  id: number,
  { action, note }: { readonly action: InputAction; readonly note?: string | undefined },
): Promise<MetricInput> {
  return inTransaction(pool, async (client) => {
    const frame = await frameOf(client, by, contractId);
    const row = await sql.lockInput(client, contractId, id);
    if (row === null) throw apiError('not_found');
    const refusal = refusalOf(action, row, frame, by);
    if (refusal !== null) throw refusal;
    const state = ({ agree: 'agreed', reject: 'rejected', withdraw: 'withdrawn' } as const)[action];
    await sql.setDecided(client, by, id, state, note ?? null);
    await tell(client, by, frame, id, state, { note });
    return get(client, by, frame, id);
  });
}

function checkValue(metrics: readonly Metric[], { metric: id, value }: NewInput): void {
  const metric = metrics.find((each) => each.id === id);
  if (metric === undefined) throw apiError('unknown_reference', `The contract has no metric ${id}`);
  if (!STATED.includes(metric.kind) || ('taken_from' in metric && metric.taken_from !== undefined)) {
    throw invalid(`${id} is found in the records`);
  }
  try {
    const reading = readMetric(metric, shapeOf(value));
    if (isLack(reading) && reading.code !== 'nothing_due')
      throw invalid(reading.detail || `${reading.code}: ${reading.of}`);
  } catch (cause) {
    if (cause instanceof MetricValueError || cause instanceof TypeError) throw invalid(cause.message, cause);
    throw cause;
  }
}

function shapeOf(value: unknown): MetricValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('must be an object');
  return value as MetricValue;
}

function invalid(message: string, cause?: unknown): ApiError {
  return apiError('invalid_request', { detail: message, errors: [{ path: '/body/value', message }], cause });
}

function refusalOf(action: InputAction, row: sql.InputRow, frame: Frame, by: Member): ApiError | null {
  if (!isAllowed(by.role, 'settlement.write')) return apiError('forbidden');
  const refusal = refuseStranger(frame);
  if (refusal !== null) return refusal;
  if (row.state !== 'proposed') return apiError('settlement_state', `It has been ${row.state}`);
  const isOwn = by.org.id === row.proposed_org.id || formerSideOf(frame.parties, row.proposed_org) === frame.side;
  return isOwn === (action === 'withdraw') ? null : apiError('settlement_own_side');
}

async function get(db: Queryable, by: Member, frame: Frame, id: number): Promise<MetricInput> {
  return present((await sql.selectInput(db, frame.contract.id, id)) as sql.InputRow, frame, by);
}

async function tell(
  client: Parameters<typeof record>[0],
  by: Member,
  { contract }: Frame,
  id: number,
  action: string,
  detail: object,
): Promise<void> {
  await writeOutbox(client, [{ kind: 'metric_input.changed', payload: { id, contract_id: contract.id, action } }]);
  await record(client, by, `metric_input.${action}`, `contract:${contract.code}`, { input: id, ...detail });
}

function present(row: sql.InputRow, frame: Frame, by: Member): MetricInput {
  const { id, contract_id, metric, from_day, to_day, value, source, state } = row;
  return {
    id,
    contract_id,
    metric,
    from_day,
    to_day,
    value,
    source,
    state,
    proposed: { at: row.proposed_at, user: row.proposed_user, org: row.proposed_org },
    decided:
      row.decided_at === null
        ? null
        : { at: row.decided_at, user: row.decided_user, org: row.decided_org, note: row.decision_note },
    actions: INPUT_ACTIONS.filter((action) => refusalOf(action, row, frame, by) === null),
  };
}
