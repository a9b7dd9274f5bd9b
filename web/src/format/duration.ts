import type { Locale } from '../app/preferences.ts';
import { count as grouped } from './number.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  { ms: DAY, 'zh-CN': ['天', '天'], en: ['day', 'days'] },
  { ms: HOUR, 'zh-CN': ['小时', '小时'], en: ['h', 'h'] },
  { ms: MINUTE, 'zh-CN': ['分钟', '分'], en: ['min', 'min'] },
  { ms: SECOND, 'zh-CN': ['秒', '秒'], en: ['s', 's'] },
] as const;

function unit(locale: Locale, index: number, count: number, alone: boolean): string {
  const words = UNITS[index]?.[locale] ?? ['', ''];
  if (locale === 'zh-CN') return `${grouped(count)} ${alone ? words[0] : words[1]}`;
  return `${grouped(count)} ${count === 1 ? words[0] : words[1]}`;
}

/**
 * A duration in words with its two largest units, truncated: `3 小时 41 分`, `3 h 41 min`. From ten of the larger unit on the smaller one
 * is left out: `12 天`.
 */
export function duration(ms: number, locale: Locale): string {
  const value = Math.max(0, Math.trunc(ms));
  const index = UNITS.findIndex((u) => value >= u.ms);
  const big = UNITS[index];
  if (!big) return unit(locale, UNITS.length - 1, 0, true);
  const count = Math.floor(value / big.ms);
  const small = UNITS[index + 1];
  const rest = small ? Math.floor((value % big.ms) / small.ms) : 0;
  if (!small || rest === 0 || count >= 10) return unit(locale, index, count, true);
  return `${unit(locale, index, count, false)} ${unit(locale, index + 1, rest, false)}`;
}

/** How long ago, with one unit: `3 小时前`, `3 h ago`; what is younger than ten seconds (or from a clock that runs ahead) is `刚刚`. */
export function ago(ms: number, locale: Locale): string {
  if (ms < 10 * SECOND) return locale === 'zh-CN' ? '刚刚' : 'just now';
  const index = UNITS.findIndex((u) => ms >= u.ms);
  const words = unit(locale, index, Math.floor(ms / (UNITS[index]?.ms ?? SECOND)), true);
  return locale === 'zh-CN' ? `${words}前` : `${words} ago`;
}

/** How long still: `还剩 41 分钟`, `41 min left`. */
export function left(ms: number, locale: Locale): string {
  return locale === 'zh-CN' ? `还剩 ${duration(ms, locale)}` : `${duration(ms, locale)} left`;
}
