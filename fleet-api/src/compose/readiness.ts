import { isCurrent, type Pool } from '../db/index.ts';
import type { Ingest } from '../ingest/index.ts';
import type { ReadinessCheck } from '../metrics/checks.ts';
import type { DeviceTransport } from './mqtt.ts';

/** Whether the database answers. */
export function databaseCheck(pool: Pool): ReadinessCheck {
  return { name: 'database', check: async () => ({ ok: (await pool.query('select 1')).rowCount === 1 }) };
}

/** Whether the schema is the one that this program was written for. */
export function schemaCheck(pool: Pool): ReadinessCheck {
  return { name: 'schema', check: async () => ({ ok: await isCurrent(pool) }) };
}

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
