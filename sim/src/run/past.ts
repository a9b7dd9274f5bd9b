import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import { clockTraits } from '../device/clock-traits.ts';
import { DAY_MS, HOUR_MS } from '../device/rhythm.ts';
import type { Window } from '../history/incidents.ts';
import { PastFleet } from '../replay/past-fleet.ts';
import { platformOutages } from '../replay/platform-times.ts';
import { populationOf } from '../replay/population.ts';
import { ReplayProcess } from '../replay/replay-process.ts';
import type { Credential } from './life.ts';
import { SPOOL_RECORDS } from './sim-fleet.ts';
import type { KeptDevice, KeptState } from './state-file.ts';
import type { TruthLog } from './truth-log.ts';
import type { World } from './world.ts';

/**
 * Intervals that the platform is said to have set in the past: slow ones, so that two weeks of the fleet are under two million records and not
 * sixty. Parts speak up at once whatever the interval of probing is.
 */
const PAST_INTERVALS = {
  beatMs: HOUR_MS,
  healthMs: DAY_MS / 2,
  fullMs: DAY_MS,
  metricsMs: DAY_MS / 2,
  netMs: DAY_MS / 2,
  simMs: DAY_MS / 2,
} as const;

export interface PastFacts {
  readonly settings: Settings;
  readonly world: World & { readonly past: Window };
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly truth: TruthLog | null;
  readonly log: Logger;
}

/** Lets the fleet live through its past and the platform store it. Afterwards devices go on where they stand. */
export class PastRun {
  readonly #facts: PastFacts;
  readonly #process: ReplayProcess;

  constructor(facts: PastFacts, program: string) {
    this.#facts = facts;
    this.#process = new ReplayProcess(program);
  }

  /** @returns the state from which the fleet goes on. Rejects if the platform did not take the past. */
  async run(): Promise<KeptState> {
    const { world, settings, credentials, truth, log } = this.#facts;
    const { seed } = settings;
    const { past: window } = world;
    const platform = platformOutages(window, seed);
    const members = populationOf({
      ...world,
      window,
      seed,
      credentials,
      intervals: PAST_INTERVALS,
      spoolRecords: SPOOL_RECORDS,
      clockOf: (device) => clockTraits(device, seed),
      onTruth: (deviceId, atMs, state) => truth?.note(deviceId, atMs, state),
      onFault: (serial, where, error) => log.warn({ serial, where, err: error }, 'a device stumbled in its past'),
    });
    for (const { fromMs, untilMs } of platform.outages) truth?.platformOut(fromMs, untilMs);
    const fleet = new PastFleet({ members, platform, window });
    let messages = 0;
    let toldMs = performance.now();
    await fleet.live(
      (frames, count) => {
        messages += count;
        return this.#process.write(frames);
      },
      (atMs) => {
        if (performance.now() - toldMs < 10_000) return;
        toldMs = performance.now();
        log.info(`past: ${new Date(atMs).toISOString()} reached, ${messages} messages`);
      },
    );
    const legacies = fleet.end();
    await this.#process.end();
    log.info(`past: ${members.length} devices, ${messages} messages replayed`);
    const devices: Record<string, KeptDevice> = {};
    for (const [serial, credential] of credentials) {
      devices[serial] = { ...credential, boot: null, powered: true, store: {}, spool: null };
    }
    members.forEach(({ device }, i) => {
      const known = devices[device.serial];
      const legacy = legacies[i];
      if (known && legacy) devices[device.serial] = { ...known, ...legacy };
    });
    return { v: 1, fleet: world.fleet.name, seed, past: window, replayed: true, clean: true, devices };
  }

  kill(): void {
    this.#process.kill();
  }
}
