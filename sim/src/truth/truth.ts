import type { Conditions } from '../device/conditions.ts';
import { HOT_FAULT_C } from '../device/hardware.ts';

/** What is true of one dimension of a device, whatever the platform knows. */
export interface TrueState {
  readonly up: boolean;
  /** Why not: `off`, `starting`, `no_link`, or the parts that are broken, as `printer,screen`. `null` if up. */
  readonly why: string | null;
}

/** `network`: the platform could be reached. `equipment`: the program ran and every required part worked. */
export interface DeviceTruth {
  readonly network: TrueState;
  readonly equipment: TrueState;
}

export type TrueDimension = keyof DeviceTruth;

const UP: TrueState = { up: true, why: null };

export interface TruthFacts {
  /** The agent runs. */
  readonly running: boolean;
  readonly linkUp: boolean;
  readonly conditions: Conditions;
  /** Parts that the device must have. */
  readonly required: readonly string[];
}

export function truthOf({ running, linkUp, conditions, required }: TruthFacts): DeviceTruth {
  if (!running) {
    const down = { up: false, why: conditions.powered ? 'starting' : 'off' };
    return { network: down, equipment: down };
  }
  const broken = required.filter((part) => isBroken(part, conditions));
  return {
    network: linkUp ? UP : { up: false, why: 'no_link' },
    equipment: broken.length === 0 ? UP : { up: false, why: broken.sort().join(',') },
  };
}

function isBroken(part: string, { defects, heatToC }: Conditions): boolean {
  if (defects.get(part)?.state === 'fault') return true;
  return part === 'temperature' && heatToC !== null && heatToC >= HOT_FAULT_C;
}

/** An unbroken time in which a dimension of a device was truly up or down. Instants in Unix ms, half-open. */
export interface TrueInterval extends TrueState {
  readonly deviceId: string;
  readonly dimension: TrueDimension;
  readonly fromMs: number;
  readonly toMs: number;
}

type Open = Omit<TrueInterval, 'toMs'>;

/** Makes intervals of what is noted, each device in order of time. */
export class TruthIntervals {
  readonly #open: Map<string, Open> = new Map();
  readonly #ended: (interval: TrueInterval) => void;

  constructor(ended: (interval: TrueInterval) => void) {
    this.#ended = ended;
  }

  note(deviceId: string, atMs: number, truth: DeviceTruth): void {
    for (const dimension of ['network', 'equipment'] as const) {
      const key = `${deviceId} ${dimension}`;
      const before = this.#open.get(key);
      const { up, why } = truth[dimension];
      if (before?.up === up && before.why === why) continue;
      this.#end(before, atMs);
      this.#open.set(key, { deviceId, dimension, fromMs: Math.floor(atMs), up, why });
    }
  }

  /** Ends what is still open. */
  close(atMs: number): void {
    for (const open of this.#open.values()) this.#end(open, atMs);
    this.#open.clear();
  }

  #end(open: Open | undefined, atMs: number): void {
    const toMs = Math.floor(atMs);
    if (open !== undefined && toMs > open.fromMs) this.#ended({ ...open, toMs });
  }
}
