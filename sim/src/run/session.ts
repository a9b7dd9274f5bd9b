import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import { ControlServer } from '../control/server.ts';
import { parseScenario } from '../scenario/parse.ts';
import { type Admission, admit } from './admission.ts';
import { Director, readScenarios } from './director.ts';
import { SimFleet } from './sim-fleet.ts';
import { type KeptState, readState, writeState } from './state-file.ts';
import { TruthLog } from './truth-log.ts';
import { type World, worldOf } from './world.ts';

/** Folder of the scenarios that come with the simulator; beside the bundle as beside the sources. */
const SCENARIOS = join(import.meta.dirname, '../scenarios');
const SAVE_MS = 10_000;
const REPORT_MS = 10_000;
/** Records of a past in one batch. */
const BACKLOG_RECORDS = 250;
/** Devices whose network or power is down now never get online: this long after the last was switched on the rest counts as all, ms. */
const PATIENCE_MS = 60_000;

/** One run of the simulator from its settings to its end: the composition root. */
export class Session {
  readonly #settings: Settings;
  readonly #log: Logger;
  readonly #statePath: string;
  #fleet: SimFleet | null = null;
  #control: ControlServer | null = null;
  #truth: TruthLog | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  #stopping = false;

  constructor(settings: Settings, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#statePath = join(settings.dataDir, 'state.json');
  }

  /** Loads, enrols, starts. Resolves once all devices are switched on and the scenarios begun. */
  async start(): Promise<void> {
    const { dataDir, seed, days, truth } = this.#settings;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const kept = readState(this.#statePath);
    if (kept && kept.seed !== seed)
      throw new Error(`${this.#statePath} is of seed ${kept.seed}: choose it or another --data`);
    const world = worldOf(seed, days, kept);
    const admission = await admit(this.#settings, world, kept, this.#log);
    if (this.#stopping) return;
    this.#truth = truth ? new TruthLog(join(dataDir, 'truth.jsonl')) : null;
    const fleet = this.#createFleet(world, admission, kept);
    this.#fleet = fleet;
    fleet.start();
    this.#save(false);
    this.#every(SAVE_MS, () => this.#save(false));
    const director = new Director(fleet, readScenarios(SCENARIOS));
    await this.#startControl(director);
    const online = this.#online(fleet);
    await admission.complete((serial, credential) => fleet.join(serial, credential));
    await online;
    if (!this.#stopping) this.#play(director);
  }

  /** Resolves when the past is delivered. */
  async pastDelivered(): Promise<void> {
    while (!this.#stopping && (this.#fleet?.counts().pastWaiting ?? 0) > 0) await pause(500);
  }

  /** Idempotent. `goodbye`: the devices end their sessions in good order. */
  async stop(goodbye: boolean): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#control?.stop();
    await this.#fleet?.stop({ goodbye });
    this.#save(true);
    await this.#truth?.close();
  }

  #createFleet({ fleet, past, swaps }: World, { credentials, address }: Admission, kept: KeptState | null): SimFleet {
    const { seed, radio, everyday, rampMs, pastParallel, devices } = this.#settings;
    return new SimFleet({
      fleet,
      seed,
      address,
      credentials,
      expected: Math.max(Math.min(devices, fleet.devices.length), credentials.size),
      kept,
      past,
      since: new Map(swaps.map((swap) => [swap.newSerial, swap.atMs])),
      everyday,
      radio,
      rampMs,
      uplink: { backlogRecords: BACKLOG_RECORDS },
      pastParallel,
      truth: this.#truth,
      onFault: (serial, where, error) => this.#log.warn({ serial, where, err: error }, 'a device stumbled'),
    });
  }

  async #startControl(director: Director): Promise<void> {
    const { controlPort, dataDir } = this.#settings;
    if (controlPort === null) return;
    this.#control = new ControlServer(director);
    const url = `http://127.0.0.1:${await this.#control.start(controlPort)}`;
    writeFileSync(join(dataDir, 'control.json'), JSON.stringify({ url }));
    this.#log.info(`control: ${url}`);
  }

  /** Waits until all are switched on and nearly all are connected. */
  async #online(fleet: SimFleet): Promise<void> {
    const began = performance.now();
    let startedAll = Number.POSITIVE_INFINITY;
    let told = false;
    this.#every(REPORT_MS, () => {
      if (!told) this.#log.info(progress(fleet));
      told = fleet.counts().pastWaiting === 0 && performance.now() > startedAll + PATIENCE_MS;
    });
    for (let ready = false; !ready && !this.#stopping; ) {
      await pause(250);
      const { devices, started, up } = fleet.counts();
      if (started === devices) startedAll = Math.min(startedAll, performance.now());
      ready = started === devices && (up >= devices * 0.98 || performance.now() > startedAll + PATIENCE_MS);
    }
    const seconds = Math.round((performance.now() - began) / 1000);
    if (!this.#stopping) this.#log.info(`switched on within ${seconds} s: ${progress(fleet)}`);
  }

  #play(director: Director): void {
    for (const name of this.#settings.scenarios) {
      const scenario = director.scenario(name) ?? parseScenario(readFileSync(name, 'utf8'), name);
      const { devices } = director.play(scenario, { time_scale: String(this.#settings.timeScale) });
      this.#log.info(`scenario ${scenario.name}: ${scenario.title} (${devices} devices)`);
    }
  }

  #save(clean: boolean): void {
    if (this.#fleet) writeState(this.#statePath, this.#fleet.state(clean));
  }

  #every(ms: number, run: () => void): void {
    this.#timers.push(setInterval(run, ms));
  }
}

function progress(fleet: SimFleet): string {
  const { devices, up, pastTotal, pastWaiting, ackedRecords } = fleet.counts();
  const rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const past = pastTotal > 0 ? `, past ${pastTotal - pastWaiting} of ${pastTotal} records` : '';
  return `${up} of ${devices} devices online${past}, ${ackedRecords} records acknowledged, ${rssMb} MB`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
