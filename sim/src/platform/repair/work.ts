import type { Logger } from 'pino';
import { CODE, type Scene, type Sides, termOf } from '../contract.ts';
import { orderRunSheet, oweDocuments, rateMonth, readLedger, takeComplaints, writeRoster } from './office.ts';
import { workCases, workTelemetry } from './orders.ts';
import { enterParts, fillStores, sendAway, storesOf } from './store.ts';
import { visitCounties } from './visits.ts';

/** Who works on the repairs of the demo, and with what. */
export interface Crew extends Sides {
  readonly seed: number;
  readonly nowMs: number;
  /** Users of the contractor that are given orders. */
  readonly people: readonly number[];
  /** County -> its store. */
  readonly stores: ReadonlyMap<string, number>;
  /** Code -> part. */
  readonly parts: ReadonlyMap<string, number>;
}

/** Engineers beside the one who may sign in. Invented. */
const ENGINEERS = [
  { login: 'fu.haisheng', name: '符海生' },
  { login: 'wu.kaichun', name: '吴开春' },
] as const;

/**
 * What the people of both sides would have done in the days before: orders at every stage, stores, visits, complaints, the roster, a
 * report. Does nothing if there are parts in the stores already. What one part of it fails at is told, and the next is tried.
 */
export async function workRepairs(sides: Sides, { fleet, past, seed, devices }: Scene, log: Logger): Promise<void> {
  const since = performance.now();
  const parts = await enterParts(sides);
  if (parts === null) return;
  const contractId = await contractOf(sides);
  const crew: Crew = {
    ...sides,
    seed,
    nowMs: Date.now(),
    people: await peopleOf(sides),
    stores: await storesOf(sides),
    parts,
  };
  const term = termOf(past);
  const serving = fleet.devices.slice(0, devices).filter(({ stationCode }) => stationCode !== null);
  const works: Readonly<Record<string, () => Promise<unknown>>> = {
    stores: () => fillStores(crew),
    orders: () => workCases(crew, serving, past.fromMs),
    telemetry: () => workTelemetry(crew),
    repairs: () => sendAway(crew),
    complaints: () => takeComplaints(crew, contractId),
    documents: () => oweDocuments(crew, contractId, term),
    roster: () => writeRoster(crew, contractId, term),
    rating: () => rateMonth(crew, contractId, term),
    visits: () => visitCounties(crew, contractId, term.from),
    ledger: () => readLedger(crew, contractId),
    report: () => orderRunSheet(crew, contractId),
  };
  const took: Record<string, number> = {};
  for (const [name, work] of Object.entries(works)) {
    const begunMs = performance.now();
    await work().catch((error: unknown) => log.warn({ err: error }, `repairs: ${name} could not be entered`));
    took[name] = Math.round(performance.now() - begunMs);
  }
  log.info({ tookMs: took }, `repairs: entered in ${((performance.now() - since) / 1000).toFixed(1)} s`);
}

async function contractOf({ contractor }: Sides): Promise<number> {
  const { items } = await contractor.get<{ items: readonly { readonly id: number; readonly code: string }[] }>(
    '/contracts',
  );
  const contract = items.find(({ code }) => code === CODE);
  if (contract === undefined) throw new Error(`there is no contract ${CODE}`);
  return contract.id;
}

/** The engineer who may sign in, the manager, and two more. */
async function peopleOf(sides: Sides): Promise<number[]> {
  const people: number[] = [];
  for (const side of [sides.engineer, sides.contractor]) {
    const { user } = await side.get<{ readonly user: { readonly id: number } }>('/session');
    people.push(user.id);
  }
  for (const each of ENGINEERS) {
    const { user } = await sides.contractor.post<{ readonly user: { readonly id: number } }>('/users', {
      ...each,
      role: 'engineer',
    });
    people.push(user.id);
  }
  return people;
}
