import { useQueryClient } from '@tanstack/vue-query';
import { ApiProblem } from '../api/problem.ts';

const AREAS = ['duties', 'documents-due', 'complaints', 'ratings', 'roster', 'settlement'];

/** After an act: every list of duties, and what is settled by them. */
export function useDutiesChanged() {
  const client = useQueryClient();
  return () => Promise.all(AREAS.map((area) => client.invalidateQueries({ queryKey: [area] })));
}

/** Runs an act. Where somebody was faster, what is shown is read again before the refusal is told. */
export function useAct() {
  const changed = useDutiesChanged();
  return async function act<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await changed();
      return result;
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 409 || error.status === 412)) await changed();
      throw error;
    }
  };
}
