import { describe, expect, it } from 'vitest';
import { sortChanges } from '../../src/availability/compare/changes.ts';
import type { CompareItem } from '../../src/availability/model.ts';

function item(name: string, network_change: string | null, equipment_change: string | null): CompareItem {
  return { kind: 'region', id: 1, name, code: name, stations: 1, a: null, b: null, network_change, equipment_change };
}
const items = [
  item('a', '+0.10', '-0.20'),
  item('b', '-1.58', '0.00'),
  item('c', null, null),
  item('d', '-0.09', '-0.67'),
];
const names = (sort: Parameters<typeof sortChanges>[1]) =>
  sortChanges(items, sort, 'en')
    .map((i) => i.name)
    .join('');

describe('two periods', () => {
  it('stand in the order of what was lost, incomparable ones last', () => {
    expect(names('down')).toBe('bdac');
    expect(names('network')).toBe('bdac');
    expect(names('equipment')).toBe('dabc');
    expect(names('-network')).toBe('adbc');
    expect(names('name')).toBe('abcd');
    expect(names('-name')).toBe('dcba');
  });

  it('leave the answer as it came', () => {
    sortChanges(items, 'name', 'en');
    expect(items.map((i) => i.name).join('')).toBe('abcd');
  });
});
