import type { StatusMessage } from '@uptally/protocol';
import type { UplinkTuning } from './config.ts';
import type { LinkHandlers } from './ports.ts';

/** What an uplink needs to know of its device. */
export interface UplinkSettings {
  readonly deviceId: string;
  readonly boot: number;
  readonly tuning: UplinkTuning;
  readonly keepaliveS: () => number;
  /** Reserves the number of the next connection, durably. */
  readonly nextSession: () => Promise<number>;
  readonly birth: (session: number) => StatusMessage;
  readonly handlers: Pick<LinkHandlers, 'onMessage'>;
  readonly onRoundTrip: (rttMs: number | null) => void;
}
