import type { ReadinessCheck } from '../context.ts';
import type { Ingest } from '../ingest/index.ts';
import type { DeviceTransport } from './mqtt.ts';

/** Whether what a device sends now would be taken; that it can be stored, the checks of database and schema tell. */
export function ingestCheck(ingest: Pick<Ingest, 'state'>, transport: Pick<DeviceTransport, 'isOpen'>): ReadinessCheck {
  return {
    name: 'ingest',
    check: async () => {
      if (ingest.state !== 'accepting') return { ok: false, detail: `ingest is ${ingest.state}` };
      return transport.isOpen() ? { ok: true } : { ok: false, detail: 'devices can not reach this process by MQTT' };
    },
  };
}
