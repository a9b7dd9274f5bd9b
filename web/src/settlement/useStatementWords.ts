import { useI18n } from 'vue-i18n';
import type { Digits } from '../format/money.ts';
import { exactText, shareText } from '../format/money.ts';
import { addDays } from '../format/zones.ts';
import type { MetricValue, StatementLine, StatementRow } from './model.ts';

type LineValue = StatementLine['inputs'][number]['value'];

const REASONS = [
  ['agreed', /^no value that both sides agreed on$/],
  ['counted', /^no counted time$/],
  ['rating', /^no agreed rating of (.+)$/],
  ['item', /^no month rates (.+) \((.+)\)$/],
] as const;

/** Statements in words of the reader's language. */
export function useStatementWords() {
  const { t, te, locale } = useI18n();
  const said = (words: { readonly zh: string; readonly en: string }) => (locale.value === 'en' ? words.en : words.zh);
  /** What is paid; a version that no longer knows the payment leaves its id. Parts of the term are told by their days. */
  const titleOf = (s: Pick<StatementRow, 'title' | 'instalment'>) => (s.title ? said(s.title) : s.instalment);
  const state = (s: string) => t(`settlement.state.${s}`);
  /** `2026-10-01 – 2026-10-31`: both days belong to it. */
  const days = (from: string, to: string) => (from === addDays(to, -1) ? from : `${from} – ${addDays(to, -1)}`);
  const points = (digits: Digits) => t('settlement.points', { n: exactText(digits) });

  /** Why there is no value. Statements keep the reason as it was found, in English; those known are said in the reader's language. */
  function why(reason: string): string {
    for (const [key, pattern] of REASONS) {
      const found = pattern.exec(reason);
      if (found) return t(`settlement.why.${key}`, { of: (locale.value === 'en' && found[2]) || (found[1] ?? '') });
    }
    return reason;
  }
  /** What a line rests on. */
  function input(value: LineValue): string {
    if ('rate' in value) return value.nothing_due ? t('settlement.nothingDue') : shareText(value.rate);
    if ('count' in value) return value.count;
    if ('points' in value) return points(value.points);
    if ('list' in value) return value.list.map((one) => exactText(one)).join(', ') || '–';
    return value.choice;
  }
  /** An answer that was chosen, as the arithmetic says it: lines hold only its id. */
  function answer(lines: readonly StatementLine[], metric: { readonly zh: string; readonly en: string }): string {
    const step = lines.flatMap((l) => l.steps).find((s) => s.code === 'choice' && s.text.zh.startsWith(metric.zh));
    return step
      ? said(step.text)
          .slice(said(metric).length)
          .replace(/^[：:]\s*/, '')
      : '';
  }
  /** A value as it was found or filled in. */
  function value(v: MetricValue): string {
    if ('rate' in v) {
      const { num, den } = v.rate;
      return BigInt(den) === 0n
        ? t('settlement.nothingDue')
        : `${shareText({ num: String(num), den: String(den) })} (${num} / ${den})`;
    }
    if ('count' in v) return String(v.count);
    if ('rating' in v) return t('settlement.points', { n: quantity(v.rating) });
    if ('ratings' in v)
      return Object.entries(v.ratings)
        .map(([id, n]) => `${id} ${quantity(n)}`)
        .join(', ');
    if ('list' in v) return v.list.map(quantity).join(', ') || '–';
    if ('choice' in v) return v.choice;
    return v.missing ? `${t('settlement.missing')}: ${why(v.missing)}` : t('settlement.missing');
  }
  function lack({ code, of, detail }: StatementLine['lacks'][number], nameOf: (id: string) => string): string {
    return t(`settlement.lack.${code}`, { of: nameOf(of), detail: why(detail) });
  }
  const list = (words: readonly string[]) => words.join(locale.value === 'en' ? '; ' : '；');
  const act = (action: string) => (te(`settlement.did.${action}`) ? t(`settlement.did.${action}`) : action);
  return { said, titleOf, state, days, points, input, answer, value, lack, list, act };
}

function quantity(q: unknown): string {
  if (typeof q === 'object' && q !== null && 'num' in q && 'den' in q) {
    return exactText({ num: String(q.num), den: String(q.den) });
  }
  return String(q);
}
