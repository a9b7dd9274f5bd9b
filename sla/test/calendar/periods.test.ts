import { expect, test } from 'vitest';
import { periodOf } from '../../src/index.ts';

const days = (name: Parameters<typeof periodOf>[0]) => {
  const { fromDay, toDay } = periodOf(name, 'Asia/Shanghai');
  return `${fromDay} ${toDay}`;
};

test('periods by name run to the day after their last', () => {
  expect(days('2026')).toBe('2026-01-01 2027-01-01');
  expect(days('2026-Q3')).toBe('2026-07-01 2026-10-01');
  expect(days('2026-Q4')).toBe('2026-10-01 2027-01-01');
  expect(days('2026-02')).toBe('2026-02-01 2026-03-01');
  expect(days('2026-12')).toBe('2026-12-01 2027-01-01');
  expect(days('2028-02-29')).toBe('2028-02-29 2028-03-01');
  expect(days({ from: '2026-10-05', to: '2026-10-12' })).toBe('2026-10-05 2026-10-12');
});

test('instants are those of the zone', () => {
  const { from, to } = periodOf('2026-10', 'Europe/Berlin');
  expect(from).toBe(Date.parse('2026-10-01T00:00:00+02:00'));
  expect(to).toBe(Date.parse('2026-11-01T00:00:00+01:00'));
});

test('what is no period is refused', () => {
  const wrong = ['', '26', '2026-13', '2026-00', '2026-Q5', '2026-02-30', '2026-10-', '2026-Q3-01', ' 2026'];
  for (const name of wrong) expect(() => periodOf(name, 'Asia/Shanghai'), name).toThrow(RangeError);
  expect(() => periodOf({ from: '2026-10-05', to: '2026-10-05' }, 'Asia/Shanghai')).toThrow('end after it begins');
  expect(() => periodOf({ from: '2026-10-05', to: '2026-10-xx' }, 'Asia/Shanghai')).toThrow(RangeError);
});
