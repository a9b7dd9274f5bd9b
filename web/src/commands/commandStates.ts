import type { State } from '../ui/state/states.ts';
import type { Batch } from './useSendCommand.ts';

/** States of a command on its way, in order, then its ends. */
export const COMMAND_STATES = [
  'queued',
  'delivered',
  'accepted',
  'running',
  'succeeded',
  'failed',
  'expired',
  'cancelled',
] as const satisfies readonly (keyof Batch['counts'])[];
export type CommandState = (typeof COMMAND_STATES)[number];

const MARKS: Readonly<Record<CommandState, State>> = {
  queued: 'never',
  delivered: 'never',
  accepted: 'unknown',
  running: 'maintenance',
  succeeded: 'online',
  failed: 'offline',
  expired: 'faulty',
  cancelled: 'excluded',
};

/** A command in the one language for state: under way, done, failed, never begun. */
export function commandMark(state: string): State {
  return Object.hasOwn(MARKS, state) ? MARKS[state as CommandState] : 'unknown';
}

/** What cancelling would still stop: no device has accepted it yet. */
export function cancellable(counts: Batch['counts']): number {
  return counts.queued + counts.delivered;
}
