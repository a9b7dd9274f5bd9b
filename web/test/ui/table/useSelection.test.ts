import { describe, expect, it } from 'vitest';
import { useSelection } from '../../../src/ui/table/useSelection.ts';

describe('selection', () => {
  it('is single rows or everything that matches, never both', () => {
    const selection = useSelection();
    selection.setMany(['a', 'b'], true);
    selection.toggle('a');
    expect([...selection.keys.value]).toEqual(['b']);
    selection.selectAll();
    expect(selection.all.value).toBe(true);
    expect(selection.keys.value.size).toBe(0);
    selection.toggle('c');
    expect(selection.all.value).toBe(false);
    expect(selection.any.value).toBe(true);
    selection.clear();
    expect(selection.any.value).toBe(false);
  });
});
