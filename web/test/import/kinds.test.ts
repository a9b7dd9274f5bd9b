import { describe, expect, it } from 'vitest';
import { asKind, changesOf, MAX_FILE_BYTES, refusal } from '../../src/import/kinds.ts';

describe('refusal', () => {
  it('sends tables only', () => {
    expect(refusal({ name: '终端.xlsx', size: 10 })).toBe('spreadsheet');
    expect(refusal({ name: '终端.ET', size: 10 })).toBe('spreadsheet');
    expect(refusal({ name: '终端.csv', size: 0 })).toBe('empty');
    expect(refusal({ name: '终端.csv', size: MAX_FILE_BYTES + 1 })).toBe('large');
    expect(refusal({ name: '终端.csv', size: MAX_FILE_BYTES })).toBeNull();
  });
});

it('falls back for a kind that is none', () => {
  expect(asKind('sims', 'sites')).toBe('sims');
  expect(asKind('constructor', 'sites')).toBe('sites');
});

it('counts what would change', () => {
  expect(changesOf({ created: 2, updated: 3 })).toBe(5);
});
