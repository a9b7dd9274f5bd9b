import type { LocationQuery } from 'vue-router';

/** What a page that leads here is about. */
export interface Wish {
  readonly contract?: number;
  /** As the API names it; empty: nothing yet. */
  readonly period: string;
  readonly region?: number;
  readonly site?: number;
  readonly station?: number;
  readonly name: string;
}

/** Reads it from the address, e.g. `/evidence?order=1&contract=2&period=2026-10&station=7`. `month` is the fallback. */
export function wishOf(query: LocationQuery, month: string): Wish {
  const text = (name: string): string => {
    const value = query[name];
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  const id = (name: string): Record<string, number> => {
    const value = Number(text(name));
    return Number.isInteger(value) && value > 0 ? { [name]: value } : {};
  };
  return {
    period: text('period') || month,
    name: text('name'),
    ...id('contract'),
    ...id('region'),
    ...id('site'),
    ...id('station'),
  };
}
