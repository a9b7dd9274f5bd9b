import type { RecordBody, Sample } from '@uptally/agent';
import type { ComponentReport } from '@uptally/protocol';
import { type ClockTraits, monoAt } from '../device/clock.ts';
import { type Conditions, conditionsOf } from '../device/conditions.ts';
import { type Moment, pictureAt, uplinkAt } from '../device/hardware.ts';
import type { DeviceProfile } from '../device/profile.ts';
import { radioAt } from '../device/readings.ts';
import type { Past } from '../device/spool.ts';
import type { FleetDevice } from '../fleet/types.ts';
import { noise } from '../random/rng.ts';
import type { Occurrence } from '../scenario/plan.ts';
import type { PastBoot } from './boots.ts';
import { type Density, type Slot, slotsOf } from './slots.ts';

/** Everything that makes the past of one device: the same arguments give the same samples. */
export interface PastPlan {
  readonly device: FleetDevice;
  readonly profile: DeviceProfile;
  readonly clock: ClockTraits;
  readonly occurrences: readonly Occurrence[];
  readonly boots: readonly PastBoot[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly density: Density;
}

/** The past of a device as its spool would hold it had it been cut off all the while: counted now, made when read. */
export function pastOf(plan: PastPlan): Past {
  let count = 0;
  for (const _ of slotsOf(plan)) count++;
  return { count, samples: () => samplesOf(plan) };
}

/** Round trips per net record: as the agent measures them, rounded. */
const PROBES = 4;

function* samplesOf(plan: PastPlan): Generator<Sample> {
  const writer = new PastWriter(plan);
  for (const slot of slotsOf(plan)) yield writer.sample(slot);
}

class PastWriter {
  readonly #plan: PastPlan;
  #lastSimMs: number;

  constructor(plan: PastPlan) {
    this.#plan = plan;
    this.#lastSimMs = plan.fromMs;
  }

  sample(slot: Slot): Sample {
    const { clock } = this.#plan;
    return {
      boot: slot.boot.boot,
      monoMs: Math.floor(monoAt(slot.boot.onMs, slot.atMs, clock)),
      wallMs: Math.floor(slot.atMs + clock.wallErrorMs),
      rec: this.#record(slot),
    };
  }

  #record(slot: Slot): RecordBody {
    switch (slot.kind) {
      case 'beat':
        return { k: 'beat' };
      case 'boot':
        return { k: 'event', code: 'boot', d: { agent: 'sim-0.1.0' } };
      case 'config':
        return { k: 'event', code: 'config_applied', d: { rev: 0, beat_ms: slot.beatMs } };
      case 'full': {
        const { c, m } = pictureAt(this.#plan.profile, this.#moment(slot));
        return { k: 'health', full: true, c: { ...c }, m: { ...m } };
      }
      case 'readings': {
        const { m } = pictureAt(this.#plan.profile, this.#moment(slot));
        return { k: 'health', m: charted(m) };
      }
      case 'change':
        return { k: 'health', c: this.#report(slot, slot.component) };
      case 'net':
        return this.#net(slot);
      case 'sim':
        return this.#sim(slot);
    }
  }

  #report(slot: Slot, component: string): Record<string, ComponentReport> {
    const report = pictureAt(this.#plan.profile, this.#moment(slot)).c[component];
    return { [component]: report ?? { s: 'unknown' } };
  }

  #net(slot: Slot): RecordBody {
    const { device, profile } = this.#plan;
    const moment = this.#moment(slot);
    const { radio } = uplinkAt(device, profile, moment, 0);
    if (!moment.conditions.linkUp) return { k: 'net', sent: PROBES, lost: PROBES, signal_dbm: -113 };
    const { rttMs, jitterMs, lossShare } = radioAt(profile, slot.atMs, moment.conditions);
    const lost = noise(profile.seed ^ 31, Math.floor(slot.atMs / 1000)) < lossShare * PROBES ? 1 : 0;
    return { k: 'net', rtt_ms: Math.round(rttMs), jitter_ms: Math.round(jitterMs), sent: PROBES, lost, ...radio };
  }

  #sim(slot: Slot): RecordBody {
    const { device, profile } = this.#plan;
    const since = { ...this.#moment(slot), bootAtMs: this.#lastSimMs };
    const { counters, sim } = uplinkAt(device, profile, since, 0);
    this.#lastSimMs = slot.atMs;
    return { k: 'sim', rx_bytes: counters?.rxBytes ?? 0, tx_bytes: counters?.txBytes ?? 0, src: 'modem', ...sim };
  }

  #moment(slot: Slot): Moment {
    return { atMs: slot.atMs, bootAtMs: slot.boot.onMs, conditions: this.#conditionsAt(slot.atMs) };
  }

  #conditionsAt(atMs: number): Conditions {
    const active = this.#plan.occurrences.filter((o) => o.atMs <= atMs && atMs < (o.untilMs ?? Infinity));
    return conditionsOf(active.map((o) => o.effect));
  }
}

function charted(m: Readonly<Record<string, number>>): Record<string, number> {
  const { cpu_pct = 0, mem_used_pct = 0, disk_used_pct = 0, temp_c = 0 } = m;
  return {
    cpu_pct: Math.round(cpu_pct),
    mem_used_pct: Math.round(mem_used_pct),
    disk_used_pct: Math.round(disk_used_pct),
    temp_c: Math.round(temp_c),
  };
}
