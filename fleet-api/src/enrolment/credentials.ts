import type { FastifyRequest } from 'fastify';
import { actorOf, appendAudit } from '../audit/log.ts';
import { callerOf } from '../auth/caller.ts';
import { hashSecret, newSecret } from '../auth/credentials.ts';
import { inScope, scopeOf } from '../auth/scope.ts';
import type { AppContext } from '../context.ts';
import { inTransaction, type PoolClient, writeOutbox } from '../db/index.ts';
import { apiError } from '../http/errors.ts';

interface DeviceRow {
  readonly device_key: number;
  readonly lifecycle: string;
  readonly path: number[] | null;
}

/** Takes a device's credentials away; a live session is cut by whoever holds it. Idempotent. @throws ApiError `not_found` */
export async function revokeDevice(ctx: AppContext, request: FastifyRequest, deviceId: string): Promise<void> {
  await onDevice(ctx, request, deviceId, async (client, device) => {
    await client.query(
      `update device set secret_hash = null, revoked_at = coalesce(revoked_at, $2), version = version + 1
       where device_key = $1`,
      [device.device_key, new Date(ctx.clock())],
    );
    return { reason: 'revoked', action: 'device.revoked' };
  });
}

/**
 * Gives a device a new secret, also its first one: the way for devices that don't run our agent. Lifts a revocation.
 * @throws ApiError `not_found`, `device_retired`
 */
export async function rotateSecret(ctx: AppContext, request: FastifyRequest, deviceId: string): Promise<string> {
  const secret = newSecret();
  await onDevice(ctx, request, deviceId, async (client, device) => {
    if (device.lifecycle === 'retired') throw apiError('device_retired');
    await client.query(
      `update device set secret_hash = $2, enrolled_at = coalesce(enrolled_at, $3), revoked_at = null, version = version + 1
       where device_key = $1`,
      [device.device_key, hashSecret(secret), new Date(ctx.clock())],
    );
    await client.query('insert into device_live (device_key) values ($1) on conflict do nothing', [device.device_key]);
    return { reason: 'secret_replaced', action: 'device.secret_rotated' };
  });
  return secret;
}

async function onDevice(
  ctx: AppContext,
  request: FastifyRequest,
  deviceId: string,
  change: (client: PoolClient, device: DeviceRow) => Promise<{ readonly reason: string; readonly action: string }>,
): Promise<void> {
  await inTransaction(ctx.pool, async (client) => {
    const { rows } = await client.query<DeviceRow>(
      `select d.device_key, d.lifecycle, r.path from device d left join region r on r.id = d.region_id
       where d.device_id = $1 and ${inScope('r.path', '$2')} for update of d`,
      [deviceId, scopeOf(callerOf(request))],
    );
    const device = rows[0];
    if (device === undefined) throw apiError('not_found');
    const { reason, action } = await change(client, device);
    const about = { deviceKey: device.device_key, regionPath: device.path };
    await writeOutbox(client, [{ ...about, kind: 'device.revoked', payload: { deviceId, reason } }]);
    await appendAudit(client, new Date(ctx.clock()), { ...actorOf(request), action, subject: `device:${deviceId}` });
  });
}
