import { firstSeq } from '@uptally/agent';
import type { ClockTraits } from '../device/clock.ts';
import type { DeviceProfile } from '../device/profile.ts';
import { DAY_MS, HOUR_MS } from '../device/rhythm.ts';
import type { Past, SimSpoolState } from '../device/spool.ts';
import type { FleetDevice } from '../fleet/types.ts';
import { bootsOf, type PastBoot } from '../history/boots.ts';
import { pastOf } from '../history/past.ts';
import type { Density } from '../history/slots.ts';
import { rngFor } from '../random/rng.ts';
import type { Occurrence } from '../scenario/plan.ts';
import type { KeptDevice } from './state-file.ts';

/** A device's way in: what enrolment gave it. */
export interface Credential {
  readonly deviceId: string;
  readonly secret: string;
  readonly enrolledMs: number;
}

/** Where a device stands when the simulator begins to run it. */
export interface Life {
  /** The boot under way. */
  readonly boot: { readonly id: string; readonly atMs: number };
  readonly store: Readonly<Record<string, string>>;
  readonly nextSeq: number;
  /** What its spool holds from before, and how much of that an earlier run has delivered. */
  readonly past: { readonly past: Past; readonly resume: SimSpoolState['past'] } | null;
}

export interface LifeFacts {
  readonly device: FleetDevice;
  readonly profile: DeviceProfile;
  readonly clock: ClockTraits;
  readonly credential: Credential;
  /** What happens to it, past and future. */
  readonly incidents: readonly Occurrence[];
  readonly window: { readonly fromMs: number; readonly untilMs: number } | null;
  readonly density: Density;
  readonly kept: KeptDevice | null;
  readonly seed: number;
  readonly nowMs: number;
}

/** Continues a kept life, or makes up one that led to today. */
export function lifeOf(facts: LifeFacts): Life {
  const { kept, credential } = facts;
  const boots = pastBoots(facts);
  const resume = kept?.spool?.past ?? null;
  const tells = facts.window !== null && (!kept?.spool || resume !== null);
  const past =
    tells && facts.window
      ? { past: pastOf({ ...facts, ...facts.window, occurrences: facts.incidents, boots }), resume }
      : null;
  const nextSeq = kept?.spool?.nextSeq ?? firstSeq(credential.enrolledMs);
  if (kept?.boot) return { boot: sameOrNext(kept, facts.nowMs), store: kept.store, nextSeq, past };
  const last = boots.at(-1);
  const boot = { id: bootId(credential.deviceId, last?.onMs ?? facts.nowMs), atMs: last?.onMs ?? facts.nowMs };
  const identity = { boot: last?.boot ?? lastBootNumber(credential), bootId: boot.id, session: minutesOf(credential) };
  return { boot, store: { identity: JSON.stringify(identity) }, nextSeq, past };
}

function pastBoots({ device, credential, incidents, window, seed, nowMs }: LifeFacts): PastBoot[] {
  const days = rngFor(seed, 'first-boot', device.serial).range(0.2, 40);
  const firstOnMs = (window?.fromMs ?? nowMs - DAY_MS) - days * DAY_MS;
  return bootsOf(incidents, firstOnMs, window?.untilMs ?? nowMs, lastBootNumber(credential));
}

/** Hours and minutes of the enrolment: above every number that the same device can have used under an older one. */
function lastBootNumber(credential: Credential): number {
  return Math.floor(credential.enrolledMs / HOUR_MS);
}

function minutesOf(credential: Credential): number {
  return Math.floor(credential.enrolledMs / 60_000);
}

/** A device that had power when the simulator stopped goes on in the same boot; another one has been switched on since. */
function sameOrNext(kept: KeptDevice, nowMs: number): Life['boot'] {
  if (kept.boot && kept.powered) return kept.boot;
  return { id: bootId(kept.deviceId, nowMs), atMs: nowMs - 30_000 };
}

function bootId(deviceId: string, atMs: number): string {
  return `${deviceId}-${Math.floor(atMs)}`;
}
