import { expect, test } from 'vitest';
import { isStatusByte, judgePrinter, statusRequest } from '../../src/probes/escpos.ts';

const WELL = { printer: 0x12, offline: 0x12, error: 0x12, paper: 0x12 };

test.each([
  ['all well', {}, { s: 'ok' }],
  ['paper end by the roll sensor', { paper: 0x7e }, { s: 'fault', r: 'paper_out' }],
  ['paper near end', { paper: 0x1e }, { s: 'warn', r: 'paper_low' }],
  ['stopped by paper end', { offline: 0x12 | 0x20 }, { s: 'fault', r: 'paper_out' }],
  ['cover open, whatever else', { offline: 0x12 | 0x04 | 0x20, paper: 0x7e }, { s: 'fault', r: 'cover_open' }],
  ['cutter', { offline: 0x12 | 0x40, error: 0x12 | 0x08 }, { s: 'fault', r: 'cutter_error' }],
  ['head too hot', { offline: 0x12 | 0x40, error: 0x12 | 0x40 }, { s: 'fault', r: 'head_hot' }],
  ['unrecoverable', { error: 0x12 | 0x20 }, { s: 'fault', r: 'printer_error' }],
  ['an error without a cause', { offline: 0x12 | 0x40 }, { s: 'fault', r: 'printer_error' }],
  ['offline by its panel', { printer: 0x12 | 0x08 }, { s: 'warn', r: 'printer_error', d: 'offline' }],
  ['only some answers', { offline: null, error: null }, { s: 'ok' }],
])('%s', (_, answers, expected) => {
  expect(judgePrinter({ ...WELL, ...answers })).toEqual(expected);
});

test('a printer that says nothing', () => {
  expect(judgePrinter({ printer: null, offline: null, error: null, paper: null })).toEqual({
    s: 'fault',
    r: 'no_answer',
  });
});

test('status bytes are told from other bytes by their fixed bits', () => {
  expect([0x12, 0x7e, 0x1e, 0x16].every(isStatusByte)).toBe(true);
  expect([0x00, 0x13, 0x92, 0x02, 0x10, 0xff].some(isStatusByte)).toBe(false);
  expect(statusRequest(4)).toEqual(Uint8Array.of(0x10, 0x04, 4));
});
