import { describe, expect, it } from 'vitest';
import { ago, duration, left } from '../../src/format/duration.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

describe('duration', () => {
  it.each([
    [0, '0 秒', '0 s'],
    [999, '0 秒', '0 s'],
    [41 * MIN, '41 分钟', '41 min'],
    [3 * HOUR + 41 * MIN, '3 小时 41 分', '3 h 41 min'],
    [HOUR, '1 小时', '1 h'],
    [11 * HOUR + 59 * MIN, '11 小时', '11 h'],
    [DAY + HOUR, '1 天 1 小时', '1 day 1 h'],
    [2 * DAY + 30 * MIN, '2 天', '2 days'],
    [12 * DAY + 23 * HOUR, '12 天', '12 days'],
    [-5, '0 秒', '0 s'],
  ])('%d ms', (ms, zh, en) => {
    expect(duration(ms, 'zh-CN')).toBe(zh);
    expect(duration(ms, 'en')).toBe(en);
  });

  it('says how long ago with one unit, never in the future', () => {
    expect(ago(-4000, 'zh-CN')).toBe('刚刚');
    expect(ago(9_999, 'en')).toBe('just now');
    expect(ago(3 * HOUR + 59 * MIN, 'zh-CN')).toBe('3 小时前');
    expect(ago(2 * DAY, 'en')).toBe('2 days ago');
  });

  it('says how long is left', () => {
    expect(left(41 * MIN, 'zh-CN')).toBe('还剩 41 分钟');
    expect(left(41 * MIN, 'en')).toBe('41 min left');
  });
});
