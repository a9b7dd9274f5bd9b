import { useI18n } from 'vue-i18n';
import { yuan } from '../../format/money.ts';
import { useFormat } from '../../format/useFormat.ts';
import { addDays } from '../../format/zones.ts';
import {
  at,
  type Draft,
  entriesOf,
  isEntry,
  NAMED,
  type Named,
  nameOf,
  pointer,
  stepsOf,
  type Words,
} from './document.ts';
import type { Field } from './field.ts';
import { detailOf } from './flawDetail.ts';

/** The parts of a contract document in words, in the reader's language. */
export function useTermWords() {
  const { t, te, locale } = useI18n();
  const format = useFormat();
  const language = (): keyof Words => (locale.value === 'en' ? 'en' : 'zh');
  const said = (words: unknown): string => {
    const text = isEntry(words) ? words[language()] : undefined;
    return typeof text === 'string' ? text : '';
  };
  const name = (entry: unknown) => nameOf(entry, language());
  const label = ({ key, label }: Pick<Field, 'key' | 'label'>) => t(`terms.field.${label ?? key}`);
  const value = (key: string, of: string) => (te(`terms.value.${key}.${of}`) ? t(`terms.value.${key}.${of}`) : of);
  const kindOf = (entry: unknown): string => {
    const kind = isEntry(entry) ? (entry.form ?? entry.kind ?? entry.role) : undefined;
    return typeof kind === 'string' ? kindWord(kind) : '';
  };
  const kindWord = (kind: string) => (te(`terms.kind.${kind}`) ? t(`terms.kind.${kind}`) : kind);
  /** Names of a list's entries by id; what names nothing keeps its id. */
  const named = (draft: Draft, list: Named, id: unknown): string =>
    name(entriesOf(draft, list).find((entry) => entry.id === id)) || String(id ?? '');
  const list = (words: readonly string[]) => words.join(language() === 'zh' ? '、' : ', ');

  const SHOWN: Partial<Record<Field['input'], (value: unknown, field: Field, draft: Draft) => string>> = {
    words: said,
    money: (v) => (typeof v === 'number' ? yuan(v) : String(v)),
    last_day: (v) => (typeof v === 'string' && v !== '' ? addDays(v, -1) : '–'),
    limit: (v) => (typeof v === 'number' ? format.duration(v) : String(v)),
    percent: (v) => `${String(v)}%`,
    decimal: (v, f) => (v === null ? t(`terms.open.${('open' in f && f.open) || 'none'}`) : String(v)),
    whole: (v, f) => t(`terms.unit.${'unit' in f ? f.unit : 'times'}`, { n: String(v) }, Number(v)),
    choice: (v, f) => value(f.key, String(v)),
    one: (v, f, draft) => ('of' in f ? named(draft, f.of, v) : String(v)),
    many: (v, f, draft) => ('of' in f && Array.isArray(v) ? list(v.map((id) => named(draft, f.of, id))) : String(v)),
    of: (v, _, draft) => ofWords(draft, v),
    subject: (v, _, draft) => ofWords(draft, v),
    fraction: (v) => (isEntry(v) ? `${String(v.num)}/${String(v.den)}` : '–'),
    codes: (v) => (Array.isArray(v) ? list(v.map(String)) || t('terms.open.all') : String(v)),
    option_points: (v, _, draft) =>
      isEntry(v) ? list(Object.entries(v).map(([id, points]) => `${optionName(draft, id)} ${String(points)}`)) : '–',
    json: (v) => (typeof v === 'string' ? v : JSON.stringify(v)),
  };
  /** The value of a field as a reader wants it. Rows are told apart, by their own table. */
  function shown(draft: Draft, field: Field, given: unknown): string {
    if (given === undefined || (given === null && field.input !== 'decimal')) return '–';
    const how = SHOWN[field.input];
    return how ? how(given, field, draft) : typeof given === 'object' ? '' : String(given);
  }
  /** Options have their names with the metric. */
  const optionName = (draft: Draft, id: string): string => {
    const options = entriesOf(draft, 'metrics').flatMap((metric) => entriesOf(metric, 'options'));
    return name(options.find((option) => option.id === id)) || id;
  };
  function ofWords(draft: Draft, of: unknown): string {
    if (!isEntry(of)) return '–';
    if ('price' in of) return named(draft, 'prices', of.price);
    if ('metric' in of) return named(draft, 'metrics', of.metric);
    if ('clause' in of) return named(draft, 'clauses', of.clause);
    const ids = Array.isArray(of.clauses) ? of.clauses : [];
    return t('terms.together', { names: list(ids.map((id) => named(draft, 'clauses', id))) });
  }

  /** `条款 · 期末按率付款 · 档位 2 · 比例`: where a JSON pointer leads. */
  function place(draft: Draft, path: string): string {
    const steps = stepsOf(path);
    const words = steps.flatMap((step, i) => {
      const here = at(draft, pointer(...steps.slice(0, i + 1)));
      if (/^\d+$/.test(step)) return [name(here) || t('terms.nth', { n: Number(step) + 1 })];
      if (i === 0 && te(`terms.section.${step}`)) return [t(`terms.section.${step}`)];
      return [te(`terms.field.${step}`) ? t(`terms.field.${step}`) : step];
    });
    return words.length === 0 ? t('terms.whole') : words.join(' · ');
  }
  const flaw = (code: string) => (te(`terms.flaw.${code}`) ? t(`terms.flaw.${code}`) : code);
  /** A flaw in words, with the numbers and names that it is about; what the core says in English stays with English readers. */
  function fault(draft: Draft, { code, reason }: { readonly code: string; readonly reason: string }): string {
    const nameOf = (id: string) =>
      name(NAMED.flatMap((list) => entriesOf(draft, list)).find((entry) => entry.id === id)) || id;
    const found = detailOf(reason, nameOf, (end) => t(`terms.open.${end}`));
    const detail = found
      ? t(`terms.detail.${found.key}`, { a: found.a, b: found.b })
      : language() === 'en'
        ? reason
        : '';
    return detail === '' ? flaw(code) : t('terms.detail.whole', { flaw: flaw(code), detail });
  }
  return { language, said, name, label, value, kindOf, kindWord, named, list, shown, place, fault };
}
