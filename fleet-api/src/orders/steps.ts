import type { CaseEvent } from '@uptally/sla';
import { type ApiError, apiError } from '../http/errors.ts';

/** The way of an order, pure: which step may follow which, and what the logs of its faults learn from it. */

export const ORDER_STATES = [
  'new',
  'acknowledged',
  'assigned',
  'on_the_way',
  'on_site',
  'restored',
  'repaired',
  'confirmed',
  'closed',
  'cancelled',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** Steps that the contractor tells; each may be left out, none is told after a later one. */
export const STEPS = ['acknowledged', 'assigned', 'on_the_way', 'on_site', 'restored', 'repaired'] as const;
export type Step = (typeof STEPS)[number];

/** Orders on which work goes on. */
export const WORK_STATES: readonly OrderState[] = ['new', ...STEPS];
export const isOver = (state: OrderState): boolean => state === 'closed' || state === 'cancelled';

/** What a step tells the clocks; null: what it says is known (`responded`) once somebody answered. */
export const EVENT_OF: Readonly<Record<Step, CaseEvent['kind']>> = {
  acknowledged: 'responded',
  assigned: 'responded',
  on_the_way: 'responded',
  on_site: 'arrived',
  restored: 'temporarily_restored',
  repaired: 'repaired',
};

const rank = (state: string): number => (ORDER_STATES as readonly string[]).indexOf(state);

/** The later of two states of work. */
export function laterOf(a: OrderState, b: OrderState): OrderState {
  return rank(a) >= rank(b) ? a : b;
}

/** What was told of an order since it was opened, or opened again; instants in ms. */
export interface ToldStep {
  readonly step: Step;
  readonly at: number;
}

export interface StepStanding {
  readonly state: OrderState;
  /** When the earliest of its faults began. */
  readonly openedAt: number;
  readonly told: readonly ToldStep[];
  readonly nowMs: number;
}

/** A clock of a phone may run ahead by so much, ms; what it says is then taken as now. */
export const CLOCK_SKEW_MS = 120_000;

/**
 * Why a step can't be told, or null. It may have happened earlier than it is told, but not before the opening, not before a step
 * that precedes it, not in the future. Telemetry may have found the fault gone before: the steps of the way there are still told.
 */
export function refuseStep(step: Step, at: number, { state, openedAt, told, nowMs }: StepStanding): ApiError | null {
  if (isOver(state) || state === 'confirmed') return apiError('order_state', `The order is ${state}`);
  const last = told.reduce<ToldStep | null>((a, b) => (a === null || rank(b.step) >= rank(a.step) ? b : a), null);
  if (last !== null && rank(last.step) >= rank(step)) {
    return apiError('order_state', last.step === step ? `It is told already: ${step}` : `${last.step} has been told`);
  }
  if (at > nowMs + CLOCK_SKEW_MS) return apiError('step_time', 'A step can not lie in the future');
  if (at < openedAt) return apiError('step_time', 'A step can not lie before the fault');
  if (last !== null && at < last.at) return apiError('step_time', `It can not lie before ${last.step}`);
  return null;
}

/** What closing needs (R-HN-4). */
export interface Closing {
  readonly cause_kind: string;
  readonly cause_analysis: string;
  readonly advice: string;
}

/** Why an order can't be closed, or null. */
export function refuseClosing(state: OrderState, closing: Closing): ApiError | null {
  if (isOver(state)) return apiError('order_state', `The order is ${state}`);
  if (state !== 'repaired' && state !== 'confirmed') return apiError('order_not_repaired');
  const missing = (['cause_kind', 'cause_analysis', 'advice'] as const).filter((key) => closing[key].trim() === '');
  if (missing.length === 0) return null;
  return apiError('order_incomplete', {
    errors: missing.map((key) => ({ path: `/body/${key}`, message: 'must not be empty' })),
  });
}

/** Why it can't be confirmed that the fault is gone, or null. */
export function refuseConfirmation(state: OrderState): ApiError | null {
  if (state === 'confirmed' || state === 'closed') return apiError('already_confirmed');
  return state === 'repaired' ? null : apiError('order_not_repaired');
}

/** Why an order can't be opened again, or null. */
export function refuseReopening(state: OrderState): ApiError | null {
  if (state === 'repaired' || state === 'confirmed' || state === 'closed') return null;
  return apiError('order_state', `The order is ${state}`);
}

/** Time that may be taken off at once, ms. */
const MAX_PAUSE_MS = 366 * 86_400_000;

export interface PauseWish {
  readonly from: number;
  /** Null: until further notice. */
  readonly to: number | null;
}

/** Why time can't be proposed to be taken off, or null. `dueAt`: of the last clock that still runs; null: none has a due instant. */
export function refusePause(
  { from, to }: PauseWish,
  { state, openedAt, dueAt, nowMs }: Omit<StepStanding, 'told'> & { readonly dueAt: number | null },
): ApiError | null {
  if (!WORK_STATES.includes(state) || state === 'repaired') {
    return apiError('order_state', 'Clocks of this order no longer run');
  }
  if (to !== null && to <= from) return apiError('pause_span', 'It ends before it begins');
  if (from < openedAt) return apiError('pause_span', 'It begins before the fault');
  if (from > nowMs + MAX_PAUSE_MS || (to !== null && to - from > MAX_PAUSE_MS)) {
    return apiError('pause_span', 'It is longer, or further away, than a year');
  }
  if (dueAt !== null && from >= dueAt) return apiError('pause_after_due');
  return null;
}
