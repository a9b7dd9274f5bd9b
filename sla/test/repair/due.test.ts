import { expect, test } from 'vitest';
import { type DueItem, documentTimeliness, inspectionRate, periodOf } from '../../src/index.ts';
import { shanghai } from './support.ts';

const Q1 = periodOf('2026-Q1', 'Asia/Shanghai');
const due = (dueAt: string, doneAt: string | null): DueItem => ({
  dueAt: shanghai(dueAt), doneAt: doneAt === null ? null : shanghai(doneAt),
}); // biome-ignore format: one glance

const items = [
  due('2026-02-01 00:00', '2026-01-20 10:00'),
  due('2026-02-01 00:00', '2026-02-01 00:00'),
  due('2026-03-01 00:00', '2026-03-05 10:00'),
  due('2026-04-01 00:00', '2026-04-02 10:00'),
  due('2026-04-01 00:00', null),
  due('2026-01-01 00:00', null),
  due('2026-04-01 00:01', null),
];

test('an inspection counts where it falls due, and as done if made up for within the period', () => {
  const counts = { inTime: 2, later: 1, missed: 2, pending: 0, rate: { num: 3, den: 5 } };
  expect(inspectionRate(items, Q1, shanghai('2026-05-01 00:00'))).toEqual(counts);
});

test('while the period runs, what is overdue is missed and what is not is pending', () => {
  const counts = { inTime: 2, later: 0, missed: 1, pending: 2, rate: { num: 2, den: 3 } };
  expect(inspectionRate(items, Q1, shanghai('2026-03-04 00:00'))).toEqual(counts);
  expect(inspectionRate(items, Q1, shanghai('2026-01-10 00:00')).rate).toBeNull();
});

test('a document handed in after its day is late for ever, one not handed in is missing', () => {
  const counts = { onTime: 2, late: 2, missing: 1, pending: 0, rate: { num: 2, den: 5 } };
  expect(documentTimeliness(items, Q1, shanghai('2026-05-01 00:00'))).toEqual(counts);
  const before = { onTime: 2, late: 0, missing: 1, pending: 2, rate: { num: 2, den: 3 } };
  expect(documentTimeliness(items, Q1, shanghai('2026-03-04 00:00'))).toEqual(before);
  expect(documentTimeliness([], Q1, shanghai('2026-03-04 00:00')).rate).toBeNull();
});
