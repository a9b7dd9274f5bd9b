import type { SiteKind } from '../fleet/types.ts';
import type { Effect } from './effects.ts';
import type { When } from './units.ts';

/** Which devices a step concerns: all that match every field given; then a share or a count of them, drawn by the seed. */
export interface Selector {
  readonly county?: string;
  readonly township?: string;
  readonly site?: string;
  /** Serial or device id. */
  readonly device?: string;
  readonly kind?: SiteKind;
  readonly model?: string;
  readonly share?: number;
  readonly count?: number;
}

export interface Step {
  readonly at: When;
  /** How long it lasts, ms; `null` until somebody clears it (or it is over in a moment). */
  readonly forMs: number | null;
  /** Each device begins at its own time within this, ms. */
  readonly spreadMs: number;
  readonly repeat: { readonly everyMs: number; readonly times: number } | null;
  readonly select: Selector;
  readonly effect: Effect;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly seed: number | null;
  readonly steps: readonly Step[];
}
