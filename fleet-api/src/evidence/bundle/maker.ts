import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { periodOf } from '@uptally/sla';
import type { Logger } from 'pino';
import { settleMarks } from '../../availability/ledger/index.ts';
import type { Pool } from '../../db/index.ts';
import { readSettled } from '../../settlement/verify/read.ts';
import { readContract } from '../case/contract.ts';
import { type ReadStation, readStationCase } from '../case/read.ts';
import { closedStationIds, stationIdsOf } from '../case/stations.ts';
import type { ContractCase, PeriodCase } from '../case/types.ts';
import { ensureEvidenceKey } from './key.ts';
import { type BundleJob, takeJob, tellDone, tellFailed, tellProgress } from './store.ts';
import { BundleWriter } from './writer.ts';

const POLL_MS = 2_000;
/** Times that what waits is counted before a station is given up. */
const SETTLE_ATTEMPTS = 5;

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
    const period = await this.#periodOf(job);
    const settled = job.statement_id === null ? null : await readSettled(pool, job.statement_id);
    const contract = await readContract(pool, job.contract_id, period, clock());
    const writer = new BundleWriter(path, ensureEvidenceKey(keyDir));
    try {
      if (settled !== null) writer.statement(settled);
      const total = await this.#writeStations(writer, job, period, settled?.closedIds ?? null);
      if (total === null) return await writer.abandon();
      if (groundsOf(contract) !== groundsOf(await readContract(pool, job.contract_id, period, clock()))) {
        throw new Error('exclusions, calendar or outages of the platform changed meanwhile; order the bundle again');
      }
      const file = await writer.finish({ contract, period, scope: scopeWords(job), createdAt: new Date(clock()) });
      await tellProgress(pool, job.id, new Date(clock()), total, total);
      await tellDone(pool, job.id, new Date(clock()), { name, ...file });
    } catch (error) {
      await writer.abandon();
      await rm(path, { force: true });
      throw error;
    }
  }

  async #periodOf({ contract_id, from_day: from, to_day: to }: BundleJob): Promise<PeriodCase> {
    const { timeZone } = await readContract(this.#options.pool, contract_id, { from: 0, to: 0 }, 0);
    return { ...periodOf({ from, to }, timeZone), name: `${from}..${to}` };
  }

  /** Writes all stations. Returns how many; null if the process ends or the job is another's by now. */
  async #writeStations(
    writer: BundleWriter,
    job: BundleJob,
    period: PeriodCase,
    closedIds: readonly number[] | null,
  ): Promise<number | null> {
    const { pool, clock } = this.#options;
    const ids = closedIds === null ? await stationIdsOf(pool, placeOf(job)) : await closedStationIds(pool, closedIds);
    for (const [done, id] of ids.entries()) {
      const isMine = await tellProgress(pool, job.id, new Date(clock()), done, ids.length);
      if (this.#stopped || !isMine) return null;
      const { station, devices, figures } = await this.#read(job, id, period, closedIds);
      writer.station(station, devices, figures);
    }
    return ids.length;
  }

  /** A station whose figures follow from the evidence beside them; those of a closing stay what they are. */
  async #read(
    job: BundleJob,
    id: number,
    period: PeriodCase,
    closedIds: readonly number[] | null,
  ): Promise<ReadStation> {
    const { pool, clock } = this.#options;
    for (let attempt = 0; attempt < SETTLE_ATTEMPTS; attempt += 1) {
      const read = await readStationCase(pool, job.contract_id, id, period, closedIds);
      if (closedIds !== null || !read.isWaiting) return read;
      await settleMarks(pool, clock());
    }
    throw new Error(`the figures of station ${id} lag behind its evidence; order the bundle again later`);
  }
}

/** What figures of all stations rest on; the platform's last span grows by the second. */
function groundsOf({ asOf: _asOf, platformSpans, ...rest }: ContractCase): string {
  const outages = platformSpans.slice(1).map(({ from }, i) => [platformSpans[i]?.to, from]);
  return JSON.stringify({ ...rest, outages });
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
