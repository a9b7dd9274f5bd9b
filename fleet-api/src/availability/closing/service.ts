import { addDays, dayBounds } from '@uptally/sla';
import type { Role } from '../../auth/permissions.ts';
import { inTransaction, type Pool, type PoolClient, type Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { cursorFrom, DEFAULT_LIMIT, pageOf } from '../../http/paging.ts';
import { type Doer, record } from '../../registry/shared/doer.ts';
import type { Contract } from '../contracts/schemas.ts';
import { getContract } from '../contracts/service.ts';
import { lockContract, orgKind } from '../contracts/sql.ts';
import type { Viewer } from '../contracts/viewer.ts';
import { findIn } from '../figures/asked.ts';
import { figuresOf } from '../figures/figure.ts';
import { type NamedPeriod, nameOfDays, periodNamed, slicesOf } from '../figures/period.ts';
import { selectStationPlaces } from '../figures/stations-sql.ts';
import { EMPTY_SUMS, sumsByStation } from '../figures/sums-sql.ts';
import type { Closing, ClosingDetail } from './schemas.ts';
import * as sql from './sql.ts';

/** Figures of a contract are closed whole, whoever closes them. */
const EVERYTHING: Viewer = { scope: null, orgId: 0, seesAll: true };

/** Who closes. */
export interface Closer extends Doer {
  readonly viewer: Viewer;
  readonly role: Role;
}

/** @throws ApiError `not_found` */
export async function listClosings(db: Queryable, viewer: Viewer, contractId: number): Promise<Closing[]> {
  const contract = await getContract(db, viewer, contractId);
  return (await sql.selectClosings(db, contract.id)).map(present);
}

/**
 * Freezes the figures of a period as they are. What evidence says later shows as a difference.
 * @throws ApiError `not_found`, `forbidden`, `out_of_scope`, `invalid_period`, `period_not_over`, `period_closed`, `period_incomplete`
 */
export async function closePeriod(pool: Pool, by: Closer, contractId: number, name: string): Promise<Closing> {
  return inTransaction(pool, async (client) => {
    await sql.lockAccruals(client);
    await lockContract(client, contractId);
    const contract = await getContract(client, by.viewer, contractId);
    return closeIn(client, by, contract, periodNamed(name, contract.time_zone));
  });
}

/** {@link closePeriod} inside of a larger change, which holds both locks: accruals first, then the contract. */
export async function closeIn(
  client: PoolClient,
  by: Closer,
  contract: Contract,
  period: NamedPeriod,
): Promise<Closing> {
  await checkCloser(client, by, contract);
  checkOver(contract, period, by.nowMs);
  if (await sql.overlapsClosed(client, contract.id, period)) {
    throw apiError('period_closed', 'Days of this period have been closed before');
  }
  await checkComplete(client, by, contract, period);
  const id = await freeze(client, by, contract, period);
  const closing = present((await sql.selectClosing(client, contract.id, id)) as sql.ClosingRow);
  const { from_day, to_day, figures_sha256 } = closing;
  await record(client, by, 'period.closed', `contract:${contract.code}`, { from_day, to_day, figures_sha256 });
  return closing;
}

export interface DetailAsked {
  readonly contractId: number;
  readonly closingId: number;
  readonly cursor?: string;
  readonly limit?: number;
}

/** A closed period beside what evidence says now, as far as the viewer sees. @throws ApiError `not_found`, `invalid_cursor` */
export async function closingDetail(db: Queryable, viewer: Viewer, asked: DetailAsked): Promise<ClosingDetail> {
  const contract = await getContract(db, viewer, asked.contractId);
  const row = await sql.selectClosing(db, contract.id, asked.closingId);
  if (row === null) throw apiError('not_found', 'No such closing');
  const limit = asked.limit ?? DEFAULT_LIMIT;
  const [after = 0] = cursorFrom(asked.cursor, 'station', 1) ?? [];
  if (!Number.isSafeInteger(after)) throw apiError('invalid_cursor');
  const stationIds = await stationsSeen(db, viewer, contract, row.id);
  const differences = await sql.selectDifferences(db, {
    closing: row,
    stationIds,
    afterStation: Number(after),
    limit: limit + 1,
  });
  const page = pageOf(differences.rows, limit, 'station', ({ station_id }) => [station_id]);
  const range = { fromDay: row.from_day, toDay: row.to_day };
  const pairOf = async (closedId: number | null) => {
    const closed = closedId === null ? [] : [{ ...range, id: closedId }];
    const sumsAsked = { contractId: contract.id, rules: contract.rules, stationIds };
    const sums = await sumsByStation(db, sumsAsked, slicesOf(range, closed));
    return figuresOf(sums.size === 0 ? [EMPTY_SUMS] : [...sums.values()], contract.rules).pair;
  };
  return {
    ...present(row),
    intact: (await sql.checksumOf(db, row.id)).toString('hex') === row.figures_sha256,
    frozen: await pairOf(row.id),
    now: await pairOf(null),
    stations_changed: differences.total,
    items: page.items.map(differenceOf),
    next_cursor: page.next_cursor,
  };
}

async function checkCloser(db: Queryable, by: Closer, contract: Contract): Promise<void> {
  const { orgId, scope } = by.viewer;
  const isParty = contract.is_baseline
    ? (await orgKind(db, orgId)) === 'platform'
    : [contract.agency?.id, contract.contractor?.id].includes(orgId);
  if (by.role !== 'admin' && !isParty) {
    throw apiError('forbidden', 'Periods are closed by the parties of the contract and by administrators');
  }
  if (!(await sql.seesWholeContract(db, contract.id, scope))) {
    throw apiError('out_of_scope', 'The contract is about regions beyond yours');
  }
}

/** A period can be closed once late evidence has had its time. */
function checkOver({ time_zone, term_from, term_to, rules }: Contract, period: NamedPeriod, nowMs: number): void {
  if (period.toDay <= term_from || (term_to !== null && period.fromDay >= term_to)) {
    throw apiError('invalid_period', 'The period lies outside of the term of the contract');
  }
  const graceEnds = dayBounds(time_zone, addDays(period.toDay, rules.evidence_grace_days)).from;
  if (nowMs < graceEnds) {
    throw apiError('period_not_over', `It can be closed from ${new Date(graceEnds).toISOString()} on`);
  }
}

async function checkComplete(db: Queryable, by: Closer, contract: Contract, period: NamedPeriod): Promise<void> {
  const lacking = await lackingFigures(db, contract, period, by.nowMs);
  if (lacking !== null) throw apiError('period_incomplete', lacking);
}

/** Why the figures of days that are over can't be closed yet, or null: every day is counted to its end, from all evidence that is there. */
export async function lackingFigures(
  db: Queryable,
  contract: Contract,
  period: NamedPeriod,
  nowMs: number,
): Promise<string | null> {
  const { periodRef } = await findIn({ db, viewer: EVERYTHING, nowMs }, contract, period, {});
  if (periodRef.days_missing > 0) return `${periodRef.days_missing} station-days have no figures yet`;
  return (await sql.isUnsettled(db, contract.id, period, contract.time_zone))
    ? 'Evidence has arrived that is not in the figures yet; try again in a minute'
    : null;
}

async function freeze(client: PoolClient, by: Closer, contract: Contract, period: NamedPeriod): Promise<number> {
  const { fromDay, toDay } = period;
  const id = await sql.insertClosing(client, {
    contractId: contract.id,
    fromDay,
    toDay,
    closedBy: by.actor.userId,
    closedAt: new Date(by.nowMs),
  });
  for (const slice of slicesOf(period, [])) await sql.freezeSlice(client, id, contract.id, slice);
  await sql.setChecksum(client, id, await sql.checksumOf(client, id));
  return id;
}

/** Stations whose frozen figures the viewer may see; null: all. */
async function stationsSeen(db: Queryable, viewer: Viewer, contract: Contract, closingId: number) {
  if (viewer.scope === null) return null;
  const places = await selectStationPlaces(db, { scope: viewer.scope, contract, closedIds: [closingId] });
  return places.map(({ id }) => id);
}

function present(row: sql.ClosingRow): Closing {
  return { ...row, name: nameOfDays({ fromDay: row.from_day, toDay: row.to_day }) };
}

function differenceOf(row: sql.DifferenceRow): ClosingDetail['items'][number] {
  const dimension = ([up_ms, down_ms, unknown_ms, platform_ms, excluded_ms]: sql.DifferenceRow['net']) => ({
    required_ms: row.required,
    up_ms,
    down_ms,
    unknown_ms,
    platform_ms,
    excluded_ms,
  });
  return {
    station: { id: row.station_id, code: row.code, name: row.name, site: row.site },
    days: row.days,
    network: dimension(row.net),
    equipment: dimension(row.eq),
  };
}
