import type { ConfigMessage } from '@uptally/protocol';
import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';
import { type DeviceConfig, deviceConfig, outdatedDevices } from './dispatch-sql.ts';
import type { CommandDownlink } from './dispatcher.ts';

export interface ConfigSenderOptions {
  readonly pool: Pool;
  readonly downlink: CommandDownlink;
  readonly log: Logger;
  readonly perSecond: number;
}

const INTERVALS = ['beat_ms', 'health_ms', 'full_ms', 'net_ms', 'sim_ms'] as const;
const PORTION_MS = 250;

/**
 * Makes the function that brings connected devices to the present configuration: retained on `cfg`, once for a revision and
 * session, since a device tells its revision only at its next birth and may have refused this one.
 */
export function createConfigSender({ pool, downlink, log, perSecond }: ConfigSenderOptions): () => Promise<void> {
  const sent = new Map<number, string>();
  const portion = Math.max(1, Math.floor((perSecond * PORTION_MS) / 1000));
  let sentRev = 0;

  return async () => {
    const config = await deviceConfig(pool);
    if (config === null) return;
    if (config.rev !== sentRev) sent.clear();
    sentRev = config.rev;
    const payload = new TextEncoder().encode(JSON.stringify(messageOf(config)));
    for (let afterKey = 0; ; ) {
      const devices = await outdatedDevices(pool, config.rev, afterKey, portion * 20);
      const due = devices.filter((device) => sent.get(device.device_key) !== `${device.session}`);
      for (let i = 0; i < due.length; i += portion) {
        if (i > 0) await new Promise((resolve) => setTimeout(resolve, PORTION_MS));
        for (const device of due.slice(i, i + portion)) {
          try {
            await downlink.publish(device.device_id, 'cfg', payload, { retain: true });
            sent.set(device.device_key, `${device.session}`);
          } catch (error) {
            log.warn({ device: device.device_id, err: error }, 'configuration not handed over');
          }
        }
      }
      const last = devices.at(-1);
      if (last === undefined || devices.length < portion * 20) return;
      afterKey = last.device_key;
    }
  };
}

/** Only fields that the protocol knows, and only whole numbers. */
function messageOf({ rev, value }: DeviceConfig): ConfigMessage {
  const message: ConfigMessage = { v: 1, rev };
  for (const name of INTERVALS) {
    const interval = value[name];
    if (Number.isSafeInteger(interval)) message[name] = interval as number;
  }
  return message;
}
