import { periodOf } from '@uptally/sla';
import type { Pool } from '../../db/index.ts';
import { findContract, readContract } from '../case/contract.ts';
import { readStationCase } from '../case/read.ts';
import { stationIdsOf } from '../case/stations.ts';
import type { ContractCase, DayFigures, PeriodCase, StationCase } from '../case/types.ts';
import { compareDays, type Difference } from './compare.ts';
import { judgeStation } from './judge.ts';

/** What to verify: names as people know them. */
export interface VerifyRequest {
  readonly period: string;
  /** Code of the contract; null: the only real one, else the baseline. */
  readonly contract: string | null;
  readonly region: string | null;
  readonly station: string | null;
}

export interface VerifiedStation {
  readonly station: StationCase;
  readonly days: readonly DayFigures[];
  readonly differences: readonly Difference[];
}

export interface VerifyHead {
  readonly contract: ContractCase;
  readonly period: PeriodCase;
  readonly stations: number;
}

export interface VerifyOptions {
  readonly pool: Pool;
  readonly clock: () => number;
  /** Brings the figures up to date with what has arrived; what differs after it, differs. */
  readonly settle: () => Promise<unknown>;
  readonly onHead?: (head: VerifyHead) => void;
}

/** The request names something that does not exist. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError';
}

/** Recomputes stations one by one from the records and compares them with the figures that are kept. */
export async function* verify(request: VerifyRequest, options: VerifyOptions): AsyncGenerator<VerifiedStation> {
  const { pool, clock, settle, onHead } = options;
  const found = await findContract(pool, request.contract);
  if (found === null) throw new VerifyError(`no contract ${request.contract ?? ''}`);
  const period = periodIn(request.period, found.timeZone);
  const ids = await stationIdsOf(pool, {
    contractId: found.id,
    regionId: await idOf(pool, 'region', request.region),
    stationId: await idOf(pool, 'station', request.station),
  });
  if (ids.length === 0) throw new VerifyError('the contract has no such station');
  await settle();
  onHead?.({ contract: await readContract(pool, found.id, period, clock()), period, stations: ids.length });
  for (const id of ids) {
    const first = await verifyStation(options, found.id, id, period);
    if (first.differences.length === 0) {
      yield first;
      continue;
    }
    await settle(); // something may have arrived between figures and records
    yield verifyStation(options, found.id, id, period);
  }
}

async function verifyStation(
  { pool, clock }: VerifyOptions,
  contractId: number,
  stationId: number,
  period: PeriodCase,
): Promise<VerifiedStation> {
  const contract = await readContract(pool, contractId, period, clock());
  const { station, devices, figures } = await readStationCase(pool, contractId, stationId, period);
  const days = judgeStation(
    contract,
    period,
    station,
    devices,
    new Map(figures.map((each) => [each.day, each.computedTo])),
  );
  return { station, days, differences: compareDays(figures, days) };
}

function periodIn(name: string, timeZone: string): PeriodCase {
  const [from, to] = name.split('..');
  try {
    return { name, ...periodOf(from !== undefined && to !== undefined ? { from, to } : name, timeZone) };
  } catch (error) {
    throw new VerifyError(`--period ${name}: ${(error as Error).message}`, { cause: error });
  }
}

const BY_NAME = {
  region: 'select id from region where code = $1 or name = $1 order by code = $1 desc, id limit 1',
  station: 'select id from station where code = $1',
} as const;

async function idOf(pool: Pool, kind: keyof typeof BY_NAME, name: string | null): Promise<number | null> {
  if (name === null) return null;
  const { rows } = await pool.query<{ id: number }>(BY_NAME[kind], [name]);
  const [row] = rows;
  if (row === undefined) throw new VerifyError(`no ${kind} ${name}`);
  return row.id;
}
