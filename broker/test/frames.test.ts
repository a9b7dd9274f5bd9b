import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AckQueue } from '../src/acks.ts';
import { FrameSplitter } from '../src/frames.ts';
import { Admission, Budget, DEFAULT_LIMITS } from '../src/limits.ts';

function framesOf(chunks: readonly Buffer[], maxBytes = 1_000_000): string[] {
  const splitter = new FrameSplitter(maxBytes);
  const found: string[] = [];
  for (const chunk of chunks) {
    splitter.feed(chunk);
    while (splitter.next()) found.push(splitter.frame.toString('hex'));
  }
  return found;
}

function packet(length: number): Buffer {
  const header = [0x30];
  let rest = length;
  do {
    header.push((rest & 0x7f) | (rest > 127 ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, length & 0xff)]);
}

describe('frame splitter', () => {
  it('finds the same packets however the stream is cut', () => {
    const lengths = fc.array(fc.oneof(fc.nat(300), fc.constantFrom(127, 128, 16_383, 16_384)), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1 }), (sizes, cuts) => {
        const packets = sizes.map(packet);
        const stream = Buffer.concat(packets);
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < stream.length; i += 1) {
          const size = cuts[i % cuts.length] ?? 1;
          chunks.push(stream.subarray(at, at + size));
          at += size;
        }
        expect(framesOf(chunks)).toEqual(packets.map((bytes) => bytes.toString('hex')));
      }),
    );
  });

  it('refuses by the header alone: too long, or a length that never ends', () => {
    expect(() => framesOf([packet(999)], 1000)).toThrow(expect.objectContaining({ code: 'packet_too_large' }));
    expect(() => framesOf([Buffer.from([0x30, 0xff]), Buffer.from([0xff, 0x7f])], 1000)).toThrow(
      expect.objectContaining({ code: 'packet_too_large' }),
    );
    expect(() => framesOf([Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff])])).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
  });
});

it('acknowledgements leave in the order of arrival', () => {
  const acks = new AckQueue();
  const [a, zero, b] = [acks.add(1), acks.add(0), acks.add(0x1234)];
  b.settled = true;
  expect(acks.take()).toBeNull();
  a.settled = true;
  zero.settled = true;
  expect(acks.take()?.toString('hex')).toBe('4002000140021234');
  expect(acks.size).toBe(0);
});

it('the budget wakes those who wait, one after the other, while there is room', () => {
  const budget = new Budget(2, 1_000);
  const woken: string[] = [];
  const waiter = (name: string) => ({
    wake: () => {
      woken.push(name);
      budget.take(1);
    },
  });
  budget.take(1);
  budget.take(1);
  for (const name of ['a', 'b', 'c']) budget.wait(waiter(name));
  budget.give(1);
  expect(woken).toEqual(['a']);
  budget.give(1);
  expect(woken).toEqual(['a', 'b']);
});

it('admission: a fleet behind one address gets in at once, a flood does not, and addresses are forgotten', () => {
  const admission = new Admission(DEFAULT_LIMITS, 0);
  const storm = Array.from({ length: 6_000 }, () => admission.refusal('10.0.0.1', 0, 0));
  expect(storm.filter((reason) => reason === null).length).toBe(5_000);
  expect(admission.refusal('10.0.0.2', 0, 0)).toBeNull();
  expect(admission.refusal('10.0.0.1', 0, 1_000)).toBeNull();
  expect(admission.refusal('10.0.0.3', 50_000, 1_000)).toBe('connection_limit');
  admission.sweep(60_000);
});
