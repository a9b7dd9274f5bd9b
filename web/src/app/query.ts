import { QueryClient } from '@tanstack/vue-query';
import { ApiProblem } from '../api/problem.ts';

/** What the server refuses is not asked again; what got lost on the way is, twice. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && (!(error instanceof ApiProblem) || error.retryable),
      },
      mutations: { retry: false },
    },
  });
}
