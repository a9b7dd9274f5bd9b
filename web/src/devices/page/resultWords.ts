import { detailWords } from './detailWords.ts';

interface Words {
  readonly resultCode: (code: string) => string;
  readonly fault: (f: { component: string; state: string; reason: string | null }) => string;
}
type Translate = (key: string, named: Record<string, unknown>) => string;
type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

/** Outcome of a self-check, `{printer: 'fault:paper_out', cpu: 'ok'}`, in words: what is wrong, and how many are well. */
function checkWords(components: Fields, words: Words, t: Translate): string {
  const told = Object.entries(components).map(([component, value]) => {
    const [state = '', reason] = String(value).split(':');
    return { component, state, reason: reason ?? null };
  });
  const fitted = told.filter((c) => c.state !== 'absent');
  const bad = fitted.filter((c) => c.state !== 'ok');
  const n = fitted.length - bad.length;
  return bad.length === 0
    ? t('device.commands.allOk', { n })
    : t('device.commands.someOk', { list: bad.map(words.fault).join(', '), n });
}

/** How a command ended, as its device told: the reason in words, then what it added. */
export function resultWords(result: unknown, words: Words, t: Translate): string {
  const fields = fieldsOf(result);
  if (!fields) return '';
  const { code, d, state: _state, ...rest } = fields;
  const detail = fieldsOf(d) ?? (Object.keys(rest).length > 0 ? rest : undefined);
  const check = fieldsOf(detail?.c);
  return [
    typeof code === 'string' ? words.resultCode(code) : '',
    check ? checkWords(check, words, t) : detailWords(detail),
  ]
    .filter(Boolean)
    .join(' · ');
}
