import { describe, expect, it } from 'vitest';
import { dayIn, MAX_ROWS, readPurchases } from '../../src/stock/life/table.ts';

describe('a day as written', () => {
  it.each([
    ['2026-03-01', '2026-03-01'],
    [' 2026/3/1 ', '2026-03-01'],
    ['2026.3.1', '2026-03-01'],
    ['2026年3月1日', '2026-03-01'],
    ['2024-02-29', '2024-02-29'],
    ['2026-02-29', null],
    ['2026-13-01', null],
    ['01/03/2026', null],
    ['46082', null],
    ['1800-01-01', null],
    ['', null],
  ])('%s: %s', (text, day) => {
    expect(dayIn(text)).toBe(day);
  });
});

describe('a table of purchases', () => {
  it('is read from CSV with quotes and a byte order mark, or from pasted cells', () => {
    const rows = [
      { line: 2, device: 'SN1', purchased_on: '2025-01-02', warranty_until: '2028-01-01', supplier: '甲, 乙' },
    ];
    const csv = readPurchases('\ufeff序列号,购置日期,质保到期,供应商\r\nSN1,2025/1/2,2028-01-01,"甲, 乙"\r\n');
    expect(csv).toEqual({ rows, faults: [] });
    const pasted = readPurchases(
      'serial\tpurchased_on\twarranty_until\tsupplier\nSN1\t2025-01-02\t2028-01-01\t甲, 乙\n',
    );
    expect(pasted).toEqual({ rows, faults: [] });
  });

  it('leaves out what is empty, and takes the apostrophe off that spreadsheets are given', () => {
    expect(readPurchases("serial,warranty_until\n'SN1,\n,\n").rows).toEqual([
      { line: 2, device: 'SN1', purchased_on: null, warranty_until: null, supplier: null },
    ]);
  });

  it('tells by line what is wrong with it', () => {
    const { faults } = readPurchases(
      'serial,purchased_on,warranty_until\nSN1,yesterday,\n,2026-01-01,\nSN2,2026-01-02,2026-01-01\nSN2,,2027-01-01\n',
    );
    expect(faults).toEqual([
      { line: 2, column: 'purchased_on', problem: 'invalid', value: 'yesterday' },
      { line: 3, column: 'device', problem: 'missing', value: null },
      { line: 4, column: 'warranty_until', problem: 'order', value: '2026-01-01' },
      { line: 5, column: 'device', problem: 'duplicate', value: 'SN2' },
    ]);
  });

  it.each([
    ['without a header that is known', 'a,b\n1,2', 'header'],
    ['with serials and nothing else', 'serial\nSN1', 'header'],
    ['with quotes that do not close', 'serial,warranty_until\n"SN1,2026-01-01', 'header'],
    ['that is too long', `serial,supplier\n${'x,y\n'.repeat(MAX_ROWS + 1)}`, 'too_many'],
  ])('%s is refused', (_case, table, problem) => {
    expect(readPurchases(table)).toMatchObject({ rows: [], faults: [{ problem }] });
  });
});
