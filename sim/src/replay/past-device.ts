import { createDevice, type Device, type Intervals } from '@uptally/agent';
import type { UpChannel } from '@uptally/protocol';
import { type ClockTraits, VirtualClock } from '../device/clock.ts';
import { type Conditions, conditionsOf } from '../device/conditions.ts';
import { type Moment, virtualHardware } from '../device/hardware.ts';
import type { DeviceProfile } from '../device/profile.ts';
import { type RadioReadings, radioAt } from '../device/readings.ts';
import { SimSpool, type SimSpoolState } from '../device/spool.ts';
import { SimStore } from '../device/store.ts';
import type { FleetDevice } from '../fleet/types.ts';
import { type Rng, rngFor } from '../random/rng.ts';
import { type Effect, isMomentary, type LastingEffect, type MomentaryEffect } from '../scenario/effects.ts';
import type { Occurrence } from '../scenario/plan.ts';
import { type DeviceTruth, truthOf } from '../truth/truth.ts';
import { PastTransport } from './past-transport.ts';
import type { PlatformTimes } from './platform-times.ts';
import { VirtualTime } from './virtual-time.ts';

/** Shortest and longest time from power to the agent's first instruction, ms. */
const BOOT_MS = [25_000, 70_000] as const;
/** A part speaks up by itself within this, ms. */
const NOTICE_MS = 400;
/** A restart in good order: the agent has this long to say goodbye, ms. */
const GOODBYE_MS = 3_000;
/** The radio is looked at this often, ms. */
const RADIO_MS = 1_800_000;
const AGENT_VERSION = 'sim-0.1.0';
const FIRMWARE = 'CYT-OS 3.2';

export interface PastDeviceOptions {
  readonly device: FleetDevice;
  readonly deviceId: string;
  readonly profile: DeviceProfile;
  readonly clock: ClockTraits;
  readonly occurrences: readonly Occurrence[];
  readonly platform: PlatformTimes;
  /** When its past begins, true Unix ms. */
  readonly startMs: number;
  /** How long its boot has lasted then, ms; `null`: it is switched on at `startMs`. */
  readonly upSinceMs: number | null;
  /** When it is unplugged for good, true Unix ms. */
  readonly removedMs: number | null;
  /** Lowest numbers that the platform has not seen of it. */
  readonly first: { readonly seq: number; readonly boot: number; readonly session: number };
  readonly intervals: Partial<Intervals>;
  readonly spoolRecords: number;
  readonly seed: number;
  readonly receive: (channel: UpChannel, atMs: number, payload: Uint8Array) => void;
  readonly onTruth: (atMs: number, truth: DeviceTruth) => void;
  readonly onFault: (where: string, error: unknown) => void;
}

/** Where a device stands at the end of its past. */
export interface Legacy {
  readonly boot: { readonly id: string; readonly atMs: number };
  readonly powered: boolean;
  readonly store: Readonly<Record<string, string>>;
  readonly spool: SimSpoolState;
}

/** A terminal that lives through its past: the real agent core over virtual time, instruments, radio and platform. */
export class PastDevice {
  readonly options: PastDeviceOptions;
  readonly #time: VirtualTime;
  readonly #rng: Rng;
  readonly #store: SimStore;
  readonly #spool: SimSpool;
  readonly #transport: PastTransport;
  readonly #effects: Map<string, LastingEffect> = new Map();
  #conditions: Conditions = conditionsOf([]);
  #clock: VirtualClock;
  #core: Device | null = null;
  #boot: Legacy['boot'];
  #removed = false;
  #extraBytes = 0;
  #radio: { readonly atMs: number; readonly conditions: Conditions; readonly readings: RadioReadings } | null = null;

  constructor(options: PastDeviceOptions) {
    this.options = options;
    const { startMs, upSinceMs, removedMs, first, spoolRecords } = options;
    this.#time = new VirtualTime(startMs);
    this.#rng = rngFor(options.seed, 'past', options.device.serial);
    const bootMs = startMs - (upSinceMs ?? 0);
    this.#boot = { id: this.#bootId(bootMs), atMs: bootMs };
    this.#clock = this.#clockOf(bootMs, options.clock);
    // A boot that is under way is no news to the agent; the first boot of a device counts up from what the platform knows.
    const known = { boot: first.boot, bootId: upSinceMs === null ? '' : this.#boot.id, session: first.session };
    this.#store = new SimStore({ identity: JSON.stringify(known) });
    this.#spool = new SimSpool({ maxRecords: spoolRecords, firstSeq: first.seq });
    this.#transport = new PastTransport({
      time: this.#time,
      platform: options.platform,
      path: () => this.#path(),
      receive: options.receive,
    });
    for (const occurrence of options.occurrences) this.#plan(occurrence);
    if (removedMs !== null) this.#time.at(removedMs, () => this.#remove());
    this.#time.at(startMs, () => this.#startCore());
  }

  /** Does what is due next before `untilMs`. False if nothing is. What it began goes on in microtasks. */
  step(untilMs: number): boolean {
    return this.#time.step(untilMs);
  }

  /** Stops without a word and tells what is left. */
  end(): Legacy {
    this.#core?.kill();
    this.#core = null;
    return {
      boot: this.#boot,
      powered: this.#conditions.powered && !this.#removed,
      store: this.#store.export(),
      spool: this.#spool.state(),
    };
  }

  #plan({ id, effect, atMs, untilMs }: Occurrence): void {
    if (untilMs !== null && untilMs <= this.#time.nowMs) return;
    this.#time.at(atMs, () => this.#apply(id, effect));
    if (untilMs === null) return;
    this.#time.at(untilMs, () => {
      this.#effects.delete(id);
      this.#reconsider();
    });
  }

  #apply(id: string, effect: Effect): void {
    if (isMomentary(effect)) {
      this.#happen(effect);
      return;
    }
    this.#effects.set(id, effect);
    this.#reconsider();
  }

  #happen(effect: MomentaryEffect): void {
    switch (effect.kind) {
      case 'clock_jump':
        this.#clock.jump(effect.byMs);
        return;
      case 'sim_use':
        this.#extraBytes += effect.bytes;
        return;
      case 'cut_connection':
        this.#transport.reset();
        return;
      case 'reboot':
        this.#restart();
        return;
    }
  }

  #reconsider(): void {
    if (this.#removed) return;
    const before = this.#conditions;
    const now = conditionsOf(this.#effects.values());
    this.#conditions = now;
    if (before.linkUp && !now.linkUp) this.#transport.sever();
    if (before.powered && !now.powered) this.#powerOff();
    if (!before.powered && now.powered) this.#powerOn();
    if (before.defects !== now.defects || before.heatToC !== now.heatToC) this.#notice();
    this.#tellTruth();
  }

  #remove(): void {
    this.#powerOff();
    this.#removed = true;
    this.#tellTruth();
  }

  /** A restart that the device itself brings about: it ends its session. */
  #restart(): void {
    const core = this.#core;
    if (core === null) return;
    core.stop().catch((error: unknown) => this.options.onFault('stop', error));
    this.#time.setTimer(GOODBYE_MS, () => {
      if (this.#core !== core) return;
      this.#powerOff();
      this.#powerOn();
      this.#tellTruth();
    });
  }

  #powerOff(): void {
    this.#transport.sever();
    this.#core?.kill();
    this.#core = null;
  }

  #powerOn(): void {
    const bootMs = this.#rng.range(...BOOT_MS);
    const atMs = this.#time.nowMs + bootMs / 2;
    this.#time.setTimer(bootMs, () => {
      if (!this.#conditions.powered || this.#removed || this.#core !== null) return;
      this.#boot = { id: this.#bootId(atMs), atMs };
      this.#clock = this.#clockOf(atMs, { ...this.options.clock, wallErrorMs: this.#clock.wallErrorMs() });
      this.#extraBytes = 0;
      this.#startCore();
    });
  }

  #startCore(): void {
    if (!this.#conditions.powered || this.#removed) return;
    const { device, deviceId, profile, intervals, onFault } = this.options;
    const core = createDevice(
      {
        clock: this.#clock,
        hardware: virtualHardware(device, profile, () => this.#moment(), () => this.#extraBytes),
        spool: this.#spool,
        store: this.#store,
        transport: this.#transport,
        executor: { execute: async () => ({ state: 'succeeded' }) },
        random: () => this.#rng.next(),
        observer: { fault: onFault },
      },
      {
        deviceId,
        bootId: this.#boot.id,
        enrolledMs: 0, // all numbers are in the store already
        agentVersion: AGENT_VERSION,
        firmware: FIRMWARE,
        intervals,
      },
    ); // biome-ignore format: ports, then settings
    this.#core = core;
    core.start().catch((error: unknown) => onFault('start', error));
    this.#tellTruth();
  }

  #notice(): void {
    this.#time.setTimer(this.#rng.range(0, NOTICE_MS), () => {
      this.#core?.selfcheck().catch((error: unknown) => this.options.onFault('selfcheck', error));
    });
  }

  #tellTruth(): void {
    const { linkUp, powered } = this.#conditions;
    const conditions = { ...this.#conditions, powered: powered && !this.#removed };
    const facts = { running: this.#core !== null, linkUp, conditions, required: this.options.profile.required };
    this.options.onTruth(this.#time.nowMs, truthOf(facts));
  }

  #moment(): Moment {
    return { atMs: this.#time.nowMs, bootAtMs: this.#boot.atMs, conditions: this.#conditions };
  }

  #path() {
    const { linkUp } = this.#conditions;
    const radio = this.#radioNow();
    const rttMs = Math.max(8, this.#rng.normal(radio.rttMs, radio.jitterMs));
    return { up: linkUp, rttMs, lost: this.#rng.chance(radio.lossShare) };
  }

  /** Radio changes slowly; asking for it costs more than a beat. */
  #radioNow(): RadioReadings {
    const { nowMs } = this.#time;
    const known = this.#radio;
    if (known?.conditions === this.#conditions && nowMs - known.atMs < RADIO_MS) return known.readings;
    const readings = radioAt(this.options.profile, nowMs, this.#conditions);
    this.#radio = { atMs: nowMs, conditions: this.#conditions, readings };
    return readings;
  }

  #clockOf(bootAtMs: number, traits: ClockTraits): VirtualClock {
    return new VirtualClock(bootAtMs, traits, () => this.#time.nowMs, this.#time.setTimer);
  }

  #bootId(atMs: number): string {
    return `${this.options.deviceId}-${Math.floor(atMs)}`;
  }
}
