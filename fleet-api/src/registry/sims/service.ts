import { inTransaction, type Pool, type Queryable } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../../http/paging.ts';
import { missedUpdate } from '../../http/preconditions.ts';
import { findDevice } from '../devices/sql.ts';
import { type Doer, record } from '../shared/doer.ts';
import { tellRegistry } from '../shared/events.ts';
import { orderOf } from '../shared/keyset.ts';
import { monthOf } from '../shared/month.ts';
import { type NewSim, SIM_SORTS, type SimCard, type SimPatch, type SimQuery } from './schemas.ts';
import * as sql from './sql.ts';

export async function listSims(pool: Pool, by: Doer, query: SimQuery): Promise<PageOf<SimCard>> {
  const order = orderOf(SIM_SORTS, query.sort ?? 'iccid', 'c.id');
  const { limit = DEFAULT_LIMIT } = query;
  return sql.selectSims(pool, by.scope, { ...query, limit, month: monthOf(by.nowMs, by.timeZone) }, order);
}

/** @throws ApiError `not_found` */
export async function getSim(db: Queryable, by: Doer, id: number): Promise<SimCard> {
  const sim = await sql.selectSim(db, by.scope, id, monthOf(by.nowMs, by.timeZone));
  if (sim === null) throw apiError('not_found');
  return sim;
}

/** @throws ApiError `unknown_reference`, `already_exists` */
export async function createSim(pool: Pool, by: Doer, sim: NewSim): Promise<SimCard> {
  return inTransaction(pool, async (client) => {
    const { device_id, ...fields } = sim;
    const id = await sql.insertSim(client, { ...fields, ...(await deviceKeyOf(client, by, device_id ?? null)) });
    await tellRegistry(client, 'sim', id);
    await record(client, by, 'sim.created', `sim:${sim.iccid}`, sim);
    return getSim(client, by, id);
  });
}

/** @throws ApiError `not_found`, `version_conflict`, `unknown_reference`, `already_exists` */
export async function changeSim(
  pool: Pool,
  by: Doer,
  id: number,
  patch: SimPatch,
  expected: number | null,
): Promise<SimCard> {
  return inTransaction(pool, async (client) => {
    const before = await getSim(client, by, id);
    const { device_id, ...fields } = patch;
    const key = device_id === undefined ? {} : await deviceKeyOf(client, by, device_id);
    if ((await sql.updateSim(client, id, { ...fields, ...key }, expected)) === null) throw missedUpdate(true);
    await tellRegistry(client, 'sim', id);
    await record(client, by, 'sim.changed', `sim:${before.iccid}`, patch);
    return getSim(client, by, id);
  });
}

/** A caller with a scope can't let go of a card: it would vanish from its sight. */
async function deviceKeyOf(db: Queryable, by: Doer, deviceId: string | null): Promise<{ device_key: number | null }> {
  if (deviceId === null) {
    if (by.scope !== null) throw apiError('unknown_reference', 'A device is needed');
    return { device_key: null };
  }
  const device = await findDevice(db, by.scope, deviceId);
  if (device === null) throw apiError('unknown_reference', 'No such device');
  return { device_key: device.device_key };
}
