import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRepairTargets } from '../../src/index.ts';
import { HOUR, MINUTE } from '../support/clock.ts';
import { officeHours } from './support.ts';

const calendars = { always: { kind: 'always' }, office: officeHours() };
const repair = (target: unknown, more: object = {}) => ({
  calendars,
  severities: { ordinary: { repair: target } },
  ...more,
});

test('targets of a contract: limits on calendars by severity and stage', () => {
  const { severities, warnAtPercent } = parseRepairTargets({
    calendars,
    severities: {
      ordinary: {
        respond: { calendar: 'always', limitMs: 10 * MINUTE },
        on_site: { calendar: 'office', limitMs: 2 * HOUR, after: 'respond' },
        repair: { calendar: 'always', limitMs: 48 * HOUR, after: 'opened' },
      },
      major: { temporary_restoration: { calendar: 'always', limitMs: 8 * HOUR } },
    },
    warnAtPercent: [80, 50, 100, 80],
  });
  expect([...(severities.get('ordinary') ?? [])]).toEqual([
    ['respond', { calendar: 'always', limitMs: 10 * MINUTE, after: null }],
    ['on_site', { calendar: 'office', limitMs: 2 * HOUR, after: 'respond' }],
    ['repair', { calendar: 'always', limitMs: 48 * HOUR, after: null }],
  ]);
  expect([...(severities.get('major')?.keys() ?? [])]).toEqual(['temporary_restoration']);
  expect(warnAtPercent).toEqual([50, 80, 100]);
});

test('working days are as long as the Monday of their calendar (R-ZJ-3: half a working day)', () => {
  const limit = (limitWorkingDays: string, calendar: string) =>
    parseRepairTargets(repair({ calendar, limitWorkingDays })).severities.get('ordinary')?.get('repair')?.limitMs;
  expect(limit('1/2', 'office')).toBe(5 * HOUR);
  expect(limit('3', 'office')).toBe(30 * HOUR);
  expect(limit('1/2', 'always')).toBe(12 * HOUR);
});

test('a working day with a break, its hours told twice', () => {
  const mon = [
    { from: '09:00', to: '12:00' },
    { from: '14:00', to: '17:00' },
    { from: '15:00', to: '17:30' },
  ];
  const split = { kind: 'weekly', hours: { mon } };
  const targets = parseRepairTargets({
    calendars: { split },
    severities: { ordinary: { respond: { calendar: 'split', limitWorkingDays: '1/2' } } },
  });
  expect(targets.severities.get('ordinary')?.get('respond')?.limitMs).toBe(3.25 * HOUR);
});

test('the example of the docs is one, half a working day as long as they say', () => {
  const docs = readFileSync(new URL('../../../docs/repair-clocks.md', import.meta.url), 'utf8');
  const [, example = ''] = /```json\n([^`]+)```/.exec(docs) ?? [];
  const { severities, warnAtPercent } = parseRepairTargets(JSON.parse(example));
  expect(severities.get('ordinary')?.get('respond')?.limitMs).toBe(3.5 * HOUR);
  expect(severities.get('major')?.get('temporary_restoration')?.limitMs).toBe(8 * HOUR);
  expect(warnAtPercent).toEqual([50, 80, 150]);
});

test('what is wrong with targets is told by its path', () => {
  const problem = (json: unknown) => {
    try {
      return parseRepairTargets(json);
    } catch (error) {
      return error instanceof RangeError ? error.message : 'another error';
    }
  };
  expect(problem(null)).toBe('/ must be an object');
  expect(problem({ severities: {} })).toBe('/calendars must be an object');
  expect(problem({ calendars })).toBe('/severities must be an object');
  expect(problem({ calendars, severities: {} })).toBe('/severities must name at least one severity');
  expect(problem({ calendars: { 'a/b': calendars.always }, severities: {} })).toBe(
    '/calendars/a~1b must be a name like "major" or "7x24"',
  );
  expect(problem({ calendars: { x: { kind: 'sometimes' } }, severities: {} })).toBe(
    '/calendars/x/kind must be "always" or "weekly"',
  );
  expect(problem({ calendars: { x: 7 }, severities: {} })).toBe('/calendars/x must be an object');
  expect(problem({ calendars: { x: { kind: 'weekly', hours: {} } }, severities: {} })).toBe(
    '/calendars/x/hours must open on some day',
  );
  expect(problem({ calendars, severities: { minor: {} } })).toBe(
    '/severities/minor must set a time for at least one stage',
  );
  expect(problem({ calendars, severities: { minor: { fix: {} } } })).toBe('/severities/minor/fix is not a stage');
  const at = '/severities/ordinary/repair';
  expect(problem(repair(4))).toBe(`${at} must be an object`);
  expect(problem(repair({ calendar: 'never', limitMs: 1 }))).toBe(`${at}/calendar must name one of the calendars`);
  expect(problem(repair({ calendar: 'constructor', limitMs: 1 }))).toBe(
    `${at}/calendar must name one of the calendars`,
  );
  expect(problem(repair({ calendar: 'always' }))).toBe(`${at} must have either limitMs or limitWorkingDays`);
  expect(problem(repair({ calendar: 'always', limitMs: 1, limitWorkingDays: '1' }))).toBe(
    `${at} must have either limitMs or limitWorkingDays`,
  );
  for (const limitMs of [0, -1, 1.5, '4', Number.NaN, 1e16]) {
    expect(problem(repair({ calendar: 'always', limitMs }))).toBe(
      `${at}/limitMs must be whole milliseconds, at least 1`,
    );
  }
  for (const calendar of ['always', 'office']) {
    const week = calendar === 'always' ? 168 : 50;
    const most = { calendar, limitMs: 52 * week * HOUR };
    expect(parseRepairTargets(repair(most))).toBeDefined();
    expect(problem(repair({ ...most, limitMs: most.limitMs + 1 }))).toBe(
      `${at} must be at most 52 weeks of its calendar`,
    );
  }
  for (const limitWorkingDays of [0.5, '0', '1/0', '0.5', 'half', '']) {
    expect(problem(repair({ calendar: 'office', limitWorkingDays }))).toBe(
      `${at}/limitWorkingDays must be a number of days like "1/2" or "3"`,
    );
  }
  expect(problem(repair({ calendar: 'office', limitWorkingDays: '1/7' }))).toBe(
    `${at}/limitWorkingDays must come to whole milliseconds`,
  );
  const sundays = { sun: { kind: 'weekly', hours: { sun: [{ from: '08:00', to: '09:00' }] } } };
  expect(
    problem({ calendars: sundays, severities: { a: { repair: { calendar: 'sun', limitWorkingDays: '1' } } } }),
  ).toBe('/severities/a/repair/limitWorkingDays needs a calendar that opens on Mondays');
  for (const after of ['repair', 'lunch', 1]) {
    expect(problem(repair({ calendar: 'always', limitMs: 1, after }))).toBe(
      `${at}/after must be "opened" or an earlier stage`,
    );
  }
  const good = { calendar: 'always', limitMs: 1 };
  expect(problem(repair(good, { warnAtPercent: 80 }))).toBe('/warnAtPercent must be a list of percentages');
  expect(problem(repair(good, { warnAtPercent: [50, 0] }))).toBe(
    '/warnAtPercent/1 must be a whole percentage from 1 to 1000',
  );
  expect(parseRepairTargets(repair(good)).warnAtPercent).toEqual([50, 80]);
});
