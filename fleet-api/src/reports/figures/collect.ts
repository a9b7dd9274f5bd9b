import { getContract } from '../../availability/contracts/service.ts';
import { selectRegionTree } from '../../availability/figures/regions.ts';
import type { Pool, Queryable } from '../../db/index.ts';
import { instantsOf, type ReportKind } from '../kinds.ts';
import { availabilityPart, type Place } from './availability.ts';
import { dutyPart, inspectionPart } from './duties.ts';
import { faultPart, nameOf } from './faults.ts';
import { analysisLines, exclusionLines, outageLines } from './lists.ts';
import { networkPart } from './network.ts';
import { simPart } from './sim.ts';
import { stockPart } from './stock.ts';
import type { ReportFigures } from './types.ts';

export interface ReportAsked extends Place {
  readonly kind: ReportKind;
  readonly nowMs: number;
}

/** Kinds with every station in an annex; the others name the worst. */
const WITH_STATIONS: ReadonlySet<ReportKind> = new Set(['month', 'quarter', 'half_year']);
const MONTHS: Readonly<Record<ReportKind, number>> = { day: 0, week: 0, month: 1, quarter: 3, half_year: 6 };
/** The platform's own eyes: what a report is about is bounded by its contract and region. */
const EVERYTHING = { scope: null, orgId: 0, seesAll: true } as const;

/**
 * All figures of a report, from the services that answer the API, as of `nowMs`. `onStep` is told of each step, so that whoever makes
 * it can tell how far it is, or stop. @throws ApiError `not_found`, `unknown_reference`
 */
export async function collectFigures(
  pool: Pool,
  asked: ReportAsked,
  onStep: (done: number, total: number) => Promise<void> = async () => undefined,
): Promise<ReportFigures> {
  const { contractId, regionId, kind, fromDay, toDay, nowMs } = asked;
  const contract = await getContract(pool, EVERYTHING, contractId);
  const period = instantsOf({ from: fromDay, to: toDay }, contract.time_zone);
  const regions = await selectRegionTree(pool);
  const days = Math.round((Date.parse(toDay) - Date.parse(fromDay)) / 86_400_000);
  const total = days + 4;
  let done = 0;
  const step = (): Promise<void> => onStep(++done, total);
  const { part: availability, found } = await availabilityPart(
    { db: pool, viewer: EVERYTHING, nowMs },
    asked,
    WITH_STATIONS.has(kind),
  );
  await step();
  const query = { contractId, period, nowMs, regionId, regions };
  const faults = await faultPart(pool, query);
  await step();
  const inspections = await inspectionPart(pool, query);
  const duties = regionId === null ? await dutyPart(pool, { ...query, fromDay, toDay }) : null;
  await step();
  const stationIds = found.stations.map(({ station }) => station.id);
  const devices = await devicesAt(pool, stationIds, period);
  const span = { fromDay, toDay, timeZone: contract.time_zone, devices };
  const network = await networkPart(pool, span, step);
  const sim = await simPart(pool, { ...span, months: MONTHS[kind] });
  await step();
  return {
    v: 1,
    kind,
    fromDay,
    toDay,
    madeAtMs: nowMs,
    contract: {
      id: contract.id,
      code: contract.code,
      name: contract.name,
      timeZone: contract.time_zone,
      agency: contract.agency?.name ?? null,
      contractor: contract.contractor?.name ?? null,
      isBaseline: contract.is_baseline,
    },
    region: regionId === null ? null : { id: regionId, name: nameOf(regions, regionId) ?? '' },
    availability,
    faults,
    inspections,
    duties,
    stock: await stockPart(pool, { period, regionIds: regionId === null ? regionsOf(contract, regions) : [regionId] }),
    network,
    sim,
    exclusions: await exclusionLines(pool, query),
    outages: await outageLines(pool, query),
    analyses: await analysisLines(pool, query),
  };
}

/** Regions of a contract; the baseline is about all of them. */
function regionsOf(
  {
    is_baseline,
    regions: own,
  }: { readonly is_baseline: boolean; readonly regions: readonly { readonly id: number }[] },
  all: ReadonlyMap<number, { readonly path: readonly number[] }>,
): number[] {
  if (!is_baseline) return own.map(({ id }) => id);
  return [...all].filter(([, { path }]) => path.length === 1).map(([id]) => id);
}

/** Devices that stood at one of the stations at some time of the period. */
async function devicesAt(
  db: Queryable,
  stationIds: readonly number[],
  period: { readonly from: number; readonly to: number },
): Promise<Set<number>> {
  const { rows } = await db.query<{ device_key: number }>(
    `select distinct device_key from installation
     where station_id = any ($1::int[]) and from_at < $3 and (to_at is null or to_at > $2)`,
    [stationIds, new Date(period.from), new Date(period.to)],
  );
  return new Set(rows.map(({ device_key }) => device_key));
}
