import type { Stretch } from './pieces.ts';

/** Narrowest view, ms: ten minutes across the screen tell single beats apart. */
export const LEAST_MS = 10 * 60_000;
const MINUTE = 60_000;

/** A view within its whole, on full minutes: the grain of the address. */
export function clampView(view: Stretch, whole: Stretch): Stretch {
  const span = Math.min(whole.toMs - whole.fromMs, Math.max(LEAST_MS, view.toMs - view.fromMs));
  const from = Math.min(Math.max(view.fromMs, whole.fromMs), whole.toMs - span);
  return { fromMs: Math.floor(from / MINUTE) * MINUTE, toMs: Math.ceil((from + span) / MINUTE) * MINUTE };
}

/** Nearer or farther around an instant; `factor` below 1 is nearer. */
export function zoomView(view: Stretch, whole: Stretch, factor: number, aroundMs: number): Stretch {
  const around = Math.min(Math.max(aroundMs, view.fromMs), view.toMs);
  return clampView(
    { fromMs: around - (around - view.fromMs) * factor, toMs: around + (view.toMs - around) * factor },
    whole,
  );
}

/** Sideways by a share of the view. */
export function panView(view: Stretch, whole: Stretch, share: number): Stretch {
  const by = (view.toMs - view.fromMs) * share;
  return clampView({ fromMs: view.fromMs + by, toMs: view.toMs + by }, whole);
}

/** A view that shows a stretch with as much around it as it is long. */
export function viewAround(stretch: Stretch, whole: Stretch): Stretch {
  const span = Math.max(stretch.toMs - stretch.fromMs, LEAST_MS);
  return clampView({ fromMs: stretch.fromMs - span, toMs: stretch.toMs + span }, whole);
}

/** What a key does to the view; undefined for a key that does nothing, null to show the whole again. */
export function viewByKey(key: string, view: Stretch, whole: Stretch): Stretch | null | undefined {
  const middle = (view.fromMs + view.toMs) / 2;
  switch (key) {
    case '+':
    case '=':
      return zoomView(view, whole, 0.5, middle);
    case '-':
    case '_':
      return zoomView(view, whole, 2, middle);
    case 'ArrowLeft':
      return panView(view, whole, -0.25);
    case 'ArrowRight':
      return panView(view, whole, 0.25);
    case '0':
    case 'Home':
      return null;
    default:
      return undefined;
  }
}

const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160];

/** Round wall times for an axis, at most `most` of them, counted from a midnight of the zone before the view. */
export function ticks(view: Stretch, midnightMs: number, most: number): number[] {
  const span = view.toMs - view.fromMs;
  const step = (STEPS_MIN.find((m) => span / (m * MINUTE) <= most) ?? 43_200) * MINUTE;
  const first = midnightMs + Math.ceil((view.fromMs - midnightMs) / step) * step;
  const at: number[] = [];
  for (let t = first; t < view.toMs; t += step) at.push(t);
  return at;
}
