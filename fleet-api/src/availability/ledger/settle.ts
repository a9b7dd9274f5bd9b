import type { Interval } from '@uptally/sla';
import type { Pool } from '../../db/index.ts';
import { addDue } from './due.ts';
import { countStep, type Step, spreadStep, underLock } from './worker.ts';

/** What settling did in all. */
export interface Settled {
  readonly marks: number;
  readonly stations: number;
  readonly days: number;
  readonly changed: number;
}

const STATIONS = 64;
const TURN_MS = 20;

/**
 * Works until no mark and no station waits: figures then follow from the evidence as of `nowMs`. Throws if a station's figures can't be
 * made.
 */
export async function settleMarks(pool: Pool, nowMs: number): Promise<Settled> {
  const spread = await drain(() => spreadStep(pool, nowMs));
  const counted = await drain(() => countStep(pool, nowMs, STATIONS));
  return { ...counted, marks: spread.marks };
}

/** Has the figures of stations made again for a stretch of time, or for all, and settles. */
export async function refreshStations(
  pool: Pool,
  nowMs: number,
  stationIds: readonly number[],
  window: Interval,
): Promise<Settled> {
  const due = stationIds.map((stationId) => ({ stationId, from: window.from, to: window.to }));
  while ((await underLock(pool, async (client) => addDue(client, due, nowMs).then(() => true))) === null) await turn();
  return settleMarks(pool, nowMs);
}

async function drain(step: () => Promise<Step | null>): Promise<Settled> {
  const sum = { marks: 0, stations: 0, days: 0, changed: 0 };
  for (;;) {
    const did = await step();
    if (did === null) {
      await turn();
      continue;
    }
    const [failure] = did.failed;
    if (failure !== undefined) {
      throw new Error(`the figures of station ${failure.stationId} can not be made`, { cause: failure.error });
    }
    if (did.marks + did.stations === 0) return sum;
    sum.marks += did.marks;
    sum.stations += did.stations;
    sum.days += did.days;
    sum.changed += did.changed;
  }
}

/** Another process holds the ledger for the length of a step. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, TURN_MS));
}
