import { shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { ApiProblem } from '../../api/problem.ts';

/** Names of the body's fields that a refused request names: `/body/expires_at` gives `expires_at`. */
export function faultyFields(error: unknown): string[] {
  if (!(error instanceof ApiProblem)) return [];
  return error.faults.flatMap(({ path }) => /^\/body\/([^/]+)/.exec(path)?.[1] ?? []);
}

/** Which fields of a form the server refused. `attempt` runs the request, remembers them, and lets the failure pass on. */
export function useFaults() {
  const { t } = useI18n();
  const faulty = shallowRef<readonly string[]>([]);
  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    faulty.value = [];
    try {
      return await work();
    } catch (error) {
      faulty.value = faultyFields(error);
      throw error;
    }
  }
  function reset(): void {
    faulty.value = [];
  }
  const fault = (field: string) => (faulty.value.includes(field) ? t('forms.fault') : undefined);
  return { attempt, fault, reset };
}
