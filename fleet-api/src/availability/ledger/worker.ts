import type { DeviceEvidence, Interval } from '@uptally/sla';
import { inTransaction, type Pool, type PoolClient, type Queryable } from '../../db/index.ts';
import { dropAccruals, storeAccruals } from './accrual-sql.ts';
import { type Accrual, accrue, type DayPlan, type Grounds, hullOf, planDays } from './accrue.ts';
import { loadContracts, loadDayTable } from './contracts.ts';
import { claimDue, type Due, postponeDue, settleDue } from './due.ts';
import { loadEvidenceOf } from './evidence.ts';
import { spreadMarks } from './marks.ts';
import { loadOutages } from './outages.ts';
import { type LedgerStation, loadExclusions, loadStations } from './stations.ts';

/** Advisory lock that lets one process work on figures at a time; any number that nobody else uses. */
const LOCK_KEY = 7_227_700_021;
/** A station's figures are made for at most this long a stretch at once, ms. */
const STRETCH_MS = 31 * 86_400_000;
/** A station whose figures could not be made is tried again after this, ms. */
const RETRY_MS = 5 * 60_000;

/** What one step did: all zero when there is nothing left to do. */
export interface Step {
  readonly marks: number;
  readonly stations: number;
  /** Days of stations and contracts made. */
  readonly days: number;
  /** Of those, rows that came out different. */
  readonly changed: number;
  /** Stations whose figures could not be made, and why. They are tried again some minutes later. */
  readonly failed: readonly { readonly stationId: number; readonly error: unknown }[];
}

const IDLE: Step = { marks: 0, stations: 0, days: 0, changed: 0, failed: [] };

/** Runs `work` in a transaction that holds the ledger's lock; null if somebody else holds it. */
export async function underLock<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T | null> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [LOCK_KEY]);
    return rows[0]?.mine === true ? work(client) : null;
  });
}

/** Spreads a portion of the marks, in one transaction: evidence without figures keeps its mark. */
export async function spreadStep(pool: Pool, nowMs: number): Promise<Step | null> {
  return underLock(pool, async (client) => ({ ...IDLE, marks: await spreadMarks(client, nowMs) }));
}

/** Makes the figures of up to `stations` stations, in one transaction; null where another process is at it. */
export async function countStep(pool: Pool, nowMs: number, stations: number): Promise<Step | null> {
  return underLock(pool, async (client) => {
    const { stationIds, due } = await claimDue(client, { stations, nowMs, stretchMs: STRETCH_MS });
    if (stationIds.length === 0) return IDLE;
    const { made, done, failed } = await make(client, due, nowMs);
    const changed = await store(client, made);
    const failedIds = failed.map(({ stationId }) => stationId);
    await settleDue(
      client,
      stationIds.filter((id) => !failedIds.includes(id)),
      done,
      nowMs,
    );
    if (failed.length > 0) await postponeDue(client, failedIds, nowMs + RETRY_MS);
    const days = made.reduce((sum, each) => sum + each.rows.length, 0);
    return { ...IDLE, stations: stationIds.length - failed.length, days, changed, failed };
  });
}

interface Made {
  readonly plans: readonly DayPlan[];
  readonly station: LedgerStation;
  readonly rows: readonly Accrual[];
}

interface Job {
  readonly station: LedgerStation;
  readonly plans: readonly DayPlan[];
  readonly hull: Interval;
  readonly done: Due;
}

/** Figures from the evidence as it is now; `done` is the time of which each station's figures are then true. */
async function make(db: Queryable, due: readonly Due[], nowMs: number) {
  const jobs = await planJobs(db, due, nowMs);
  const failed: { stationId: number; error: unknown }[] = [];
  const made: Made[] = [];
  const doneOf = new Map(jobs.map((job) => [job.station.id, job.done]));
  const grounds = jobs.length === 0 ? null : await loadGrounds(db, jobs, nowMs);
  for (const { station, plans } of jobs) {
    try {
      if (grounds !== null) made.push({ station, plans, rows: accrue(station, plans, grounds) });
    } catch (error) {
      failed.push({ stationId: station.id, error });
    }
  }
  return { made, done: due.map((each) => doneOf.get(each.stationId) ?? each), failed };
}

async function loadGrounds(db: Queryable, jobs: readonly Job[], nowMs: number): Promise<Grounds> {
  const hull = {
    from: Math.min(...jobs.map((job) => job.hull.from)),
    to: Math.max(...jobs.map((job) => job.hull.to)),
  };
  const dayTable = await loadDayTable(db);
  const exclusions = await loadExclusions(db, hull);
  const outages = await loadOutages(db, hull, nowMs);
  const evidence = await loadEvidenceOf(
    db,
    jobs.flatMap(({ station, hull: { from, to } }) =>
      station.installations
        .filter((each) => each.from < to && each.to > from)
        .map(({ deviceKey }) => ({ deviceKey, from, to })),
    ),
  );
  return { dayTable, exclusions, outages, evidenceOf: reader(evidence) };
}

async function planJobs(db: Queryable, due: readonly Due[], nowMs: number): Promise<readonly Job[]> {
  const contracts = await loadContracts(db);
  const stations = new Map(
    (
      await loadStations(
        db,
        due.map(({ stationId }) => stationId),
      )
    ).map((station) => [station.id, station]),
  );
  const plansOf = new Map<string, readonly DayPlan[]>();
  return due.flatMap((each): Job[] => {
    const station = stations.get(each.stationId);
    const key = `${each.from}/${each.to}`;
    const plans = plansOf.get(key) ?? planDays(contracts, { from: each.from, to: each.to + 1 }, nowMs);
    plansOf.set(key, plans);
    const hull = hullOf(plans);
    if (station === undefined || hull === null) return [];
    const from = Math.max(...plans.map(({ days }) => days[0]?.from ?? each.from));
    const to = Math.min(...plans.map(({ days }) => days.at(-1)?.to ?? each.to));
    const done = { stationId: each.stationId, from: Math.min(from, each.from), to: Math.max(to, each.to) };
    return [{ station, plans, hull, done }];
  });
}

function reader(evidence: ReadonlyMap<number, DeviceEvidence>): (deviceKey: number) => DeviceEvidence {
  return (deviceKey) => {
    const known = evidence.get(deviceKey);
    if (known === undefined) throw new Error(`no evidence was loaded of device ${deviceKey}`);
    return known;
  };
}

async function store(db: Queryable, made: readonly Made[]): Promise<number> {
  const rows = made.flatMap((each) => each.rows);
  const remade = made.flatMap(({ station, plans }) =>
    plans.map(({ contract, firstDay, lastDay }) => ({
      contractId: contract.id,
      stationId: station.id,
      firstDay,
      lastDay,
    })),
  );
  return (await dropAccruals(db, remade, rows)) + (await storeAccruals(db, rows));
}
