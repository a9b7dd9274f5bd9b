import { inTransaction, type Pool, type PoolClient, type Queryable, sqlState } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { missedUpdate } from '../../http/preconditions.ts';
import { type Doer, record } from '../../registry/shared/doer.ts';
import { checkBaseline, checkClosedPeriods, checkContract, checkTerm } from './checks.ts';
import { rulesOf } from './rules.ts';
import type { Contract, ContractPatch, NewContract } from './schemas.ts';
import * as sql from './sql.ts';
import type { Viewer } from './viewer.ts';

/** What the viewer may see, and the one that figures are of if none is named. */
export async function listContracts(db: Queryable, viewer: Viewer): Promise<{ items: Contract[]; default_id: number }> {
  const items = (await sql.selectContracts(db, viewer)).map(present);
  const own = items.filter((contract) => !contract.is_baseline);
  const preferred = own.length === 1 ? own[0] : items.find((contract) => contract.is_baseline);
  if (preferred === undefined) throw apiError('internal', 'There is no baseline contract');
  return { items, default_id: preferred.id };
}

/** @throws ApiError `not_found` */
export async function getContract(db: Queryable, viewer: Viewer, id: number): Promise<Contract> {
  const contract = await sql.selectContract(db, viewer, id);
  if (contract === null) throw apiError('not_found', 'No such contract');
  return present(contract);
}

/**
 * The contract that a query names, else the only one with parties that the viewer may see, else the baseline.
 * @throws ApiError `unknown_reference`
 */
export async function contractFor(db: Queryable, viewer: Viewer, id: number | undefined): Promise<Contract> {
  if (id === undefined) {
    const { items, default_id } = await listContracts(db, viewer);
    return items.find((contract) => contract.id === default_id) as Contract;
  }
  const contract = await sql.selectContract(db, viewer, id);
  if (contract === null) throw apiError('unknown_reference', 'No such contract');
  return present(contract);
}

/** @throws ApiError `invalid_request`, `unknown_reference`, `already_exists` */
export async function createContract(pool: Pool, by: Doer, viewer: Viewer, body: NewContract): Promise<Contract> {
  checkTerm(body.term_from, body.term_to ?? null);
  return inTransaction(pool, async (client) => {
    await checkContract(client, by.scope, body);
    const id = await sql.insertContract(client, {
      code: body.code,
      name: body.name,
      agency_org_id: body.agency_org_id ?? null,
      contractor_org_id: body.contractor_org_id ?? null,
      time_zone: body.time_zone ?? by.timeZone,
      term_from: body.term_from,
      term_to: body.term_to ?? null,
      calendar: JSON.stringify(body.calendar ?? { kind: 'always' }),
      rules: JSON.stringify(rulesOf(body.rules ?? {})),
    });
    await sql.setRegions(client, id, body.region_ids);
    await record(client, by, 'contract.created', `contract:${body.code}`, body);
    return getContract(client, viewer, id);
  });
}

export interface ContractChange {
  readonly id: number;
  readonly patch: ContractPatch;
  /** Version that was read; null: whatever it is. */
  readonly expected: number | null;
}

/** @throws ApiError `not_found`, `version_conflict`, `invalid_request`, `unknown_reference`, `baseline_fixed`, `period_closed` */
export async function changeContract(pool: Pool, by: Doer, viewer: Viewer, change: ContractChange): Promise<Contract> {
  return inTransaction(pool, (client) => changeContractIn(client, by, viewer, change));
}

/** {@link changeContract} inside of a larger change. */
export async function changeContractIn(
  client: PoolClient,
  by: Doer,
  viewer: Viewer,
  { id, patch, expected }: ContractChange,
): Promise<Contract> {
  if (!(await sql.lockContract(client, id))) throw apiError('not_found', 'No such contract');
  const before = await getContract(client, viewer, id);
  checkBaseline(before, patch);
  checkClosedPeriods(before, patch);
  checkTerm(patch.term_from ?? before.term_from, patch.term_to === undefined ? before.term_to : patch.term_to);
  await checkContract(client, by.scope, patch);
  const { calendar, rules, region_ids, ...fields } = patch;
  const row = {
    ...fields,
    ...(calendar === undefined ? {} : { calendar: JSON.stringify(calendar) }),
    ...(rules === undefined ? {} : { rules: JSON.stringify(rulesOf(rules)) }),
  };
  if ((await sql.updateContract(client, id, row, expected)) === null) throw missedUpdate(true);
  if (region_ids !== undefined) await sql.setRegions(client, id, region_ids);
  await record(client, by, 'contract.changed', `contract:${before.code}`, patch);
  return getContract(client, viewer, id);
}

/** Deletes a contract that nothing has come of. @throws ApiError `not_found`, `baseline_fixed`, `still_referenced` */
export async function removeContract(pool: Pool, by: Doer, viewer: Viewer, id: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    const contract = await getContract(client, viewer, id);
    if (contract.is_baseline) throw apiError('baseline_fixed');
    try {
      await sql.deleteContract(client, id);
    } catch (cause) {
      if (sqlState(cause) === '23503') throw apiError('still_referenced', { cause });
      throw cause;
    }
    await record(client, by, 'contract.deleted', `contract:${contract.code}`);
  });
}

function present(row: sql.ContractRow): Contract {
  return { ...row, rules: rulesOf(row.rules) };
}
