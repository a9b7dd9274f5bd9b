import { describe, expect, it } from 'vitest';
import {
  ORDER_STATES,
  type OrderState,
  refuseClosing,
  refuseConfirmation,
  refusePause,
  refuseReopening,
  refuseStep,
  STEPS,
  type Step,
  type ToldStep,
} from '../../src/orders/steps.ts';

const H = 3_600_000;
const standing = (state: OrderState, told: readonly ToldStep[] = []) => ({ state, openedAt: 0, told, nowMs: 10 * H });
const code = (refusal: { code: string } | null) => refusal?.code ?? null;

describe('a step', () => {
  it('may leave others out, but never follows a later one', () => {
    const known: readonly ToldStep[] = STEPS.map((step, i) => ({ step, at: i * H }));
    for (const [i, step] of STEPS.entries()) {
      expect(code(refuseStep(step, 9 * H, standing('new', known.slice(0, i))))).toBeNull();
      expect(code(refuseStep(step, 9 * H, standing(step, known.slice(0, i + 1))))).toBe('order_state');
      expect(code(refuseStep(step, 9 * H, standing(step, known.slice(i + 1, i + 2))))).toBe(
        i + 1 < STEPS.length ? 'order_state' : null,
      );
    }
  });

  it.each<[string, Step, number, readonly ToldStep[], string | null]>([
    ['before the fault', 'on_site', -1, [], 'step_time'],
    ['at the very opening', 'on_site', 0, [], null],
    ['in the future', 'on_site', 11 * H, [], 'step_time'],
    ['by a clock that runs ahead', 'on_site', 10 * H + 60_000, [], null],
    ['before the step before', 'on_site', 2 * H, [{ step: 'on_the_way', at: 3 * H }], 'step_time'],
    ['with the step before', 'on_site', 3 * H, [{ step: 'on_the_way', at: 3 * H }], null],
  ])('can be %s or not', (_name, step, at, told, expected) => {
    expect(code(refuseStep(step, at, standing('assigned', told)))).toBe(expected);
  });

  it('is still told after telemetry saw the fault go, but not after the site confirmed', () => {
    expect(code(refuseStep('on_site', H, standing('repaired')))).toBeNull();
    for (const state of ['confirmed', 'closed', 'cancelled'] as const) {
      expect(code(refuseStep('on_site', H, standing(state)))).toBe('order_state');
    }
  });
});

describe('the end of an order', () => {
  const full = { cause_kind: 'hardware', cause_analysis: '缺纸', advice: '每周检查' };
  it('is closed with cause, analysis and advice, once repaired', () => {
    for (const state of ORDER_STATES) {
      const expected = { repaired: null, confirmed: null, closed: 'order_state', cancelled: 'order_state' };
      expect(code(refuseClosing(state, full))).toBe(
        Object.hasOwn(expected, state) ? expected[state as keyof typeof expected] : 'order_not_repaired',
      );
    }
    for (const key of ['cause_analysis', 'advice'] as const) {
      expect(code(refuseClosing('confirmed', { ...full, [key]: '  ' }))).toBe('order_incomplete');
    }
  });

  it('is confirmed once, after the repair; opened again only after an end', () => {
    expect(ORDER_STATES.filter((state) => refuseConfirmation(state) === null)).toEqual(['repaired']);
    expect(code(refuseConfirmation('confirmed'))).toBe('already_confirmed');
    expect(ORDER_STATES.filter((state) => refuseReopening(state) === null)).toEqual([
      'repaired',
      'confirmed',
      'closed',
    ]);
  });
});

describe('a pause', () => {
  it.each<[string, number, number | null, string | null]>([
    ['from the opening on', 0, 5 * H, null],
    ['without end', H, null, null],
    ['in advance', 20 * H, 21 * H, null],
    ['before the fault', -1, 5 * H, 'pause_span'],
    ['that ends as it begins', 5 * H, 5 * H, 'pause_span'],
    ['longer than a year', 0, 9000 * H, 'pause_span'],
    ['behind the due instant', 48 * H, 49 * H, 'pause_after_due'],
  ])('%s', (_name, from, to, expected) => {
    expect(code(refusePause({ from, to }, { ...standing('assigned'), dueAt: 48 * H }))).toBe(expected);
  });

  it('needs a clock that runs', () => {
    const open = ORDER_STATES.filter(
      (state) => refusePause({ from: H, to: null }, { ...standing(state), dueAt: null }) === null,
    );
    expect(open).toEqual(['new', 'acknowledged', 'assigned', 'on_the_way', 'on_site', 'restored']);
  });
});
