import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ControlError } from '../control/error.ts';
import { trueNowMs } from '../device/clock.ts';
import type { Truth } from '../device/virtual-device.ts';
import { parseEffect, parseScenario, parseSelector } from '../scenario/parse.ts';
import { planScenario } from '../scenario/plan.ts';
import { selectDevices } from '../scenario/select.ts';
import type { Scenario, Selector, Step } from '../scenario/types.ts';
import { durationMs } from '../scenario/units.ts';
import type { FleetCounts, SimFleet } from './sim-fleet.ts';

/** What a request may add to a scenario: whom it concerns instead, for how long, how fast. */
export type Ask = Readonly<Record<string, string>>;

export interface Started {
  /** Ends it again: `DELETE /scenario/<run>`. */
  readonly run: string;
  readonly devices: number;
  readonly device_ids: readonly string[];
}

/** What is true of a device, and whether it believes to be connected. */
export interface Told {
  readonly device_id: string;
  readonly up: boolean;
  readonly powered: boolean;
  readonly link_up: boolean;
  readonly defects: Truth['defects'];
}

const SELECTORS = ['county', 'township', 'site', 'device', 'kind', 'model', 'share', 'count'] as const;
/** Ids named in an answer. */
const NAMED = 50;

/** Runs scenarios on a living fleet. */
export class Director {
  readonly #fleet: SimFleet;
  readonly #scenarios: Map<string, Scenario>;
  #runs = 0;

  constructor(fleet: SimFleet, scenarios: readonly Scenario[]) {
    this.#fleet = fleet;
    this.#scenarios = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  }

  status(): FleetCounts & { readonly runs: readonly string[]; readonly rss_mb: number } {
    const rss_mb = Math.round(process.memoryUsage.rss() / 2 ** 20);
    return { ...this.#fleet.counts(), runs: this.#fleet.timeline.runs(), rss_mb };
  }

  scenarios(): { readonly name: string; readonly title: string }[] {
    return [...this.#scenarios.values()].map(({ name, title }) => ({ name, title }));
  }

  scenario(name: string): Scenario | undefined {
    return this.#scenarios.get(name);
  }

  truthOf(name: string): Told | null {
    const found = this.#fleet.present().find((d) => d.serial === name || d.deviceId === name);
    const device = found && this.#fleet.device(found.index);
    if (!device) return null;
    const { powered, linkUp: link_up, defects } = device.truth;
    return { device_id: device.options.deviceId, up: device.up, powered, link_up, defects };
  }

  /** Starts a scenario now. Selectors in `ask` replace those of all its steps. */
  run(name: string, ask: Ask = {}): Started {
    const scenario = this.#scenarios.get(name);
    if (!scenario)
      throw new ControlError(404, `no scenario ${name}; there are ${[...this.#scenarios.keys()].join(', ')}`);
    return this.play(scenario, ask);
  }

  play(scenario: Scenario, ask: Ask = {}): Started {
    const changes = readAsk(ask);
    const steps = scenario.steps.map((step) => ({
      ...step,
      select: changes.select ?? step.select,
      forMs: changes.forMs ?? step.forMs,
    }));
    const { seed } = this.#fleet.options;
    const present = this.#fleet.present();
    const plan = planScenario({ ...scenario, steps }, present, {
      startMs: trueNowMs(),
      seed,
      timeScale: changes.timeScale,
    });
    const run = `${scenario.name}-${++this.#runs}`;
    this.#fleet.timeline.add(
      run,
      plan.flatMap((o) => ({ ...o, device: present[o.device]?.index ?? -1 })),
    );
    const concerned = [...new Set(plan.map(({ device }) => device))];
    const device_ids = concerned.slice(0, NAMED).map((i) => present[i]?.deviceId ?? '');
    return { run, devices: concerned.length, device_ids };
  }

  /** One effect, as the `do` of a step in YAML or JSON. */
  affect(effect: string, ask: Ask): Started {
    const step: Step = {
      at: { kind: 'after', ms: 0 },
      forMs: null,
      spreadMs: 0,
      repeat: null,
      select: {},
      effect: parseEffect(effect),
    };
    return this.play({ name: 'effect', title: 'effect', seed: null, steps: [step] }, ask);
  }

  /** Ends one run, or all runs of a scenario. */
  end(name: string): { readonly ended: readonly string[] } {
    const ended = this.#fleet.timeline.runs().filter((run) => run === name || run.replace(/-\d+$/, '') === name);
    for (const run of ended) this.#fleet.timeline.cancel(run);
    return { ended };
  }

  /** Ends whatever acts on the selected devices now. */
  clear(ask: Ask): { readonly devices: number } {
    const present = this.#fleet.present();
    const chosen = selectDevices(present, readAsk(ask).select ?? {}, this.#fleet.options.seed);
    for (const i of chosen) this.#fleet.timeline.release(present[i]?.index ?? -1);
    return { devices: chosen.length };
  }
}

/** All scenario files of a folder. Throws ScenarioError if one is not valid. */
export function readScenarios(folder: string): Scenario[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => parseScenario(readFileSync(join(folder, file), 'utf8'), file));
}

interface Changes {
  readonly select: Selector | null;
  readonly forMs: number | null;
  readonly timeScale: number;
}

function readAsk(ask: Ask): Changes {
  const known = [...SELECTORS, 'for', 'time_scale'] as readonly string[];
  const unknown = Object.keys(ask).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new ControlError(400, `unknown parameter ${unknown}; known are ${known.join(', ')}`);
  const forMs = ask.for === undefined ? null : durationMs(ask.for);
  if (ask.for !== undefined && (forMs === null || forMs <= 0)) throw new ControlError(400, 'for: not a duration');
  const timeScale = ask.time_scale === undefined ? 1 : Number(ask.time_scale);
  if (!(timeScale > 0)) throw new ControlError(400, 'time_scale: not a positive number');
  const given = SELECTORS.filter((key) => ask[key] !== undefined);
  if (given.length === 0) return { select: null, forMs, timeScale };
  const numbers: readonly string[] = ['share', 'count'];
  const select = Object.fromEntries(given.map((key) => [key, numbers.includes(key) ? Number(ask[key]) : ask[key]]));
  // The reader of scenario files judges selectors, so that both ways have the same rules and words.
  return { select: parseSelector(stringify(select)), forMs, timeScale };
}
