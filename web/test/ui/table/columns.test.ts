import { describe, expect, it } from 'vitest';
import { ariaSort, type Column, gridTemplate, leastWidth, nextSort } from '../../../src/ui/table/columns.ts';

const name: Column = { key: 'name', label: 'Name', width: 120, grow: 1, sort: 'name' };
const seen: Column = { key: 'seen', label: 'Seen', width: 90, align: 'end', sort: 'seen', first: 'desc' };

describe('columns', () => {
  it('lay out head and rows by one template', () => {
    expect(gridTemplate([name, seen], true)).toBe('32px minmax(120px, 1fr) 90px');
    expect(leastWidth([name, seen], true)).toBe(242);
    expect(leastWidth([name, seen], false)).toBe(210);
  });

  it('turn the sort round with a second click and drop it with a third', () => {
    expect(nextSort('serial', name, 'serial')).toBe('name');
    expect(nextSort('name', name, 'serial')).toBe('-name');
    expect(nextSort('-name', name, 'serial')).toBe('serial');
    expect(nextSort('serial', seen, 'serial')).toBe('-seen');
    expect(nextSort('-seen', seen, 'serial')).toBe('seen');
    expect(nextSort('name', name, 'name')).toBe('-name');
    expect(nextSort('-name', name, 'name')).toBe('name');
  });

  it('tell screen readers the direction', () => {
    expect(ariaSort('-seen', seen)).toBe('descending');
    expect(ariaSort('seen', seen)).toBe('ascending');
    expect(ariaSort('name', seen)).toBe('none');
  });
});
