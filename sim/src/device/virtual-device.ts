import { createDevice, type Device, type Observer, type Transport, type UplinkTuning } from '@uptally/agent';
import type { FleetDevice } from '../fleet/types.ts';
import { type Rng, rngFor } from '../random/rng.ts';
import { type Effect, isMomentary, type LastingEffect, type MomentaryEffect } from '../scenario/effects.ts';
import { type DeviceTruth, truthOf } from '../truth/truth.ts';
import type { Turn } from './backlog-gate.ts';
import { type ClockTraits, trueNowMs, VirtualClock } from './clock.ts';
import { type Conditions, conditionsOf } from './conditions.ts';
import { executorFor } from './executor.ts';
import { type Moment, virtualHardware } from './hardware.ts';
import { type Path, RadioTransport } from './link.ts';
import type { DeviceProfile } from './profile.ts';
import { radioAt } from './readings.ts';
import type { SimSpool } from './spool.ts';
import type { SimStore } from './store.ts';

/** Shortest and longest time from power to the agent's first instruction, ms. */
const BOOT_MS = [25_000, 70_000] as const;
/** A printer or reader speaks up by itself within this, ms, when something happens to it. */
const NOTICE_MS = 400;
const AGENT_VERSION = 'sim-0.1.0';
const FIRMWARE = 'CYT-OS 3.2';

export interface VirtualDeviceOptions {
  readonly device: FleetDevice;
  readonly deviceId: string;
  readonly enrolledMs: number;
  readonly profile: DeviceProfile;
  readonly transport: Transport;
  readonly spool: SimSpool;
  readonly store: SimStore;
  readonly clock: ClockTraits;
  /** The boot that is under way: when it began (true Unix ms) and its id. */
  readonly boot: { readonly id: string; readonly atMs: number };
  readonly seed: number;
  readonly uplink?: Partial<UplinkTuning>;
  /** Shortest and longest time from power to the agent's first instruction, ms. */
  readonly bootMs?: readonly [number, number];
  /** Takes turns with the rest of the fleet in sending what is past. */
  readonly turn?: Turn;
  /** Adds the simulated radio's delay to every answer. */
  readonly radio?: boolean;
  readonly observer?: Observer;
  /** The platform has accepted a connection; called before the device hears of it. */
  readonly onUp?: () => void;
  /** What is true of the device has changed. */
  readonly onChange?: (device: VirtualDevice) => void;
}

/** What is true of a device, whatever the platform knows. */
export interface Truth {
  readonly powered: boolean;
  readonly linkUp: boolean;
  readonly defects: Readonly<Record<string, { readonly state: string; readonly reason: string }>>;
}

/** A terminal: the real agent core over virtual clocks, instruments and radio, in a world that scenarios change. */
export class VirtualDevice {
  readonly options: VirtualDeviceOptions;
  readonly #effects: Map<string, LastingEffect> = new Map();
  readonly #timers: Map<string, NodeJS.Timeout> = new Map();
  readonly #rng: Rng;
  readonly #radio: RadioTransport;
  #conditions: Conditions = conditionsOf([]);
  #clock: VirtualClock;
  #core: Device | null = null;
  #boot: VirtualDeviceOptions['boot'];
  #boots = 0;
  #flapDown = false;
  #extraBytes = 0;
  #running = false;

  constructor(options: VirtualDeviceOptions) {
    this.options = options;
    this.#rng = rngFor(options.seed, 'device', options.device.serial);
    this.#boot = options.boot;
    this.#clock = new VirtualClock(options.boot.atMs, options.clock);
    this.#radio = new RadioTransport(options.transport, () => this.#path(), options.onUp);
  }

  /** Switches the device on, unless an effect keeps the power off. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    if (this.#conditions.powered) this.#startCore();
  }

  /** Ends the simulation of this device, with or without a goodbye to the platform. Idempotent. */
  async stop(goodbye: boolean): Promise<void> {
    this.#running = false;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    const core = this.#core;
    this.#core = null;
    if (goodbye) await core?.stop();
    else core?.kill();
    this.#radio.close();
  }

  /** Begins an effect. Momentary ones happen and are over; lasting ones stay until {@link clear} names `id`. */
  apply(id: string, effect: Effect): void {
    if (isMomentary(effect)) {
      this.#happen(effect);
      return;
    }
    this.#effects.set(id, effect);
    this.#reconsider();
    if (effect.kind === 'link_flap') this.#flap(id, effect, true);
  }

  clear(id: string): void {
    const effect = this.#effects.get(id);
    if (effect === undefined) return;
    this.#effects.delete(id);
    if (effect.kind === 'link_flap') {
      this.#cancel(id);
      this.#flapDown = false;
    }
    this.#reconsider();
  }

  clearAll(): void {
    for (const id of [...this.#effects.keys()]) this.clear(id);
  }

  get truth(): Truth {
    const defects = Object.fromEntries(
      [...this.#conditions.defects].map(([name, { state, reason }]) => [name, { state, reason }]),
    );
    return { powered: this.#core !== null, linkUp: this.#linkUp(), defects };
  }

  /** The same in the terms of availability. */
  get judged(): DeviceTruth {
    const { required } = this.options.profile;
    return truthOf({
      running: this.#core !== null,
      linkUp: this.#linkUp(),
      conditions: this.#conditions,
      required,
    });
  }

  get boot(): VirtualDeviceOptions['boot'] {
    return this.#boot;
  }

  get hasPower(): boolean {
    return this.#conditions.powered;
  }

  /** Connected to the platform, as the device sees it. */
  get up(): boolean {
    return this.#core?.stats().up ?? false;
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
        this.#radio.reset();
        return;
      case 'reboot':
        this.reboot();
        return;
    }
  }

  /** Off and on again. */
  reboot(): void {
    if (this.#core === null) return;
    this.#powerOff();
    if (this.#conditions.powered) this.#powerOn();
  }

  #reconsider(): void {
    const before = this.#conditions;
    const linkWasUp = this.#linkUp(before);
    this.#conditions = conditionsOf(this.#effects.values());
    const now = this.#conditions;
    if (linkWasUp && !this.#linkUp()) this.#radio.sever();
    if (before.powered && !now.powered) this.#powerOff();
    if (!before.powered && now.powered && this.#running) this.#powerOn();
    if (before.defects !== now.defects || before.heatToC !== now.heatToC) this.#notice();
    this.options.onChange?.(this);
  }

  #linkUp(conditions = this.#conditions): boolean {
    return conditions.linkUp && !this.#flapDown;
  }

  #flap(id: string, effect: Extract<LastingEffect, { kind: 'link_flap' }>, down: boolean): void {
    if (down && this.#linkUp()) this.#radio.sever();
    this.#flapDown = down;
    this.options.onChange?.(this);
    const part = this.#rng.range(0.7, 1.3);
    this.#later(id, (down ? effect.downMs : effect.upMs) * part, () => this.#flap(id, effect, !down));
  }

  /** Power fails without warning: nothing is said, the socket stays open at the far end. */
  #powerOff(): void {
    this.#cancel('boot');
    this.#radio.sever();
    this.#core?.kill();
    this.#core = null;
  }

  #powerOn(): void {
    const bootMs = this.#rng.range(...(this.options.bootMs ?? BOOT_MS));
    this.#later('boot', bootMs, () => {
      const atMs = trueNowMs() - bootMs / 2;
      this.#boot = { id: `${this.options.deviceId}-${Math.floor(atMs)}-${++this.#boots}`, atMs };
      const traits = { ...this.options.clock, wallErrorMs: this.#clock.wallErrorMs() };
      this.#clock = new VirtualClock(atMs, traits);
      this.#extraBytes = 0;
      this.#startCore();
      this.options.onChange?.(this);
    });
  }

  #startCore(): void {
    const { options } = this;
    const clock = this.#clock;
    const core = createDevice(
      {
        clock: options.turn?.clock(clock) ?? clock,
        hardware: virtualHardware(
          options.device,
          options.profile,
          () => this.#moment(),
          () => this.#extraBytes,
        ),
        spool: options.spool,
        store: options.store,
        transport: this.#radio,
        executor: executorFor(this, () => core.selfcheck()),
        random: () => this.#rng.next(),
        ...(options.observer && { observer: options.observer }),
      },
      {
        deviceId: options.deviceId,
        bootId: this.#boot.id,
        enrolledMs: options.enrolledMs,
        agentVersion: AGENT_VERSION,
        firmware: FIRMWARE,
        ...(options.uplink && { uplink: options.uplink }),
      },
    );
    this.#core = core;
    core.start().catch((error: unknown) => options.observer?.fault?.('start', error));
  }

  #moment(): Moment {
    const conditions = this.#linkUp() ? this.#conditions : { ...this.#conditions, linkUp: false };
    return { atMs: trueNowMs(), bootAtMs: this.#boot.atMs, conditions };
  }

  #path(): Path {
    const up = this.#linkUp();
    if (!this.options.radio) return { up, rttMs: 0, lost: false };
    const radio = radioAt(this.options.profile, trueNowMs(), this.#conditions);
    const rttMs = Math.max(8, this.#rng.normal(radio.rttMs, radio.jitterMs));
    return { up, rttMs, lost: this.#rng.chance(radio.lossShare) };
  }

  /** Parts that raise an interrupt are probed soon; the rest waits for the agent's own round. */
  #notice(): void {
    this.#later('notice', this.#rng.range(0, NOTICE_MS), () => {
      this.#core?.selfcheck().catch((error: unknown) => this.options.observer?.fault?.('selfcheck', error));
    });
  }

  #later(key: string, delayMs: number, run: () => void): void {
    this.#cancel(key);
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        run();
      }, delayMs),
    );
  }

  #cancel(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}
