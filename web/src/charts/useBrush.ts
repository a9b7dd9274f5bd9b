import { shallowRef } from 'vue';

export interface BrushOptions {
  /** Time at a horizontal pixel of the chart; NaN where there is none. */
  readonly toMs: (xPx: number) => number;
  readonly onSpan: (fromMs: number, toMs: number) => void;
}

/** A drag this short is a click. */
const LEAST_PX = 8;

/** Marks a span by dragging with the mouse; a finger scrolls the page instead. */
export function useBrush(options: BrushOptions) {
  const brush = shallowRef<{ left: number; width: number } | null>(null);
  let startPx: number | undefined;

  function x(event: PointerEvent): number {
    return event.clientX - (event.currentTarget as HTMLElement).getBoundingClientRect().left;
  }
  function pointerdown(event: PointerEvent): void {
    if (event.pointerType === 'mouse' && event.button === 0) startPx = x(event);
  }
  function pointermove(event: PointerEvent): void {
    if (startPx === undefined) return;
    if ((event.buttons & 1) === 0) {
      cancel();
      return;
    }
    const here = x(event);
    brush.value = { left: Math.min(startPx, here), width: Math.abs(here - startPx) };
  }
  function pointerup(event: PointerEvent): void {
    const from = startPx;
    cancel();
    if (from === undefined || Math.abs(x(event) - from) < LEAST_PX) return;
    const [a, b] = [options.toMs(from), options.toMs(x(event))];
    if (Number.isFinite(a) && Number.isFinite(b)) options.onSpan(Math.min(a, b), Math.max(a, b));
  }
  function cancel(): void {
    startPx = undefined;
    brush.value = null;
  }
  return { brush, listeners: { pointerdown, pointermove, pointerup, pointerleave: cancel } };
}
