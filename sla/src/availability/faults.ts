import { type Interval, type IntervalSet, intersect, merge } from '../intervals.ts';
import type { ComponentReport, Requirement } from './types.ts';

/** When a component was faulty and required. */
export interface ComponentFault {
  readonly component: string;
  readonly during: IntervalSet;
}

/**
 * Faults inside the window, by component, in order of their names. A fault lasts from a report `fault` to the next report `ok` or
 * `warn` of the same component; `absent` and `unknown` change nothing. Reports of one instant count in order of `seq`, so only the
 * last of them has a duration; should one record contradict itself, `fault` is believed.
 */
export function componentFaults(
  reports: readonly ComponentReport[],
  requirements: readonly Requirement[],
  window: Interval,
): ComponentFault[] {
  if (!reports.some(({ state }) => state === 'fault')) return [];
  const spells = faultSpells(reports, window);
  return [...spells.keys()].sort().map((component) => ({
    component,
    during: intersect(merge(spells.get(component) ?? []), requiredDuring(component, requirements, window)),
  }));
}

function faultSpells(reports: readonly ComponentReport[], window: Interval): Map<string, Interval[]> {
  const spells = new Map<string, Interval[]>();
  const since = new Map<string, number>();
  const close = (component: string, from: number, to: number) => {
    const spell = { from: Math.max(from, window.from), to: Math.min(to, window.to) };
    if (spell.from < spell.to) spells.set(component, [...(spells.get(component) ?? []), spell]);
  };
  for (const { at, component, state } of [...reports].sort(compareReports)) {
    const began = since.get(component);
    if (state === 'fault' && began === undefined) since.set(component, at);
    if ((state === 'ok' || state === 'warn') && began !== undefined) {
      close(component, began, at);
      since.delete(component);
    }
  }
  for (const [component, from] of since) close(component, from, window.to);
  return spells;
}

function compareReports(a: ComponentReport, b: ComponentReport): number {
  return a.at - b.at || a.seq - b.seq || Number(a.state === 'fault') - Number(b.state === 'fault');
}

/**
 * When the component counted. A requirement holds until the next one; before the first, and under one that names nothing, whatever
 * is reported counts. Requirements of the same instant hold together.
 */
function requiredDuring(component: string, requirements: readonly Requirement[], window: Interval): IntervalSet {
  const steps = [...requirements].sort((a, b) => a.from - b.from);
  const spans: Interval[] = [];
  const add = (begins: number, ends: number) => {
    const [from, to] = [Math.max(begins, window.from), Math.min(ends, window.to)];
    if (from < to) spans.push({ from, to });
  };
  add(window.from, steps[0]?.from ?? window.to);
  for (const { from, components } of steps) {
    const next = steps.find((later) => later.from > from)?.from ?? window.to;
    if (components.length === 0 || components.includes(component)) add(from, next);
  }
  return merge(spans);
}
