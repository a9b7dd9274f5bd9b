import { QueryClient } from '@tanstack/vue-query';
import { ApiProblem } from '../api/problem.ts';

const RETRIES = 2;

/** What the server refuses is not asked again; what got lost on the way or found the server busy is, twice. */
export function shouldRetry(failures: number, error: unknown): boolean {
  return failures < RETRIES && (!(error instanceof ApiProblem) || error.retryable);
}

/**
 * Wait before the next try, ms: as long as the server asks for, else one second, then two. Up to half as much again by chance, so that
 * the questions of a page do not all come back at the same instant.
 */
export function retryDelayMs(failures: number, error: unknown, chance = Math.random()): number {
  const askedMs = error instanceof ApiProblem ? error.retryAfterMs : null;
  return Math.round((askedMs ?? 1000 * 2 ** failures) * (1 + chance / 2));
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        retry: shouldRetry,
        retryDelay: (failures, error) => retryDelayMs(failures, error),
      },
      mutations: { retry: false },
    },
  });
}
