/** The one visual language for state: list, page, timeline and print use these names, colours and shapes. */
export const STATES = [
  'online',
  'offline',
  'faulty',
  'unknown',
  'never',
  'maintenance',
  'excluded',
  'platform',
] as const;
export type State = (typeof STATES)[number];

export type Shape = 'disc' | 'square' | 'triangle' | 'diamond' | 'ring' | 'bars' | 'hatch' | 'cross';

/** Shapes differ so that a grey printout and a colour-blind reader lose nothing. */
export const SHAPES: Readonly<Record<State, Shape>> = {
  online: 'disc',
  offline: 'square',
  faulty: 'triangle',
  unknown: 'diamond',
  never: 'ring',
  maintenance: 'bars',
  excluded: 'hatch',
  platform: 'cross',
};

export function stateColour(state: State): string {
  return `var(--st-${state})`;
}

/** Component health in the same language: a component that is `ok` looks like a device that is online. */
export const COMPONENT_MARKS = {
  ok: 'online',
  warn: 'faulty',
  fault: 'offline',
  absent: 'never',
  unknown: 'unknown',
} as const satisfies Record<string, State>;

export function componentMark(state: string): State {
  return Object.hasOwn(COMPONENT_MARKS, state) ? COMPONENT_MARKS[state as keyof typeof COMPONENT_MARKS] : 'unknown';
}

/** A state the console does not know yet is shown as unknown rather than as nothing. */
export function asState(state: string): State {
  return (STATES as readonly string[]).includes(state) ? (state as State) : 'unknown';
}
