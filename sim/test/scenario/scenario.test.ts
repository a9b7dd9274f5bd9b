import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hainanFleet } from '../../src/fleet/hainan.ts';
import { selectablesOf } from '../../src/fleet/selectable.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { planScenario } from '../../src/scenario/plan.ts';
import { ScenarioError } from '../../src/scenario/problems.ts';
import { durationMs, instantOf, sizeBytes, when } from '../../src/scenario/units.ts';

const folder = join(import.meta.dirname, '../../scenarios');
const devices = selectablesOf(hainanFleet(1));
const options = { startMs: Date.parse('2026-11-21T23:00:00+08:00'), seed: 7, timeScale: 1 };

describe('shipped scenarios', () => {
  for (const file of readdirSync(folder)) {
    test(`${file} is valid, bears its file's name and touches devices of the fleet`, () => {
      const scenario = parseScenario(readFileSync(join(folder, file), 'utf8'), file);
      expect(`${scenario.name}.yaml`).toBe(file);
      expect(planScenario(scenario, devices, options).length).toBeGreaterThan(0);
    });
  }
});

test('every problem is named with its line and column', () => {
  const text = [
    'name: broken',
    'colour: red',
    'steps:',
    '  - at: soon',
    '    for: -3m',
    '    select: { share: 1.5, kind: hospital }',
    '    do: { link: sideways }',
    '  - do: { fault: { component: toaster } }',
    '  - do: { link: down, power: off }',
    '  - at: 5s',
  ].join('\n');
  const error = problemsOf(text);
  expect(error.problems.map((p) => [p.line, p.path])).toEqual([
    [2, '/colour'],
    [4, '/steps/0/at'],
    [5, '/steps/0/for'],
    [6, '/steps/0/select/kind'],
    [6, '/steps/0/select/share'],
    [7, '/steps/0/do/link'],
    [7, '/steps/0/do/link'],
    [8, '/steps/1/do/fault/component'],
    [8, '/steps/1/do/fault/reason'],
    [9, '/steps/2/do'],
    [10, '/steps/3/do'],
  ]);
  expect(error.message).toContain('f.yaml:4:9 /steps/0/at: must be a duration after the start');
});

test('text that is not YAML, or no mapping, is a problem, not a crash', () => {
  expect(problemsOf('name: [').problems[0]?.message).toContain('not YAML');
  expect(problemsOf('- 1').problems.length).toBeGreaterThan(0);
  expect(problemsOf('').problems.length).toBeGreaterThan(0);
});

test('a momentary effect has no duration', () => {
  expect(problemsOf('name: x\nsteps:\n  - for: 1m\n    do: { reboot: now }').problems[0]?.path).toBe('/steps/0/for');
});

test('a plan is a function of scenario, fleet, seed and start', () => {
  const scenario = parseScenario(
    'name: x\nsteps:\n  - for: 1m\n    spread: 1m\n    select: { share: 0.1 }\n    do: { link: down }',
  );
  const plan = planScenario(scenario, devices, options);
  expect(planScenario(scenario, devices, options)).toEqual(plan);
  expect(planScenario(scenario, devices, { ...options, seed: 8 })).not.toEqual(plan);
  expect(plan).toHaveLength(300);
  for (const { atMs, untilMs } of plan) expect(untilMs).toBe(atMs + 60_000);
});

test('county and kind select together; time scale shortens the scenario', () => {
  const scenario = parseScenario(
    'name: x\nsteps:\n  - at: 10m\n    for: 10m\n    select: { county: 澄迈县, kind: village_clinic }\n    do: { link: down }',
  );
  const plan = planScenario(scenario, devices, { ...options, timeScale: 60 });
  const expected = devices.filter((d) => d.countyName === '澄迈县' && d.siteKind === 'village_clinic').length;
  expect(plan).toHaveLength(expected);
  expect(plan[0]).toMatchObject({ atMs: options.startMs + 10_000, untilMs: options.startMs + 20_000 });
});

test('quantities', () => {
  expect(['90s', '1h30m', '-2h', '250ms', '0', '5', 's', '1x'].map(durationMs)).toEqual([
    90_000,
    5_400_000,
    -7_200_000,
    250,
    0,
    null,
    null,
    null,
  ]);
  expect(['450MB', '1.5 GB', '3 b', 'MB'].map(sizeBytes)).toEqual([450e6, 1.5e9, 3, null]);
});

test('a time of day is the next one in Hainan', () => {
  const at = (text: string) => {
    const moment = when(text);
    return moment && new Date(instantOf(moment, options.startMs)).toISOString();
  };
  expect(at('02:30')).toBe('2026-11-21T18:30:00.000Z');
  expect(at('23:30')).toBe('2026-11-21T15:30:00.000Z');
  expect(at('2026-12-01T00:00:00+08:00')).toBe('2026-11-30T16:00:00.000Z');
  expect(at('25:00')).toBeNull();
});

function problemsOf(text: string): ScenarioError {
  try {
    parseScenario(text, 'f.yaml');
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  }
  throw new Error('was accepted');
}
