import { detailWords } from './detailWords.ts';

interface Words {
  readonly resultCode: (code: string) => string;
}

/** How a command ended, as its device told: the reason in words, then what it added. */
export function resultWords(result: unknown, words: Words): string {
  if (typeof result !== 'object' || result === null) return '';
  const { code, d, state: _state, ...rest } = result as Readonly<Record<string, unknown>>;
  const detail = detailWords(d ?? (Object.keys(rest).length > 0 ? rest : undefined));
  return [typeof code === 'string' ? words.resultCode(code) : '', detail].filter(Boolean).join(' · ');
}
