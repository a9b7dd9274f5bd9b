import { api, data, type QueryOf } from '../api/client.ts';
import { type Period, periodQuery } from './period.ts';
import type { Scope, Sort } from './useView.ts';

/** Of which time, contract and place figures are asked for. */
export interface Question {
  readonly contract: number | undefined;
  readonly period: Period;
  readonly scope: Scope;
}
export interface Page {
  readonly sort: Sort;
  readonly limit: number;
  readonly cursor?: string;
}

export function questionQuery(question: Question) {
  return {
    ...periodQuery(question.period),
    ...question.scope,
    ...(question.contract === undefined ? {} : { contract: question.contract }),
  };
}

export function fetchContracts(signal: AbortSignal) {
  return data(api.GET('/api/v1/contracts', { signal }));
}
export function fetchAvailability(question: Question, page: Page, signal: AbortSignal) {
  const query = { ...questionQuery(question), ...page };
  return data(api.GET('/api/v1/availability', { params: { query }, signal }));
}
export function fetchTrend(question: Question, signal: AbortSignal) {
  return data(api.GET('/api/v1/availability/trend', { params: { query: questionQuery(question) }, signal }));
}
export function fetchBudget(question: Question, signal: AbortSignal) {
  return data(api.GET('/api/v1/availability/budget', { params: { query: questionQuery(question) }, signal }));
}
export function fetchWorst(
  question: Question,
  choice: Pick<QueryOf<'/api/v1/availability/worst'>, 'dimension' | 'limit'>,
  signal: AbortSignal,
) {
  const query = { ...questionQuery(question), ...choice };
  return data(api.GET('/api/v1/availability/worst', { params: { query }, signal }));
}
export function fetchCompare(query: QueryOf<'/api/v1/availability/compare'>, signal: AbortSignal) {
  return data(api.GET('/api/v1/availability/compare', { params: { query }, signal }));
}

/** The same figures as a file; `stations`: every station of the place instead of its parts. */
export function fileUrl(kind: 'csv' | 'xlsx', question: Question, options: { stations?: true } = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...questionQuery(question), ...options }))
    query.set(name, String(value));
  return `/api/v1/availability.${kind}?${query}`;
}
