import { createMqttTransport, type Observer, type UplinkTuning } from '@uptally/agent';
import { BacklogGate, PACE_MS } from '../device/backlog-gate.ts';
import { trueNowMs } from '../device/clock.ts';
import { clockTraits } from '../device/clock-traits.ts';
import { profileOf } from '../device/profile.ts';
import { DAY_MS } from '../device/rhythm.ts';
import { SimSpool } from '../device/spool.ts';
import { SimStore } from '../device/store.ts';
import { VirtualDevice } from '../device/virtual-device.ts';
import { selectablesOf } from '../fleet/selectable.ts';
import type { Fleet, FleetDevice } from '../fleet/types.ts';
import { disturbances, everyday, type Window } from '../history/incidents.ts';
import { DEFAULT_DENSITY, type Density } from '../history/slots.ts';
import type { Occurrence } from '../scenario/plan.ts';
import type { Selectable } from '../scenario/select.ts';
import { type Credential, type Life, lifeOf } from './life.ts';
import { afterCrash, type KeptDevice, type KeptState } from './state-file.ts';
import { Timeline } from './timeline.ts';
import type { TruthLog } from './truth-log.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly caPem?: string;
}

export interface SimFleetOptions {
  readonly fleet: Fleet;
  readonly seed: number;
  readonly address: Address;
  /** By serial. Devices without one stay in the cupboard until they {@link SimFleet.join}. */
  readonly credentials: ReadonlyMap<string, Credential>;
  /** Devices there will be once all have joined; those with credentials if missing. */
  readonly expected?: number;
  /** What an earlier run of the simulator left. */
  readonly kept?: KeptState | null;
  /** Window of the generated past, true Unix ms. `null`: the devices have none. */
  readonly past?: Window | null;
  /** Devices that came to their station within the past, by serial: true Unix ms. */
  readonly since?: ReadonlyMap<string, number>;
  readonly density?: Density;
  /** Ordinary incidents go on happening. */
  readonly everyday?: boolean;
  /** Answers take as long as the simulated radio network makes them. */
  readonly radio?: boolean;
  /** Devices are switched on evenly over this, ms, or later if they join later: so their beats are spread. */
  readonly rampMs: number;
  readonly uplink?: Partial<UplinkTuning>;
  /** Devices that may send a batch of their past at the same moment. */
  readonly pastParallel?: number;
  /** Shortest and longest time from power to the agent's first instruction, ms. */
  readonly bootMs?: readonly [number, number];
  readonly truth?: TruthLog | null;
  readonly onFault?: (serial: string, where: string, error: unknown) => void;
}

export interface FleetCounts {
  readonly devices: number;
  readonly started: number;
  readonly up: number;
  readonly ackedRecords: number;
  readonly pastTotal: number;
  readonly pastWaiting: number;
  readonly waiting: number;
}

interface Member {
  readonly virtual: VirtualDevice;
  readonly spool: SimSpool;
  readonly store: SimStore;
  /** Records of a past that is not in the spool yet, for it has not met the platform. */
  readonly untold: () => number;
}

/** The incidents of the coming days are planned this far ahead, and anew when half of it is over. */
const HORIZON_MS = 2 * DAY_MS;
export const SPOOL_RECORDS = 20_000;
const PAST_PARALLEL = 40;

/** Many virtual devices in one process, with the incidents that befall them. */
export class SimFleet {
  readonly options: SimFleetOptions;
  readonly timeline: Timeline;
  readonly #selectables: readonly Selectable[];
  readonly #members: Map<number, Member> = new Map();
  readonly #credentials: Map<string, Credential>;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #expected: number;
  #incidents: readonly Occurrence[][] = [];
  #startedAtMs = 0;
  readonly #timers: Set<NodeJS.Timeout> = new Set();
  readonly #gate = new BacklogGate(0);
  #started = 0;
  #acked = 0;
  #pastTotal = 0;

  constructor(options: SimFleetOptions) {
    this.options = options;
    this.#credentials = new Map(options.credentials);
    this.#expected = Math.max(1, options.expected ?? options.credentials.size);
    this.#indexOf = new Map(options.fleet.devices.map(({ serial }, index) => [serial, index]));
    this.timeline = new Timeline((index) => this.#members.get(index)?.virtual);
    this.#selectables = selectablesOf(options.fleet);
  }

  /** Switches on the devices that have credentials, one after the other over the ramp. */
  start(): void {
    this.#startedAtMs = trueNowMs();
    this.#incidents = this.#planned(this.#startedAtMs);
    this.timeline.add('everyday', this.#incidents.flat(), this.#startedAtMs);
    for (const [serial, credential] of this.options.credentials) this.join(serial, credential);
    if (this.options.everyday) this.#later(HORIZON_MS / 2, () => this.#planAhead());
  }

  /** A device that has just been enrolled. It is switched on at its place in the ramp, or at once if that is over. */
  join(serial: string, credential: Credential): void {
    const index = this.#indexOf.get(serial);
    const device = this.options.fleet.devices[index ?? -1];
    if (index === undefined || !device || this.#members.has(index)) return;
    this.#credentials.set(serial, credential);
    const nowMs = trueNowMs();
    const member = this.#build(device, index, credential, this.#incidents[index] ?? [], nowMs);
    this.#members.set(index, member);
    this.timeline.greet(index);
    const turnMs = this.#startedAtMs + ((this.#members.size - 1) / this.#expected) * this.options.rampMs;
    this.#later(Math.max(0, turnMs - nowMs), () => {
      this.#started++;
      member.virtual.start();
      this.options.truth?.state(member.virtual, trueNowMs());
      // The present comes first: the past waits until everybody is there.
      if (this.#started === this.#expected) this.#gate.open(this.options.pastParallel ?? PAST_PARALLEL);
    });
  }

  /** `goodbye`: every device ends its session in good order. Else they fall silent, as the simulator does and the terminals would not. */
  async stop(how: { readonly goodbye: boolean }): Promise<void> {
    this.timeline.stop();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all([...this.#members.values()].map(({ virtual }) => virtual.stop(how.goodbye)));
  }

  /** The devices that run here, as selectors see them, with their place in the fleet. */
  present(): (Selectable & { readonly index: number })[] {
    return this.#selectables.flatMap((item, index) => {
      const deviceId = this.#members.get(index)?.virtual.options.deviceId;
      return deviceId === undefined ? [] : { ...item, deviceId, index };
    });
  }

  device(index: number): VirtualDevice | undefined {
    return this.#members.get(index)?.virtual;
  }

  counts(): FleetCounts {
    const members = [...this.#members.values()];
    return {
      devices: Math.max(members.length, this.#expected),
      started: this.#started,
      up: members.filter(({ virtual }) => virtual.up).length,
      ackedRecords: this.#acked,
      pastTotal: this.#pastTotal,
      pastWaiting: members.reduce((sum, { spool, untold }) => sum + spool.pastWaiting() + untold(), 0),
      waiting: members.reduce((sum, { spool }) => sum + spool.stats().waiting, 0),
    };
  }

  /** What to keep for the next run. */
  state(clean: boolean): KeptState {
    const { fleet, seed, past } = this.options;
    const devices: Record<string, KeptDevice> = {};
    for (const [serial, credential] of this.#credentials) {
      devices[serial] = { ...bare(credential), boot: null, powered: true, store: {}, spool: null };
    }
    for (const { virtual, spool, store, untold } of this.#members.values()) {
      const { serial } = virtual.options.device;
      const base = devices[serial];
      if (!base) continue;
      const { boot } = virtual;
      const numbers = { store: store.export(), spool: untold() > 0 ? null : spool.state() };
      devices[serial] = { ...base, boot, powered: virtual.hasPower, ...numbers };
    }
    const replayed = this.options.kept?.replayed === true;
    return { v: 1, fleet: fleet.name, seed, past: past ?? null, ...(replayed && { replayed }), clean, devices };
  }

  #build(device: FleetDevice, index: number, credential: Credential, incidents: Occurrence[], nowMs: number): Member {
    const { fleet, seed, kept, address, uplink, bootMs, radio, onFault, truth } = this.options;
    const required = fleet.models.find((m) => m.code === device.modelCode)?.requiredComponents ?? [];
    const profile = profileOf(device, required, seed);
    const clock = clockTraits(device, seed);
    const saved = kept?.devices[device.serial] ?? null;
    const life = lifeOf({
      device,
      profile,
      clock,
      credential,
      incidents,
      window: this.options.past ?? null,
      density: this.options.density ?? DEFAULT_DENSITY,
      sinceMs: this.options.since?.get(device.serial) ?? null,
      kept: saved && kept?.clean === false ? afterCrash(saved) : saved,
      seed,
      nowMs,
    });
    this.#notePast(life, credential, index, incidents);
    const turn = this.#gate.turn(() => spool.pastWaiting() > 0);
    const spool = new SimSpool({
      maxRecords: SPOOL_RECORDS,
      firstSeq: life.nextSeq,
      entries: life.entries,
      mayHurry: () => turn.holds(),
    });
    const store = new SimStore(life.store);
    let { past } = life;
    const virtual = new VirtualDevice({
      device,
      deviceId: credential.deviceId,
      enrolledMs: credential.enrolledMs,
      profile,
      transport: createMqttTransport({ ...address, secret: credential.secret }),
      spool,
      store,
      clock,
      boot: life.boot,
      seed,
      uplink: { paceMs: PACE_MS, ...uplink },
      turn,
      ...(bootMs && { bootMs }),
      ...(radio !== undefined && { radio }),
      observer: this.#observer(device.serial, onFault),
      onUp: () => {
        if (past) spool.takePast(past.past, past.resume);
        past = null;
      },
      onChange: (changed) => truth?.state(changed, trueNowMs()),
    });
    return { virtual, spool, store, untold: () => (past ? past.past.count - (past.resume?.acked ?? 0) : 0) };
  }

  #notePast({ past }: Life, credential: Credential, index: number, incidents: readonly Occurrence[]): void {
    const untilMs = this.options.past?.untilMs ?? 0;
    if (!past) return;
    this.#pastTotal += past.past.count - (past.resume?.acked ?? 0);
    if (past.resume) return;
    for (const occurrence of incidents) {
      if (occurrence.atMs < untilMs) this.options.truth?.past(credential.deviceId, { ...occurrence, device: index });
    }
  }

  #planned(nowMs: number): Occurrence[][] {
    const { fleet, seed, past } = this.options;
    const inService = fleet.devices.filter((device) => device.stationCode !== null);
    if (!this.options.everyday && !past) return [];
    const fromMs = past?.fromMs ?? nowMs;
    const untilMs = this.options.everyday ? nowMs + HORIZON_MS : (past?.untilMs ?? nowMs);
    const daily = everyday(inService, { fromMs, untilMs }, seed);
    const great = past ? disturbances(inService, past, seed) : [];
    return daily.map((list, i) => [...list, ...(great[i] ?? [])].sort((a, b) => a.atMs - b.atMs));
  }

  #planAhead(): void {
    const nowMs = trueNowMs();
    const more = this.#planned(nowMs).flat();
    this.timeline.add(
      'everyday',
      more.filter((o) => o.atMs >= nowMs + HORIZON_MS / 2),
      nowMs,
    );
    this.#later(HORIZON_MS / 2, () => this.#planAhead());
  }

  #observer(serial: string, onFault: SimFleetOptions['onFault']): Observer {
    return {
      acked: (_seq0, count) => {
        this.#acked += count;
      },
      ...(onFault && { fault: (where: string, error: unknown) => onFault(serial, where, error) }),
    };
  }

  #later(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
  }
}

function bare({ deviceId, secret, enrolledMs, next }: Credential): Credential {
  return { deviceId, secret, enrolledMs, ...(next && { next }) };
}
