/**
 * A past told in order of reception: how a simulator hands what devices would have sent to `replay` of the platform. No part of the
 * wire between devices and platform. A frame is a length (uint32), a kind (uint8), an instant (float64, Unix ms) and its body;
 * numbers are big-endian.
 */

/** Channels that a device publishes on, by their number in a frame. */
const CHANNELS = ['rec', 'status', 'ack'] as const;
const PLATFORM = ['up', 'down', 'mark'] as const;

/** What a device said, as the platform received it. */
export interface MessageFrame {
  readonly kind: (typeof CHANNELS)[number];
  readonly atMs: number;
  readonly deviceId: string;
  readonly payload: Uint8Array;
}

/**
 * `up`, `down`: from this instant on the platform is able to receive, or is not. `mark`: everything received before it has been told.
 * Between two marks each device's messages are in order; those of different devices need not be.
 */
export interface PlatformFrame {
  readonly kind: (typeof PLATFORM)[number];
  readonly atMs: number;
}

export type ReplayFrame = MessageFrame | PlatformFrame;

/** Bytes that are no frame. */
export class ReplayFormatError extends Error {
  override readonly name = 'ReplayFormatError';
}

const HEAD_BYTES = 4 + 1 + 8;
/** Longest frame: the largest MQTT packet and room for its head. */
const MAX_BYTES = 300 * 1024;
const PLATFORM_FROM = 100;

export function encodeReplayFrame(frame: ReplayFrame): Uint8Array {
  const isMessage = 'payload' in frame;
  const id = isMessage ? Buffer.from(frame.deviceId, 'latin1') : Buffer.alloc(0);
  const body = isMessage ? 1 + id.length + frame.payload.length : 0;
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + body);
  bytes.writeUInt32BE(HEAD_BYTES - 4 + body, 0);
  bytes.writeUInt8(isMessage ? CHANNELS.indexOf(frame.kind) : PLATFORM_FROM + PLATFORM.indexOf(frame.kind), 4);
  bytes.writeDoubleBE(frame.atMs, 5);
  if (isMessage) {
    bytes.writeUInt8(id.length, HEAD_BYTES);
    bytes.set(id, HEAD_BYTES + 1);
    bytes.set(frame.payload, HEAD_BYTES + 1 + id.length);
  }
  return bytes;
}

/** Cuts a stream of bytes into frames. Payloads share memory with the chunks that brought them. */
export class ReplayFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that are complete with this chunk. @throws {@link ReplayFormatError} */
  *take(chunk: Uint8Array): Generator<ReplayFrame> {
    const bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      if (bytes.length - at < 4) break;
      const length = bytes.readUInt32BE(at);
      if (length < HEAD_BYTES - 4 || length > MAX_BYTES) throw new ReplayFormatError(`a frame of ${length} bytes`);
      if (bytes.length - at - 4 < length) break;
      yield decode(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.#rest = bytes.subarray(at);
  }

  /** @throws {@link ReplayFormatError} if the stream broke off within a frame */
  end(): void {
    if (this.#rest.length > 0) throw new ReplayFormatError('the stream broke off within a frame');
  }
}

function decode(bytes: Buffer): ReplayFrame {
  const code = bytes.readUInt8(0);
  const atMs = bytes.readDoubleBE(1);
  if (!Number.isSafeInteger(atMs) || atMs < 0) throw new ReplayFormatError(`no instant: ${atMs}`);
  const platform = PLATFORM[code - PLATFORM_FROM];
  if (platform !== undefined) return { kind: platform, atMs };
  const kind = CHANNELS[code];
  const idLength = bytes.length > 9 ? bytes.readUInt8(9) : 0;
  if (kind === undefined || idLength === 0 || bytes.length < 10 + idLength) {
    throw new ReplayFormatError(`a frame of kind ${code}`);
  }
  const deviceId = bytes.toString('latin1', 10, 10 + idLength);
  return { kind, atMs, deviceId, payload: bytes.subarray(10 + idLength) };
}
