import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './generated/schema.d.ts';
import { ApiProblem, retryAfterMs } from './problem.ts';

export type { paths };

/** What a GET of `P` answers. */
export type Answer<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

/** One row of the list at `P`. */
export type Item<P extends keyof paths> = Answer<P> extends { items: (infer Row)[] } ? Row : never;

/** The query that a GET of `P` understands. */
export type QueryOf<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : never;

let onSignedOut: () => void = () => {};

/** What to do when the server no longer knows our session. Set once by the session store. */
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.clone().json();
  } catch {
    // A proxy's error page is no problem document; the status alone must do.
    return null;
  }
}

/** Turns everything that is no success into an `ApiProblem`, so that callers have one way to fail. */
const problems: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return;
    const wait = { retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()) };
    const problem = new ApiProblem(response.status, await bodyOf(response), wait);
    if (problem.code === 'unauthenticated') onSignedOut();
    throw problem;
  },
  onError({ error }) {
    return error instanceof ApiProblem ? error : new ApiProblem(0, null, { cause: error });
  },
};

declare global {
  interface Window {
    /** Answers that `public/start.js` has asked for before this code was there, by their URL. */
    uptallyAsked?: Record<string, Promise<Response>> | undefined;
  }
}

/** The answer to a question that has been asked already; it is given once. */
function asked(request: Request): Promise<Response> | undefined {
  const { pathname, search } = new URL(request.url);
  const answer = request.method === 'GET' ? window.uptallyAsked?.[pathname + search] : undefined;
  if (answer) delete window.uptallyAsked?.[pathname + search];
  return answer;
}

/** What was refused before somebody signed in must not be taken for an answer afterwards. */
export function forgetAsked(): void {
  window.uptallyAsked = undefined;
}

export const api = createClient<paths>({
  credentials: 'same-origin',
  fetch: (request) => asked(request) ?? fetch(request),
});
api.use(problems);

/** The data of a call; what failed has been thrown before. An answer without body gives undefined. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** Names one wish of the user, so that a repeated request is not a second one. Works without a secure context, too. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
