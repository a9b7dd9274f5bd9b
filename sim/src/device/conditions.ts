import type { Effect } from '../scenario/effects.ts';

/** A component that is not as it should be. */
export interface Defect {
  readonly state: 'warn' | 'fault';
  readonly reason: string;
  readonly detail?: string;
}

/** What the world does to one device at a moment: the sum of all effects in force. */
export interface Conditions {
  readonly powered: boolean;
  readonly linkUp: boolean;
  /** Added to the round trip, ms. */
  readonly delayMs: number;
  readonly lossShare: number;
  readonly cpuExtraPct: number;
  readonly diskExtraPct: number;
  readonly heatToC: number | null;
  readonly defects: ReadonlyMap<string, Defect>;
}

export const CALM: Conditions = {
  powered: true,
  linkUp: true,
  delayMs: 0,
  lossShare: 0,
  cpuExtraPct: 0,
  diskExtraPct: 0,
  heatToC: null,
  defects: new Map(),
};

/** Adds up lasting effects; the order does not matter, save that the last of several defects of one component shows. */
export function conditionsOf(effects: Iterable<Effect>): Conditions {
  let now: Conditions = CALM;
  for (const effect of effects) now = add(now, effect);
  return now;
}

function add(now: Conditions, effect: Effect): Conditions {
  switch (effect.kind) {
    case 'link_down':
      return { ...now, linkUp: false };
    case 'link_poor':
      return {
        ...now,
        delayMs: now.delayMs + effect.delayMs,
        lossShare: Math.min(1, now.lossShare + effect.lossShare),
      };
    case 'power_off':
      return { ...now, powered: false };
    case 'fault': {
      const { component, state, reason, detail } = effect;
      const defect = detail === undefined ? { state, reason } : { state, reason, detail };
      return { ...now, defects: new Map(now.defects).set(component, defect) };
    }
    case 'heat':
      return { ...now, heatToC: Math.max(effect.toC, now.heatToC ?? effect.toC) };
    case 'load':
      return { ...now, cpuExtraPct: now.cpuExtraPct + effect.cpuPct };
    case 'disk_fill':
      return { ...now, diskExtraPct: now.diskExtraPct + effect.pct };
    case 'link_flap':
    case 'sim_use':
    case 'clock_jump':
    case 'cut_connection':
    case 'reboot':
      return now;
  }
}
