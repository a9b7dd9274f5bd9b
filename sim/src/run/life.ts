import { firstSeq, type SpoolEntry } from '@uptally/agent';
import type { ClockTraits } from '../device/clock.ts';
import type { DeviceProfile } from '../device/profile.ts';
import { DAY_MS } from '../device/rhythm.ts';
import type { Past, SimSpoolState } from '../device/spool.ts';
import type { FleetDevice } from '../fleet/types.ts';
import { bootsOf, type PastBoot } from '../history/boots.ts';
import type { Window } from '../history/incidents.ts';
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
  /** Lowest numbers that the platform has not seen of this device: above zero if its serial was used before. */
  readonly next?: { readonly seq: number; readonly boot: number; readonly session: number };
}

/** A device is switched off this many times at most in a generated past. */
const PAST_BOOTS = 1_000;

/** Where a device stands when the simulator begins to run it. */
export interface Life {
  /** The boot under way. */
  readonly boot: { readonly id: string; readonly atMs: number };
  readonly store: Readonly<Record<string, string>>;
  readonly nextSeq: number;
  readonly entries: readonly SpoolEntry[];
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
  readonly window: Window | null;
  readonly density: Density;
  /** It serves only since then: before, it lay in a cupboard. */
  readonly sinceMs: number | null;
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
      ? { past: pastOf({ ...facts, ...windowOf(facts, facts.window), occurrences: facts.incidents, boots }), resume }
      : null;
  const nextSeq = kept?.spool?.nextSeq ?? Math.max(firstSeq(credential.enrolledMs), credential.next?.seq ?? 0);
  const entries = kept?.spool?.entries ?? [];
  if (kept?.boot) return { boot: sameOrNext(kept, facts.nowMs), store: kept.store, nextSeq, entries, past };
  const last = boots.at(-1);
  const boot = { id: bootId(credential.deviceId, last?.onMs ?? facts.nowMs), atMs: last?.onMs ?? facts.nowMs };
  const identity = {
    boot: last?.boot ?? lastBootNumber(credential),
    bootId: boot.id,
    session: credential.next?.session ?? 0,
  };
  return { boot, store: { identity: JSON.stringify(identity) }, nextSeq, entries, past };
}

function windowOf({ sinceMs }: LifeFacts, window: Window): Window {
  return { ...window, fromMs: Math.max(window.fromMs, sinceMs ?? 0) };
}

function pastBoots({ device, credential, incidents, window, sinceMs, seed, nowMs }: LifeFacts): PastBoot[] {
  const days = rngFor(seed, 'first-boot', device.serial).range(0.2, 40);
  const firstOnMs = sinceMs ?? (window?.fromMs ?? nowMs - DAY_MS) - days * DAY_MS;
  return bootsOf(incidents, firstOnMs, window?.untilMs ?? nowMs, lastBootNumber(credential));
}

/** The number of the boot under way: those of the generated past lie below it, those of an older life of the serial below these. */
function lastBootNumber(credential: Credential): number {
  return (credential.next?.boot ?? 0) + PAST_BOOTS;
}

/** A device that had power when the simulator stopped goes on in the same boot; another one has been switched on since. */
function sameOrNext(kept: KeptDevice, nowMs: number): Life['boot'] {
  if (kept.boot && kept.powered) return kept.boot;
  return { id: bootId(kept.deviceId, nowMs), atMs: nowMs - 30_000 };
}

function bootId(deviceId: string, atMs: number): string {
  return `${deviceId}-${Math.floor(atMs)}`;
}
