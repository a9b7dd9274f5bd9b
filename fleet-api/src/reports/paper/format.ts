import { type Fraction, showPercent } from '@uptally/sla';
import type { Language } from '../../registry/shared/csv.ts';
import type { ReportFigures } from '../figures/types.ts';
import { REPORT_WORDS, type ReportWords } from './words.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** How a report writes numbers: rates truncated, instants in the zone of the contract. */
export interface Format {
  readonly words: ReportWords;
  /** `2026-10-05 14:03` */
  instant(ms: number | null): string;
  /** Days, hours and whole minutes; what is left over is dropped. */
  duration(ms: number): string;
  percent(rate: Fraction | null): string;
  /** A percentage that the API worded already. */
  shown(percent: string | null): string;
}

/** Of a report: with the contract's own words for severities. */
export function formatFor({ contract, faults }: ReportFigures, language: Language): Format {
  const usual: ReportWords = REPORT_WORDS[language];
  const own = Object.entries(faults.severityNames ?? {}).map(([code, name]) => [code, name[language]]);
  const words = { ...usual, severity: { ...usual.severity, ...Object.fromEntries(own) } };
  const { timeZone } = contract;
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return {
    words,
    instant: (ms) => (ms === null ? words.none : parts.format(ms)),
    duration: (ms) => {
      const minutes = Math.floor(ms / MINUTE_MS);
      return words.duration(Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60);
    },
    percent: (rate) => (rate === null ? words.none : `${showPercent(rate)}%`),
    shown: (percent) => percent ?? words.none,
  };
}

/** Hours to two places, truncated: `12.34`. */
export function hours(ms: number): string {
  return (Math.floor((ms * 100) / HOUR_MS) / 100).toFixed(2);
}

/** Fen as yuan: `12.34`. */
export function yuan(fen: number): string {
  const whole = Math.trunc(fen / 100);
  return `${whole}.${String(Math.abs(fen % 100)).padStart(2, '0')}`;
}

/** `1.25 GB`, decimal units as operators bill, truncated. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = count;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return unit === 0 ? `${count} B` : `${(Math.floor(value * 100) / 100).toFixed(2)} ${units[unit] ?? ''}`;
}
