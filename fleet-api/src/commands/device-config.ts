import type { ConfigMessage } from '@uptally/protocol';
import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';
import { type DeviceConfig, deviceConfig, type OutdatedDevice, outdatedDevices } from './dispatch-sql.ts';
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
  /** Device key -> session that was told the present revision. */
  const told = new Map<number, number | null>();
  const portion = Math.max(1, Math.floor((perSecond * PORTION_MS) / 1000));
  const page = portion * 20;
  let toldRev = 0;

  const tell = async (device: OutdatedDevice, payload: Uint8Array): Promise<void> => {
    try {
      await downlink.publish(device.device_id, 'cfg', payload, { retain: true });
      told.set(device.device_key, device.session);
    } catch (error) {
      log.warn({ device: device.device_id, err: error }, 'configuration not handed over');
    }
  };

  return async () => {
    const config = await deviceConfig(pool);
    if (config === null) return;
    if (config.rev !== toldRev) told.clear();
    toldRev = config.rev;
    const payload = new TextEncoder().encode(JSON.stringify(messageOf(config)));
    for (let afterKey: number | undefined = 0; afterKey !== undefined; ) {
      const devices = await outdatedDevices(pool, config.rev, afterKey, page);
      const due = devices.filter(
        ({ device_key, session }) => !told.has(device_key) || told.get(device_key) !== session,
      );
      for (const [i, device] of due.entries()) {
        if (i > 0 && i % portion === 0) await new Promise((resolve) => setTimeout(resolve, PORTION_MS));
        await tell(device, payload);
      }
      afterKey = devices.length < page ? undefined : devices.at(-1)?.device_key;
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
