import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { periodOf } from '@uptally/sla';
import type { Logger } from 'pino';
import type { Pool } from '../../db/index.ts';
import { readSettled } from '../../settlement/verify/read.ts';
import { readContract } from '../case/contract.ts';
import { readStationCase } from '../case/read.ts';
import { closedStationIds, stationIdsOf } from '../case/stations.ts';
import type { PeriodCase } from '../case/types.ts';
import { ensureEvidenceKey } from './key.ts';
import { type BundleJob, takeJob, tellDone, tellFailed, tellProgress } from './store.ts';
import { BundleWriter } from './writer.ts';

const POLL_MS = 2_000;

export interface BundleMakerOptions {
  readonly pool: Pool;
  readonly log: Logger;
  readonly clock: () => number;
  /** Where bundles lie until they are fetched. */
  readonly dir: string;
  readonly keyDir: string;
}

/** Makes the bundles that were asked for, one at a time. Any number of processes may; a job is made by one. */
export class BundleMaker {
  readonly #options: BundleMakerOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: BundleMakerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#stopped = false;
    this.#schedule();
  }

  /** Ends after the station in hand; the job is taken up again by whoever runs next. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Makes the next bundle; false if none is waiting. */
  async makeNext(): Promise<boolean> {
    const { pool, clock, log } = this.#options;
    const job = await takeJob(pool, new Date(clock()));
    if (job === null) return false;
    try {
      await this.#make(job);
    } catch (error) {
      log.error({ err: error, bundle: job.id }, 'evidence: bundle could not be made');
      await tellFailed(pool, job.id, new Date(clock()), error instanceof Error ? error.message : String(error));
    }
    return true;
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.makeNext()
        .catch((error: unknown) => {
          this.#options.log.warn({ err: error }, 'evidence: no job could be taken; tried again');
        })
        .then(() => this.#schedule());
    }, POLL_MS);
  }

  async #make(job: BundleJob): Promise<void> {
    const { pool, clock, dir, keyDir } = this.#options;
    const name = `uptally-evidence-${job.id}.zip`;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const path = join(dir, name);
    const draft = await readContract(pool, job.contract_id, { from: 0, to: 0 }, 0);
    const period: PeriodCase = {
      ...periodOf({ from: job.from_day, to: job.to_day }, draft.timeZone),
      name: `${job.from_day}..${job.to_day}`,
    };
    const contract = await readContract(pool, job.contract_id, period, clock());
    const settled = job.statement_id === null ? null : await readSettled(pool, job.statement_id);
    const ids =
      settled === null ? await stationIdsOf(pool, placeOf(job)) : await closedStationIds(pool, settled.closedIds);
    const writer = new BundleWriter(path, ensureEvidenceKey(keyDir));
    if (settled !== null) writer.statement(settled);
    for (const [done, id] of ids.entries()) {
      const mine = await tellProgress(pool, job.id, new Date(clock()), done, ids.length);
      if (this.#stopped || !mine) {
        await writer.abandon();
        return;
      }
      const { station, devices, figures } = await readStationCase(
        pool,
        job.contract_id,
        id,
        period,
        settled?.closedIds ?? null,
      );
      writer.station(station, devices, figures);
    }
    const file = await writer.finish({ contract, period, scope: scopeWords(job), createdAt: new Date(clock()) });
    await tellProgress(pool, job.id, new Date(clock()), ids.length, ids.length);
    await tellDone(pool, job.id, new Date(clock()), { name, ...file }).catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
  }
}

function placeOf({ contract_id, region_id, site_id, station_id }: BundleJob) {
  return { contractId: contract_id, regionId: region_id, siteId: site_id, stationId: station_id };
}

function scopeWords({ region_id, site_id, station_id, statement_id }: BundleJob): string {
  if (statement_id !== null) return `statement ${statement_id}`;
  if (station_id !== null) return `station ${station_id}`;
  if (site_id !== null) return `site ${site_id}`;
  return region_id !== null ? `region ${region_id}` : 'all stations of the contract';
}
