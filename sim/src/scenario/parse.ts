import { type Effect, isMomentary } from './effects.ts';
import { type Path, ScenarioError, Source } from './problems.ts';
import { readEffect } from './read-effect.ts';
import { Reader } from './reader.ts';
import type { Scenario, Selector, Step } from './types.ts';
import { type When, when } from './units.ts';

/**
 * Reads a scenario file (YAML). The language is described in docs/simulator.md. Throws {@link ScenarioError} with every problem
 * found, each with its line.
 */
export function parseScenario(text: string, file = 'scenario'): Scenario {
  const source = new Source(text);
  if (source.problems.length > 0) throw new ScenarioError(file, source.problems);
  const top = new Reader(source, [], source.value, ['name', 'title', 'seed', 'steps']);
  const name = top.text('name');
  const title = top.has('title') ? top.text('title') : name;
  const seed = top.has('seed') ? top.number('seed', 0, 2 ** 31 - 1, true) : null;
  const steps = readSteps(source, top);
  if (source.problems.length > 0 || name === null || title === null) throw new ScenarioError(file, source.problems);
  return { name, title, seed, steps };
}

/** Reads one effect, as the `do` of a step. Throws {@link ScenarioError}. */
export function parseEffect(text: string): Effect {
  const source = new Source(text);
  const effect = source.problems.length > 0 ? null : readEffect(source, [], source.value);
  if (effect === null || source.problems.length > 0) throw new ScenarioError('effect', source.problems);
  return effect;
}

/** Reads a selector, as the `select` of a step. Throws {@link ScenarioError}. */
export function parseSelector(text: string): Selector {
  const source = new Source(text);
  const select = source.problems.length > 0 ? null : readSelector(source, [], source.value);
  if (select === null || source.problems.length > 0) throw new ScenarioError('selector', source.problems);
  return select;
}

function readSteps(source: Source, top: Reader): Step[] {
  const list = top.raw('steps');
  if (!Array.isArray(list) || list.length === 0) {
    top.fault('steps', 'must be a list with at least one step');
    return [];
  }
  return list.flatMap((value: unknown, i) => readStep(source, ['steps', i], value) ?? []);
}

function readStep(source: Source, path: Path, value: unknown): Step | null {
  const step = new Reader(source, path, value, ['at', 'for', 'spread', 'repeat', 'select', 'do']);
  const at = step.has('at') ? readWhen(step) : ({ kind: 'after', ms: 0 } as const);
  const forMs = step.has('for') ? step.duration('for', 1) : null;
  const spreadMs = step.has('spread') ? step.duration('spread') : 0;
  const repeat = step.has('repeat') ? readRepeat(source, step) : null;
  const select = step.has('select') ? readSelector(source, step.at('select'), step.raw('select')) : {};
  const effect = step.has('do') ? readEffect(source, step.at('do'), step.raw('do')) : step.fault('do', 'is missing');
  if (effect !== null && isMomentary(effect) && step.has('for')) {
    step.fault('for', 'makes no sense here: it is over in a moment');
  }
  if (at === null || spreadMs === null || select === null || effect === null) return null;
  return { at, forMs, spreadMs, repeat, select, effect };
}

function readWhen(step: Reader): When | null {
  const text = step.text('at');
  if (text === null) return null;
  return when(text) ?? step.fault('at', 'must be a duration after the start (10m), a time of day (02:30) or RFC 3339');
}

function readRepeat(source: Source, step: Reader): Step['repeat'] {
  const repeat = new Reader(source, step.at('repeat'), step.raw('repeat'), ['every', 'times']);
  const everyMs = repeat.duration('every', 1000);
  const times = repeat.number('times', 1, 10_000, true);
  return everyMs === null || times === null ? null : { everyMs, times };
}

const KINDS = ['township_hospital', 'village_clinic', 'community'] as const;
const SELECTOR_FIELDS = ['county', 'township', 'site', 'device', 'kind', 'model', 'share', 'count'];

function readSelector(source: Source, path: Path, value: unknown): Selector | null {
  const select = new Reader(source, path, value, SELECTOR_FIELDS);
  const before = source.problems.length;
  const words: Record<string, string> = {};
  for (const key of ['county', 'township', 'site', 'device', 'model'] as const) {
    const word = select.has(key) ? select.text(key) : null;
    if (word !== null) words[key] = word;
  }
  const kind = select.has('kind') ? select.oneOf('kind', KINDS) : null;
  const share = select.has('share') ? select.number('share', 0, 1) : null;
  const count = select.has('count') ? select.number('count', 1, 1_000_000, true) : null;
  if (share !== null && count !== null) select.fault('count', 'share and count exclude each other');
  if (source.problems.length > before) return null;
  return {
    ...words,
    ...(kind === null ? {} : { kind }),
    ...(share === null ? {} : { share }),
    ...(count === null ? {} : { count }),
  };
}
