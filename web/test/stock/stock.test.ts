// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { cellMark, modelsOf, rowsOf } from '../../src/stock/matrix.ts';
import { presetOrder, type ReplaceForm, replaceBody } from '../../src/stock/replace/useReplace.ts';
import { serialsIn } from '../../src/stock/store/serials.ts';
import type { Stock, StockCell } from '../../src/stock/useStock.ts';

const one = { id: 1, code: 'a', name: 'One' };
const two = { id: 2, code: 'b', name: 'Two' };
const cell = (model: StockCell['model'], in_stock: number, minimum = 0): StockCell => ({
  model,
  in_stock,
  blocked: 0,
  in_repair: 0,
  at_centre: 0,
  minimum,
  missing: Math.max(0, minimum - in_stock),
});
const stock: Stock = {
  low: 1,
  stores: [
    { store: { id: 10, name: 'A' }, models: [cell(null, 1), cell(two, 2)] },
    { store: { id: 11, name: 'B' }, models: [cell(one, 0, 2)] },
    { store: { id: 12, name: 'C' }, models: [] },
  ],
};

describe('the table of spares', () => {
  it('has a column for each model, what is of no known model last', () => {
    expect(modelsOf(stock).map(({ id }) => id)).toEqual([1, 2, null]);
  });

  it('has a row for each store, also for those with nothing', () => {
    const rows = rowsOf(stock, modelsOf(stock), false);
    expect(rows.map(({ store, missing, cells }) => [store.name, missing, cells.map((c) => c?.in_stock)])).toEqual([
      ['A', 0, [undefined, 2, 1]],
      ['B', 2, [0, undefined, undefined]],
      ['C', 0, [undefined, undefined, undefined]],
    ]);
    expect(rowsOf(stock, modelsOf(stock), true).map(({ store }) => store.name)).toEqual(['B']);
  });

  it.each([
    [cell(one, 0, 2), 'offline'],
    [cell(one, 1, 2), 'faulty'],
    [cell(one, 2, 2), 'online'],
    [cell(one, 0), 'never'],
  ])('marks what needs a person', (value, mark) => {
    expect(cellMark(value)).toBe(mark);
  });
});

describe('replacing', () => {
  const form: ReplaceForm = { spare: ' SN1 ', order: '', reason: ' x ', at: '', leaving: 'in_repair', wipe: '' };

  it('says what was typed and seen, and nothing that was not', () => {
    const body = { spare: 'SN1', old_device_id: 'd-1', old_lifecycle: 'in_repair', reason: 'x' };
    expect(replaceBody(form, 'd-1', { elsewhere: false })).toEqual(body);
    expect(replaceBody({ ...form, order: '7', wipe: 'overwrite' }, 'd-1', { elsewhere: true })).toEqual({
      ...body,
      work_order_id: 7,
      from_elsewhere: true,
      wipe: { method: 'overwrite', result: 'clean' },
    });
  });

  it('presets the order that it was opened from, or the only one', () => {
    const order = (id: number) => ({ id }) as Parameters<typeof presetOrder>[0][number];
    expect(presetOrder([order(3), order(4)], 4)).toBe('4');
    expect(presetOrder([order(3)], undefined)).toBe('3');
    expect(presetOrder([order(3), order(4)], undefined)).toBe('');
    expect(presetOrder([], undefined)).toBe('');
  });
});

it('reads serials however they are parted, each once', () => {
  expect(serialsIn(' SN1\nSN2，SN3;SN1\tSN4、 ')).toEqual(['SN1', 'SN2', 'SN3', 'SN4']);
});
