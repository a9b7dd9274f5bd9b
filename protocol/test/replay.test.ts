import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeReplayFrame, ReplayFormatError, type ReplayFrame, ReplayFrames } from '../src/replay.ts';

const atMs = fc.integer({ min: 0, max: 4_000_000_000_000 });
const frame: fc.Arbitrary<ReplayFrame> = fc.oneof(
  fc.record({ kind: fc.constantFrom('up' as const, 'down' as const, 'mark' as const), atMs }),
  fc.record({
    kind: fc.constantFrom('rec' as const, 'status' as const, 'ack' as const),
    atMs,
    deviceId: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
    payload: fc.uint8Array({ maxLength: 300 }),
  }),
);

test('frames survive, however their bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), fc.integer({ min: 1, max: 50 }), (frames, step) => {
      const bytes = Buffer.concat(frames.map(encodeReplayFrame));
      const reader = new ReplayFrames();
      const read: ReplayFrame[] = [];
      for (let i = 0; i < bytes.length; i += step) read.push(...reader.take(bytes.subarray(i, i + step)));
      reader.end();
      expect(read.map(plain)).toEqual(frames.map(plain));
    }),
  );
});

test('bytes that are no frame are refused, and so is a stream that breaks off', () => {
  expect(() => [...new ReplayFrames().take(Buffer.from('GET / HTTP/1.1\r\n\r\n'))]).toThrow(ReplayFormatError);
  const reader = new ReplayFrames();
  expect([...reader.take(encodeReplayFrame({ kind: 'up', atMs: 1 }).subarray(0, 6))]).toEqual([]);
  expect(() => reader.end()).toThrow(ReplayFormatError);
});

function plain(frame: ReplayFrame) {
  return 'payload' in frame ? { ...frame, payload: [...frame.payload] } : frame;
}
