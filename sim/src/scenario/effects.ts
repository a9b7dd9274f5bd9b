/** What a scenario can do to a device. Durations in ms, sizes in bytes. */
export type LastingEffect =
  | { readonly kind: 'link_down' }
  | { readonly kind: 'link_poor'; readonly delayMs: number; readonly lossShare: number }
  | { readonly kind: 'link_flap'; readonly upMs: number; readonly downMs: number }
  | { readonly kind: 'power_off' }
  | {
      readonly kind: 'fault';
      readonly component: string;
      readonly state: 'warn' | 'fault';
      readonly reason: string;
      readonly detail?: string;
    }
  | { readonly kind: 'heat'; readonly toC: number }
  | { readonly kind: 'load'; readonly cpuPct: number }
  | { readonly kind: 'disk_fill'; readonly pct: number };

/** Effects that happen once and need no end. */
export type MomentaryEffect =
  | { readonly kind: 'clock_jump'; readonly byMs: number }
  | { readonly kind: 'sim_use'; readonly bytes: number }
  | { readonly kind: 'cut_connection' }
  | { readonly kind: 'reboot' };

export type Effect = LastingEffect | MomentaryEffect;

const MOMENTARY: ReadonlySet<Effect['kind']> = new Set(['clock_jump', 'sim_use', 'cut_connection', 'reboot']);

export function isMomentary(effect: Effect): effect is MomentaryEffect {
  return MOMENTARY.has(effect.kind);
}
