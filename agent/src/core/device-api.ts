import type { Intervals } from './config.ts';
import type { HealthPicture, RecordBody } from './ports.ts';

export interface DeviceStats {
  readonly up: boolean;
  readonly session: number;
  readonly boot: number;
  readonly intervals: Intervals;
  readonly cfgRev: number;
  readonly waiting: number;
  readonly spoolBytes: number;
}

export interface Device {
  /** Opens spool and store and begins. Rejects if they can't be opened. */
  start(): Promise<void>;
  /** Ends the session in good order and closes the spool. Idempotent. */
  stop(): Promise<void>;
  /** As a power cut: nothing is sent or saved any more. The ports stay usable for the next boot. */
  kill(): void;
  stats(): DeviceStats;
  /** The last picture; `null` before the first probing ends. */
  picture(): HealthPicture | null;
  /** Probes now, tells what changed and returns the picture. */
  selfcheck(): Promise<HealthPicture>;
  /** Keeps and sends a record of the embedding program's own (door, power, log...). */
  record(body: RecordBody): Promise<void>;
}
