import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeBatch, encodeCbor, LIMITS } from '../src/index.ts';
import type { Envelope } from '../src/schemas.ts';
import { decodeBatch, ProtocolError } from '../src/validate.ts';

const envelope: Envelope = {
  v: 1,
  boot: 3,
  seq0: 1000,
  sent_ms: 1_795_000_000_000,
  mono_ms: 123_456_789,
  recs: [
    { k: 'beat', d_mono: 0 },
    { k: 'health', d_mono: 5, c: { printer: { s: 'fault', r: 'paper_out' } }, m: { cpu_pct: 12.5 } },
    { k: 'quantum', d_mono: 9, spin: 'up' },
  ],
};

test('packed, map, JSON and gzip forms all mean the same', () => {
  const forms = [
    encodeBatch(envelope),
    encodeBatch(
      { ...envelope, recs: Array.from({ length: 60 }, () => envelope.recs[1] ?? { k: 'beat', d_mono: 0 }) },
      { gzip: true },
    ),
    encodeCbor(envelope),
    new TextEncoder().encode(JSON.stringify(envelope)),
  ];
  const [packed, zipped, map, json] = forms.map(decodeBatch);
  expect(packed).toEqual(map);
  expect(packed).toEqual(json);
  expect(forms[1]?.[0]).toBe(0x1f);
  expect(zipped?.records).toHaveLength(60);
  expect(packed?.records.map((r) => r.seq)).toEqual([1000, 1001, 1002]);
  expect(packed?.records[2]?.rec).toEqual({ k: 'quantum', d_mono: 9, spin: 'up' });
});

test('a single beat stays within 40 bytes', () => {
  const beat = encodeBatch({ ...envelope, seq0: 2 ** 31, recs: [{ k: 'beat', d_mono: 0 }] });
  expect(beat.length).toBeLessThanOrEqual(40);
});

test('a bad record is set apart with its sequence number, the others count', () => {
  const batch = decodeBatch(encodeCbor({ ...envelope, recs: [{ k: 'beat' }, { k: 'beat', d_mono: 1 }, 7] }));
  expect(batch.records.map((r) => r.seq)).toEqual([1001]);
  expect(batch.rejects.map((r) => r.seq)).toEqual([1000, 1002]);
});

test('text that PostgreSQL can not store is cleaned', () => {
  const batch = decodeBatch(
    new TextEncoder().encode(
      JSON.stringify({ ...envelope, recs: [{ k: 'log', d_mono: 0, lvl: 'info', msg: 'a\u0000b\ud800' }] }),
    ),
  );
  expect(batch.records[0]?.rec).toMatchObject({ msg: 'ab\ufffd' });
});

test.each([
  ['empty', new Uint8Array()],
  ['unknown_form', Uint8Array.of(0x00)],
  ['malformed', new TextEncoder().encode('{"v":1')],
  ['malformed', Uint8Array.of(0x1f, 0x8b, 1, 2, 3)],
  ['too_large', new Uint8Array(LIMITS.packetBytes + 1).fill(0x7b)],
  ['bad_envelope', new TextEncoder().encode('{"v":2}')],
])('%s payloads are refused with a code', (code, payload) => {
  expect(() => decodeBatch(payload)).toThrowError(expect.objectContaining({ code }));
});

test('arbitrary bytes never do anything but decode or throw ProtocolError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        decodeBatch(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: 2000 },
  );
});
