import { en } from './words-en.ts';
import { zh } from './words-zh.ts';

/** Same keys in both languages: the compiler says so. */
export const REPORT_WORDS = { zh, en } as const;
export type ReportWords = typeof en;

/** The word for a code, or the code itself: what is new elsewhere must not stop a report. */
export function wordFor(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? code;
}
