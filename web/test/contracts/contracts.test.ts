import { describe, expect, it } from 'vitest';
import { changes } from '../../src/contracts/closings/differences.ts';
import { closable, monthName } from '../../src/contracts/closings/months.ts';
import { hoursGroups } from '../../src/contracts/contractWords.ts';
import { faultyDays, formOf, fullBody, officeWeek } from '../../src/contracts/form/contractForm.ts';

describe('a contract’s form', () => {
  it('shows the last day and sends the day after it', () => {
    const form = { ...formOf(null, '2026-11-22'), code: 'C', name: ' N ', last: '2026-12-31', regions: [4] };
    expect(fullBody(form)).toMatchObject({
      name: 'N',
      term_from: '2026-11-01',
      term_to: '2027-01-01',
      region_ids: [4],
      calendar: { kind: 'always' },
    });
    expect(fullBody({ ...form, last: '' }).term_to).toBeNull();
  });

  it('sends an empty target as none, and hours in order', () => {
    const form = { ...formOf(null, '2026-11-22'), always: false };
    form.rules.network.target_percent = ' ';
    form.week.mon = [
      { from: '14:00', to: '18:00' },
      { from: '08:00', to: '12:00' },
    ];
    const body = fullBody(form);
    expect(body.rules.network.target_percent).toBeNull();
    expect(body.calendar).toMatchObject({ kind: 'weekly', hours: { mon: [{ from: '08:00' }, { from: '14:00' }] } });
  });

  it('finds hours that end before they begin, or overlap', () => {
    const week = officeWeek();
    expect(faultyDays(week)).toEqual([]);
    week.tue = [{ from: '12:00', to: '09:00' }];
    week.wed = [
      { from: '08:00', to: '12:00' },
      { from: '11:00', to: '24:00' },
    ];
    week.thu = [
      { from: '08:00', to: '12:00' },
      { from: '12:00', to: '24:00' },
    ];
    expect(faultyDays(week)).toEqual(['tue', 'wed']);
  });
});

describe('service hours in words', () => {
  it('put neighbours with the same hours together', () => {
    expect(hoursGroups(officeWeek()).map((g) => [g.days[0], g.days.at(-1), g.hours.length])).toEqual([
      ['mon', 'fri', 1],
      ['sat', 'sun', 0],
    ]);
  });
});

describe('months to close', () => {
  const contract = { term_from: '2026-08-15', term_to: null, closed_to: null, graceDays: 3 };
  const names = (closed: { from_day: string }[], today: string) => closable(contract, closed, today).map(monthName);

  it('are over, have given late evidence its days, and are not closed yet', () => {
    expect(names([], '2026-11-22')).toEqual(['2026-08', '2026-09', '2026-10']);
    expect(names([{ from_day: '2026-09-01' }], '2026-11-22')).toEqual(['2026-08', '2026-10']);
    expect(names([], '2026-11-03')).toEqual(['2026-08', '2026-09']);
    expect(names([], '2026-11-04')).toEqual(['2026-08', '2026-09', '2026-10']);
  });
});

describe('differences since a closing', () => {
  it('name only what changed', () => {
    const difference = { required_ms: 0, up_ms: 5, down_ms: -5, unknown_ms: 0, platform_ms: 0, excluded_ms: 0 };
    expect(changes(difference)).toEqual([
      { part: 'up', ms: 5 },
      { part: 'down', ms: -5 },
    ]);
  });
});
