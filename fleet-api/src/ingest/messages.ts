import type { DeviceIdentity } from '@uptally/broker';
import type { DecodedBatch } from '@uptally/protocol/validate';
import type { DeviceContext } from './contexts.ts';
import type { PlacedBatch } from './place.ts';

/** A decoded `rec` message on its way to the database. */
export interface RecordMessage {
  readonly device: DeviceIdentity;
  readonly receivedMs: number;
  readonly batch: DecodedBatch;
  /** Kept for quarantine. */
  readonly payload: Uint8Array;
  /** Set once, when the first flush takes the message: a retry must not move a sample. */
  context?: DeviceContext;
  placed?: PlacedBatch;
}

/** Records of a message, refused ones included. */
export function weightOf(message: RecordMessage): number {
  return message.batch.records.length + message.batch.rejects.length;
}
