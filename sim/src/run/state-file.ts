import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { SimSpoolState } from '../device/spool.ts';
import type { Credential } from './life.ts';

/** What the simulator keeps of a device between two runs of itself, so that no number is ever used twice. */
export interface KeptDevice extends Credential {
  readonly boot: { readonly id: string; readonly atMs: number } | null;
  readonly powered: boolean;
  readonly store: Readonly<Record<string, string>>;
  readonly spool: SimSpoolState | null;
}

export interface KeptState {
  readonly v: 1;
  readonly fleet: string;
  readonly seed: number;
  /** The window of the generated past, true Unix ms; `null` if none was made. */
  readonly past: { readonly fromMs: number; readonly untilMs: number } | null;
  /** The past was replayed before the devices went live: they go on where it ended. */
  readonly replayed?: boolean;
  /** Written in good order: the numbers are exact. Otherwise they may be stale by a while. */
  readonly clean: boolean;
  readonly devices: Readonly<Record<string, KeptDevice>>;
}

/** The credentials in a state, by serial. */
export function credentialsIn(state: KeptState): Map<string, Credential> {
  return new Map(Object.entries(state.devices));
}

/** Reads the state, `null` if there is none. Throws if the file is there but is not ours. */
export function readState(path: string): KeptState | null {
  if (!existsSync(path)) return null;
  const state = JSON.parse(readFileSync(path, 'utf8')) as Partial<KeptState>;
  if (state.v !== 1 || typeof state.devices !== 'object')
    throw new Error(`${path} is not a state file of the simulator`);
  return state as KeptState;
}

/** Replaces the state in one step; only the owner may read it, it holds credentials. */
export function writeState(path: string, state: KeptState): void {
  writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** More than a device uses between two writes of the state: added to its counters after a crash. */
const MARGIN = { seq: 10_000, session: 1_000 } as const;

/** The kept numbers of a device, moved on beyond anything it may have used since they were written. */
export function afterCrash(kept: KeptDevice): KeptDevice {
  const spool = kept.spool && { ...kept.spool, nextSeq: kept.spool.nextSeq + MARGIN.seq };
  const identity = kept.store.identity;
  if (identity === undefined) return { ...kept, spool };
  const numbers = JSON.parse(identity) as { session: number };
  const moved = JSON.stringify({ ...numbers, session: numbers.session + MARGIN.session });
  return { ...kept, spool, store: { ...kept.store, identity: moved } };
}
