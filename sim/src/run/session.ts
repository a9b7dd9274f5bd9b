import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import { ControlServer } from '../control/server.ts';
import { trueNowMs } from '../device/clock.ts';
import type { Fleet } from '../fleet/types.ts';
import type { Window } from '../history/incidents.ts';
import { enterContract } from '../platform/contract.ts';
import { workRepairs } from '../platform/repair/work.ts';
import { ReplayRefused } from '../replay/replay-process.ts';
import { parseScenario } from '../scenario/parse.ts';
import { type Admission, admit, sidesOf } from './admission.ts';
import { Director, readScenarios } from './director.ts';
import { PastRun } from './past.ts';
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
  #past: PastRun | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  #stopping = false;

  constructor(settings: Settings, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#statePath = join(settings.dataDir, 'state.json');
  }

  /** Loads, enrols, starts. Resolves once all devices are switched on and the scenarios begun. */
  async start(): Promise<void> {
    const { dataDir, seed, days, truth, replayProgram } = this.#settings;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    let kept = readState(this.#statePath);
    if (kept && kept.seed !== seed)
      throw new Error(`${this.#statePath} is of seed ${kept.seed}: choose it or another --data`);
    const world = worldOf(seed, days, kept);
    const admission = await admit(this.#settings, world, kept, this.#log);
    if (this.#stopping) return;
    const replays = replayProgram !== null && world.past !== null && !hasLived(kept);
    this.#truth = truth ? new TruthLog(join(dataDir, 'truth.jsonl'), { begin: replays }) : null;
    if (replays) kept = await this.#replay(replayProgram, { ...world, past: world.past }, admission);
    if (this.#stopping) return;
    const fleet = this.#createFleet({ ...world, past: replays ? (kept?.past ?? null) : world.past }, admission, kept);
    this.#fleet = fleet;
    fleet.start();
    this.#save(false);
    this.#every(SAVE_MS, () => this.#save(false));
    const director = new Director(fleet, readScenarios(SCENARIOS));
    await this.#startControl(director);
    const online = this.#online(fleet);
    if (!replays) await admission.complete((serial, credential) => fleet.join(serial, credential));
    await online;
    if (replays && world.past) await this.#people(enterContract, world.fleet, world.past);
    if (!this.#stopping) this.#play(director);
    if (replays && world.past) await this.#people(workRepairs, world.fleet, world.past);
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
    this.#past?.kill();
    await this.#control?.stop();
    await this.#fleet?.stop({ goodbye });
    this.#save(true);
    await this.#truth?.close(trueNowMs());
  }

  /** What people would have entered meanwhile. The fleet is of use without it. */
  async #people(enter: typeof enterContract | typeof workRepairs, fleet: Fleet, past: Window): Promise<void> {
    const sides = sidesOf(this.#settings);
    if (sides === null || this.#stopping) return;
    const { seed, devices } = this.#settings;
    try {
      await enter(sides, { fleet, past, seed, devices }, this.#log);
    } catch (error) {
      this.#log.error({ err: error }, 'what people enter could not be entered');
    }
  }

  /** Before anybody connects: numbers of records, boots and sessions only grow, and a birth of an older session is no news. */
  async #replay(program: string, world: World & { readonly past: Window }, admission: Admission): Promise<KeptState> {
    await admission.complete(() => undefined);
    const { credentials } = admission;
    const begun = enrolled(world, this.#settings.seed, credentials);
    writeState(this.#statePath, begun);
    if (this.#stopping) return begun;
    const facts = { settings: this.#settings, world, credentials, truth: this.#truth, log: this.#log };
    this.#past = new PastRun(facts, program);
    try {
      const kept = await this.#past.run();
      writeState(this.#statePath, kept);
      return kept;
    } catch (error) {
      if (this.#stopping) return begun;
      if (!(error instanceof ReplayRefused)) throw error;
      this.#log.warn(`${error.message}: the fleet begins to live now`);
      return { ...begun, past: null };
    } finally {
      this.#past = null;
    }
  }

  #createFleet({ fleet, past, swaps }: World, admission: Admission, kept: KeptState | null): SimFleet {
    const { seed, radio, everyday, rampMs, pastParallel, devices } = this.#settings;
    const serving = new Set(fleet.devices.map(({ serial }) => serial));
    const credentials = new Map([...admission.credentials].filter(([serial]) => serving.has(serial)));
    const { address } = admission;
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

/** The state of a fleet that is enrolled and has not lived yet. */
function enrolled({ fleet, past }: World, seed: number, credentials: Admission['credentials']): KeptState {
  const unborn = { boot: null, powered: true, store: {}, spool: null };
  const devices = Object.fromEntries([...credentials].map(([serial, one]) => [serial, { ...one, ...unborn }]));
  return { v: 1, fleet: fleet.name, seed, past, clean: true, devices };
}

function hasLived(kept: KeptState | null): boolean {
  return kept !== null && Object.values(kept.devices).some(({ spool }) => spool !== null);
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
