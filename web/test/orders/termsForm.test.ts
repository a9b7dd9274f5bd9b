import { parseRepairTargets } from '@uptally/sla';
import { expect, test } from 'vitest';
import { bodyOf, formOf } from '../../src/orders/terms/termsForm.ts';

const targets = {
  calendars: {
    always: { kind: 'always' },
    office: { kind: 'weekly', holidays: true, hours: { mon: [{ from: '08:00', to: '18:00' }] } },
  },
  severities: {
    ordinary: {
      respond: { calendar: 'office', limitWorkingDays: '1/2' },
      repair: { calendar: 'always', limitMs: 172_800_000 },
    },
    major: {
      respond: { calendar: 'always', limitMs: 600_000 },
      repair: { calendar: 'always', limitMs: 86_400_000, after: 'respond' },
    },
  },
  warnAtPercent: [50, 80, 150],
};

test('what the form does not change comes back as it was', () => {
  const rules = { major: { stages: ['respond', 'repair'] as const, need: 'all' as const } };
  const body = bodyOf(formOf(targets, rules as never));
  expect(parseRepairTargets(body.targets)).toEqual(parseRepairTargets(targets));
  expect(Object.keys(body.targets.severities as object)).toEqual(['ordinary', 'major']);
  expect(body.timeliness).toEqual({
    ordinary: { stages: ['repair'], need: 'all' },
    major: { stages: ['respond', 'repair'], need: 'all' },
  });
});

test('an empty amount is no limit', () => {
  const form = formOf(targets, {});
  const [ordinary] = form.severities;
  if (ordinary) ordinary.limits.respond.amount = ' ';
  expect(bodyOf(form).targets.severities).toMatchObject({ ordinary: { repair: { limitMs: 172_800_000 } } });
  expect(Object.keys((bodyOf(form).targets.severities as { ordinary: object }).ordinary)).toEqual(['repair']);
});
