import { useI18n } from 'vue-i18n';
import { ApiProblem } from './problem.ts';

/** Chooses the words for an error: by its code, else by its status, else by what the server wrote. */
export function problemKeys(error: unknown): string[] {
  if (!(error instanceof ApiProblem)) return ['errors.unexpected'];
  return [
    `errors.${error.code}`,
    `errors.http_${error.status}`,
    error.status >= 500 ? 'errors.http_500' : 'errors.unexpected',
  ];
}

export function useProblem() {
  const { t, te, locale } = useI18n();
  /** One sentence for a person, in the shown language. */
  function words(error: unknown): string {
    const key = problemKeys(error).find((k) => te(k, locale.value)) ?? 'errors.unexpected';
    if (key === 'errors.unexpected' && error instanceof ApiProblem && error.detail) return error.detail;
    return t(key, error instanceof ApiProblem ? { ...error.body } : {});
  }
  return { words };
}
