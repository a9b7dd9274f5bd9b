import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import { ControlServer } from '../control/server.ts';
import { trueNowMs } from '../device/clock.ts';
import { DAY_MS } from '../device/rhythm.ts';
import { hainanFleet } from '../fleet/hainan.ts';
import type { Fleet } from '../fleet/types.ts';
import type { Window } from '../history/incidents.ts';
import { enrolAll, type MqttAddress } from '../platform/enrol.ts';
import { Platform } from '../platform/http.ts';
import { seedFleet } from '../platform/seed.ts';
import { parseScenario } from '../scenario/parse.ts';
import { Director, readScenarios } from './director.ts';
import type { Credential } from './life.ts';
import { type Address, SimFleet } from './sim-fleet.ts';
import { credentialsIn, type KeptState, readState, writeState } from './state-file.ts';
import { TruthLog } from './truth-log.ts';

/** Folder of the scenarios that come with the simulator; beside the bundle as beside the sources. */
const SCENARIOS = join(import.meta.dirname, '../scenarios');
const SAVE_MS = 20_000;
const REPORT_MS = 5_000;

/** One run of the simulator from its settings to its end: the composition root. */
export class Session {
  readonly #settings: Settings;
  readonly #log: Logger;
  readonly #statePath: string;
  #fleet: SimFleet | null = null;
  #control: ControlServer | null = null;
  #truth: TruthLog | null = null;
  #timers: NodeJS.Timeout[] = [];
  #stopping = false;

  constructor(settings: Settings, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#statePath = join(settings.dataDir, 'state.json');
  }

  /** Loads, enrols, starts. Resolves once all devices are switched on. */
  async start(): Promise<void> {
    const { dataDir, seed } = this.#settings;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const kept = readState(this.#statePath);
    if (kept && kept.seed !== seed)
      throw new Error(`${this.#statePath} is of seed ${kept.seed}; use it or another --data`);
    const fleet = hainanFleet(seed);
    const { credentials, address } = await this.#admit(fleet, kept);
    if (this.#stopping) return;
    this.#truth = this.#settings.truth ? new TruthLog(join(dataDir, 'truth.jsonl')) : null;
    this.#fleet = this.#createFleet(fleet, credentials, address, kept);
    this.#fleet.start();
    this.#save(false);
    this.#every(SAVE_MS, () => this.#save(false));
    await this.#startControl(this.#fleet);
    await this.#online(this.#fleet);
    this.#play();
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
    if (this.#fleet) this.#save(true);
    await this.#truth?.close();
  }

  #createFleet(fleet: Fleet, credentials: Map<string, Credential>, address: Address, kept: KeptState | null): SimFleet {
    const { seed, radio, everyday, rampMs, historyRate } = this.#settings;
    const records = 250;
    // Every device sends one batch of its backlog, then rests: together they stay at the wanted rate.
    const paceMs = Math.round((credentials.size * records * 1000) / historyRate);
    return new SimFleet({
      fleet,
      seed,
      address,
      credentials,
      kept,
      past: this.#pastWindow(kept),
      everyday,
      radio,
      rampMs,
      uplink: { backlogRecords: records, paceMs },
      truth: this.#truth,
      onFault: (serial, where, error) => this.#log.warn({ serial, where, err: error }, 'a device stumbled'),
    });
  }

  /** The past ends where the first run began: later ones only go on delivering it. */
  #pastWindow(kept: KeptState | null): Window | null {
    if (kept) return kept.past;
    if (this.#settings.days === 0) return null;
    const untilMs = Math.floor(trueNowMs());
    return { fromMs: untilMs - this.#settings.days * DAY_MS, untilMs };
  }

  /** Credentials for all devices: kept ones, or from the platform. */
  async #admit(
    fleet: Fleet,
    kept: KeptState | null,
  ): Promise<{ credentials: Map<string, Credential>; address: Address }> {
    const { server, tokenFile, devices } = this.#settings;
    const credentials = kept ? credentialsIn(kept) : new Map<string, Credential>();
    const wanted = fleet.devices.slice(0, devices).filter((device) => !credentials.has(device.serial));
    const known = this.#knownAddress();
    if (wanted.length === 0 && known) return { credentials, address: known };
    if (tokenFile === null) throw new Error('--token-file is needed to enrol devices');
    const { api_key, enrolment_token } = JSON.parse(readFileSync(tokenFile, 'utf8')) as Record<string, string>;
    if (!api_key || !enrolment_token) throw new Error(`${tokenFile} must have api_key and enrolment_token`);
    const platform = new Platform({ server, apiKey: api_key });
    const began = performance.now();
    if (!kept)
      await seedFleet(platform, fleet, (kind, rows) => this.#log.info(`registry: ${rows} ${kind} (${since(began)})`));
    const answer = await enrolAll(platform, enrolment_token, wanted, (serial, credential) => {
      credentials.set(serial, credential);
    });
    this.#log.info(`enrolled ${wanted.length} devices (${since(began)})`);
    return { credentials, address: this.#remember(answer, platform.host) };
  }

  #knownAddress(): Address | null {
    if (this.#settings.mqtt) return this.#settings.mqtt;
    const path = join(this.#settings.dataDir, 'mqtt.json');
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Address) : null;
  }

  #remember(answer: MqttAddress | null, host: string): Address {
    const port = this.#settings.tls ? answer?.tlsPort : answer?.port;
    if (this.#settings.mqtt) return this.#settings.mqtt;
    if (!answer || !port) throw new Error('the platform did not say where devices connect; use --mqtt');
    // The platform says how the world reaches it; who runs beside it takes the way that has just worked.
    const address = { host: answer.host || host, port, ...(this.#settings.tls && { caPem: answer.caPem ?? '' }) };
    writeFileSync(join(this.#settings.dataDir, 'mqtt.json'), JSON.stringify(address));
    return address;
  }

  async #startControl(fleet: SimFleet): Promise<void> {
    const { controlPort, dataDir } = this.#settings;
    if (controlPort === null) return;
    this.#control = new ControlServer(new Director(fleet, readScenarios(SCENARIOS)));
    const port = await this.#control.start(controlPort);
    writeFileSync(join(dataDir, 'control.json'), JSON.stringify({ url: `http://127.0.0.1:${port}` }));
    this.#log.info(`control: http://127.0.0.1:${port}`);
  }

  /** Waits until nearly all that have power are connected. Some never are: their network is down. */
  async #online(fleet: SimFleet): Promise<void> {
    const began = performance.now();
    const report = () => this.#log.info(progress(fleet));
    this.#every(REPORT_MS, () => (fleet.counts().pastWaiting > 0 || performance.now() - began < 90_000) && report());
    for (let ready = false; !ready && !this.#stopping; ) {
      await pause(250);
      const { devices, started, up } = fleet.counts();
      ready =
        started === devices && (up >= devices * 0.98 || performance.now() - began > this.#settings.rampMs + 60_000);
    }
    if (!this.#stopping) this.#log.info(`${progress(fleet)}; all switched on after ${since(began)}`);
  }

  #play(): void {
    const fleet = this.#fleet;
    if (!fleet || this.#stopping) return;
    const known = readScenarios(SCENARIOS);
    const director = new Director(fleet, known);
    for (const name of this.#settings.scenarios) {
      const scenario = known.find((s) => s.name === name) ?? parseScenario(readFileSync(name, 'utf8'), name);
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

function since(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
