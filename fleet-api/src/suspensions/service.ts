import { inTransaction, type Pool, type PoolClient } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { DEFAULT_LIMIT, type PageOf } from '../http/paging.ts';
import { type Doer, record } from '../registry/shared/doer.ts';
import { tellRegistry } from '../registry/shared/events.ts';
import { getStation } from '../registry/stations/service.ts';
import { requireOpen } from './open.ts';
import type { NewSuspension, Suspension, SuspensionPatch, SuspensionQuery } from './schemas.ts';
import * as sql from './sql.ts';
import { changedStretches } from './stretches.ts';

/**
 * Suspensions free a station from being required: no time of a suspension counts, up or down. Because that needs nobody's consent,
 * only the agency, which owes nothing, and the operator of the platform enter them; a contractor proposes an exclusion.
 */

/** Suspensions of a station, the one entered last first. @throws ApiError `not_found` */
export async function listSuspensions(
  pool: Pool,
  by: Doer,
  stationId: number,
  { cursor, limit = DEFAULT_LIMIT }: SuspensionQuery,
): Promise<PageOf<Suspension>> {
  await getStation(pool, by.scope, stationId);
  return sql.selectSuspensions(pool, stationId, { cursor, limit });
}

/** @throws ApiError `not_found`, `suspension_by_agency`, `invalid_request`, `suspension_overlap`, `period_closed` */
export function suspendStation(pool: Pool, by: Doer, stationId: number, wish: NewSuspension): Promise<Suspension> {
  return inTransaction(pool, async (client) => {
    const station = await requireStation(client, by, stationId);
    const next = { ...stretchOf(wish.from, wish.to ?? null), reason: wish.reason };
    await requireRoom(client, stationId, null, next);
    await requireOpen(client, stationId, [next]);
    const at = new Date(by.nowMs);
    const id = await sql.insertSuspension(client, { ...next, stationId, userId: by.actor.userId, at });
    return finish(client, by, station, { id, action: 'station.suspended', detail: { id, ...next } });
  });
}

/** Changes a suspension, e.g. ends it. Only the time that changes sides must lie in open periods. */
export function changeSuspension(pool: Pool, by: Doer, id: number, patch: SuspensionPatch): Promise<Suspension> {
  return changing(pool, by, id, async (client, station, before) => {
    const to = patch.to === undefined ? (before.to?.toISOString() ?? null) : patch.to;
    const next = {
      ...stretchOf(patch.from ?? before.from.toISOString(), to),
      reason: patch.reason ?? before.reason,
    };
    await requireRoom(client, station.id, id, next);
    await requireOpen(client, station.id, changedStretches(before, next));
    await sql.updateSuspension(client, id, next);
    const detail = { id, before: { from: before.from, to: before.to, reason: before.reason }, ...next };
    return finish(client, by, station, { id, action: 'station.suspension_changed', detail });
  });
}

/** Takes a suspension back as if it had never been. */
export function deleteSuspension(pool: Pool, by: Doer, id: number): Promise<void> {
  return changing(pool, by, id, async (client, station, before) => {
    await requireOpen(client, station.id, [before]);
    await sql.deleteSuspension(client, id);
    const detail = { id, from: before.from, to: before.to, reason: before.reason };
    await tellAndRecord(client, by, station, 'station.suspension_deleted', detail);
  });
}

async function changing<T>(
  pool: Pool,
  by: Doer,
  id: number,
  work: (client: PoolClient, station: sql.LockedStation, before: sql.SuspensionRow) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    const seen = await sql.selectSuspension(client, by.scope, id);
    if (seen === null) throw apiError('not_found');
    const station = await requireStation(client, by, seen.station.id);
    const before = await sql.selectSuspension(client, by.scope, id); // it may have gone or changed before the lock was ours
    if (before === null) throw apiError('not_found');
    return work(client, station, before);
  });
}

async function requireStation(client: PoolClient, by: Doer, stationId: number): Promise<sql.LockedStation> {
  const station = await sql.lockStation(client, by.scope, stationId);
  if (station === null) throw apiError('not_found');
  const { rows } = await client.query<{ kind: string }>('select kind from org where id = $1', [by.actor.orgId]);
  const kind = rows[0]?.kind;
  if (kind !== 'agency' && kind !== 'platform') {
    throw apiError('suspension_by_agency', 'Propose an exclusion of kind site_closed instead');
  }
  return station;
}

/** @throws ApiError `invalid_request` if it ends before it starts */
function stretchOf(from: string, to: string | null): sql.Stretch {
  const stretch = { from: new Date(Date.parse(from)), to: to === null ? null : new Date(Date.parse(to)) };
  if (stretch.to !== null && stretch.to <= stretch.from) {
    const message = 'must be later than from';
    throw apiError('invalid_request', { detail: `/body/to ${message}`, errors: [{ path: '/body/to', message }] });
  }
  return stretch;
}

async function requireRoom(client: PoolClient, stationId: number, id: number | null, next: sql.Stretch): Promise<void> {
  const other = await sql.overlapping(client, stationId, next, id);
  if (other === null) return;
  const end = other.to?.toISOString() ?? 'further notice';
  throw apiError('suspension_overlap', `It is suspended from ${other.from.toISOString()} to ${end}`);
}

async function finish(
  client: PoolClient,
  by: Doer,
  station: sql.LockedStation,
  { id, action, detail }: { readonly id: number; readonly action: string; readonly detail: object },
): Promise<Suspension> {
  const suspension = await sql.selectSuspension(client, by.scope, id);
  await tellAndRecord(client, by, station, action, detail);
  if (suspension === null) throw apiError('not_found');
  return suspension;
}

async function tellAndRecord(
  client: PoolClient,
  by: Doer,
  station: sql.LockedStation,
  action: string,
  detail: object,
): Promise<void> {
  await tellRegistry(client, 'station', station.id, station.region_id);
  await record(client, by, action, `station:${station.code}`, { ...detail });
}
