import { expect, test } from 'vitest';
import {
  type DueItem,
  documentTimeliness,
  inspectionRate,
  periodOf,
  type RepairVerdict,
  showPercent,
  type TimelinessRule,
  timeliness,
  verdictOf,
} from '../../src/index.ts';
import { HOUR } from '../support/clock.ts';
import { did, opened, pause, read, type Said, shanghai, termsOf } from './support.ts';

/** The worked example of docs/repair-clocks.md: a contract like DG's (R-DG-7 to R-DG-9) in the first quarter of 2026. */
const always = (hours: number) => ({ calendar: 'always', limitMs: hours * HOUR });
const terms = termsOf({
  hardware: { respond: always(1), on_site: always(2), temporary_restoration: always(4), repair: always(2) },
  system_wide: { respond: always(1), on_site: always(2), repair: always(24) },
});
/** Repaired within 2 h, else replaced by a spare within 4 h. */
const REPAIRED_OR_REPLACED: TimelinessRule = { stages: ['repair', 'temporary_restoration'], need: 'any' };
const Q1 = periodOf('2026-Q1', 'Asia/Shanghai');
const END = '2026-04-01 00:00';

const FAULTS: Readonly<Record<string, readonly [RepairVerdict, ...Said[]]>> = {
  F0: ['late', opened('2025-12-31 20:00', 'hardware'), did('repaired', '2026-01-01 10:00')],
  F1: ['on_time', opened('2026-01-05 09:00', 'hardware'), did('repaired', '2026-01-05 10:30')],
  F2: [
    'on_time',
    opened('2026-01-12 09:00', 'hardware'),
    did('temporarily_restored', '2026-01-12 12:30'),
    did('repaired', '2026-01-15 09:00'),
  ],
  F3: [
    'late',
    opened('2026-01-20 22:00', 'hardware'),
    did('temporarily_restored', '2026-01-21 02:30'),
    did('repaired', '2026-01-22 09:00'),
  ],
  F4: [
    'on_time',
    opened('2026-02-02 08:00', 'hardware'),
    did('repaired', '2026-02-02 17:00'),
    did('recovered', '2026-02-02 09:50'),
  ],
  F5: [
    'on_time',
    opened('2026-02-16 10:00', 'hardware'),
    ...pause('locked', '2026-02-16 11:00', '2026-02-24 09:00', '2026-02-16 11:00', '2026-02-25 10:00'),
    did('temporarily_restored', '2026-02-24 11:30'),
    did('repaired', '2026-02-26 10:00'),
  ],
  F6: ['late', opened('2026-03-01 09:00', 'system_wide'), did('repaired', '2026-03-02 10:00')],
  F7: [
    'on_time',
    opened('2026-03-10 09:00', 'hardware'),
    { kind: 'severity_changed', at: shanghai('2026-03-10 10:00'), severity: 'system_wide' },
    did('repaired', '2026-03-11 08:00'),
  ],
  F8: ['cancelled', opened('2026-03-15 09:00', 'hardware'), did('cancelled', '2026-03-20 09:00')],
  F9: ['late', opened('2026-03-31 18:00', 'hardware'), did('repaired', '2026-04-01 08:00')],
  F10: ['pending', opened('2026-03-31 23:00', 'hardware'), did('temporarily_restored', '2026-04-01 01:30')],
};
const clocksAt = (now: string) => Object.values(FAULTS).map(([, ...said]) => read(terms, said, now));

test.each(Object.entries(FAULTS))('%s counts as %s', (_, [verdict, ...said]) => {
  expect(verdictOf(read(terms, said, END), REPAIRED_OR_REPLACED)).toBe(verdict);
});

test('timeliness of the quarter as it ends: 5/8; once the pending fault is restored: 6/9', () => {
  const atEnd = timeliness(clocksAt(END), Q1, REPAIRED_OR_REPLACED);
  expect(atEnd).toEqual({ onTime: 5, late: 3, pending: 1, cancelled: 1, notOwed: 0, rate: { num: 5, den: 8 } });
  const later = timeliness(clocksAt('2026-04-01 12:00'), Q1, REPAIRED_OR_REPLACED);
  expect(later).toEqual({ onTime: 6, late: 3, pending: 0, cancelled: 1, notOwed: 0, rate: { num: 6, den: 9 } });
  expect([atEnd, later].map(({ rate }) => rate && showPercent(rate))).toEqual(['62.50', '66.66']);
});

test('by other rules the same faults count otherwise', () => {
  expect(timeliness(clocksAt(END), Q1)).toMatchObject({ onTime: 3, late: 5, pending: 1, rate: { num: 3, den: 8 } });
  const both: TimelinessRule = { stages: ['repair', 'temporary_restoration'], need: 'all' };
  expect(timeliness(clocksAt(END), Q1, both)).toMatchObject({ onTime: 3, late: 5, pending: 1 });
  const restored: TimelinessRule = { stages: ['temporary_restoration'], need: 'all' };
  expect(timeliness(clocksAt(END), Q1, restored)).toMatchObject({ onTime: 4, late: 2, pending: 1, notOwed: 2 });
  expect(timeliness([], Q1).rate).toBeNull();
});

/** Due by the end of the day before `dueAt`. */
const item = (dueAt: string, doneAt: string | null): DueItem => ({
  dueAt: shanghai(`${dueAt} 00:00`),
  doneAt: doneAt === null ? null : shanghai(doneAt),
});

test('inspection rate of the quarter: three stations, a visit a month, 7/9', () => {
  const visits = [
    item('2026-02-01', '2026-01-08 10:00'),
    item('2026-02-01', '2026-01-09 10:00'),
    item('2026-02-01', '2026-01-30 10:00'),
    item('2026-03-01', '2026-02-05 10:00'),
    item('2026-03-01', '2026-02-06 10:00'),
    item('2026-03-01', '2026-03-03 10:00'),
    item('2026-04-01', '2026-03-20 10:00'),
    item('2026-04-01', '2026-04-02 10:00'),
    item('2026-04-01', null),
  ];
  const figure = inspectionRate(visits, Q1, shanghai('2026-04-10 00:00'));
  expect(figure).toEqual({ inTime: 6, later: 1, missed: 2, pending: 0, rate: { num: 7, den: 9 } });
  expect(figure.rate && showPercent(figure.rate)).toBe('77.77');
});

test('document timeliness of the quarter: 3/5', () => {
  const documents = [
    item('2026-01-16', '2026-01-16 09:00'),
    item('2026-02-06', '2026-02-04 15:00'),
    item('2026-03-06', '2026-03-05 17:00'),
    item('2026-03-21', '2026-03-20 23:59'),
    item('2026-04-01', null),
    item('2026-04-06', '2026-04-03 10:00'),
  ];
  const figure = documentTimeliness(documents, Q1, shanghai('2026-04-10 00:00'));
  expect(figure).toEqual({ onTime: 3, late: 1, missing: 1, pending: 0, rate: { num: 3, den: 5 } });
});
