import { appendAudit } from '../audit/log.ts';
import { hashSecret, newSecret } from '../auth/credentials.ts';
import type { AppContext } from '../context.ts';
import { inTransaction, type PoolClient, writeOutbox } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { newDeviceId } from '../registry/devices/service.ts';
import type { EnrolBody } from './schemas.ts';

interface UsedToken {
  readonly id: number;
  readonly model_id: number | null;
  readonly region_id: number | null;
  readonly created_at: Date;
}

interface DeviceRow {
  readonly device_key: number;
  readonly device_id: string;
  readonly lifecycle: string;
  readonly enrolled_at: Date | null;
  readonly revoked_at: Date | null;
  readonly region_id: number | null;
  readonly region_path: number[] | null;
}

export interface NewCredentials {
  readonly deviceId: string;
  readonly secret: string;
  /** Lowest numbers that the device has never used. */
  readonly next: { readonly seq: number; readonly boot: number; readonly session: number };
}

/**
 * Gives a device its credentials against one use of a token. A device is known by its serial: a registered one is taken, an unknown
 * one is registered as a spare. One that is enrolled already gets a new secret, and its live session is cut.
 * @throws ApiError `enrolment_refused`, `device_retired`
 */
export async function enrol(ctx: AppContext, wish: EnrolBody, ip: string): Promise<NewCredentials> {
  const now = new Date(ctx.clock());
  const secret = newSecret();
  return inTransaction(ctx.pool, async (client) => {
    const token = await useToken(client, wish.token, now);
    const device = await lockOrRegister(client, wish, token);
    await requireMatch(client, device, token);
    const next = await setSecret(client, device.device_key, {
      hash: hashSecret(secret),
      now,
      inventory: wish.inventory,
    });
    await tell(client, device);
    await appendAudit(client, now, {
      userId: null,
      orgId: null,
      action: device.enrolled_at === null ? 'device.enrolled' : 'device.enrolled_again',
      subject: `device:${device.device_id}`,
      detail: { serial: wish.serial, enrolment_token: token.id },
      ip,
    });
    return { deviceId: device.device_id, secret, next };
  });
}

/** Takes one use in one statement, so that a single-use token serves one of two devices that race. */
async function useToken(client: PoolClient, token: string, now: Date): Promise<UsedToken> {
  const { rows } = await client.query<UsedToken>(
    `update enrolment_token set uses = uses + 1
     where token_hash = $1 and revoked_at is null and expires_at > $2 and uses < uses_max
     returning id, model_id, region_id, created_at`,
    [hashSecret(token), now],
  );
  const row = rows[0];
  if (row === undefined) throw apiError('enrolment_refused');
  return row;
}

async function registerUnknown(client: PoolClient, wish: EnrolBody, token: UsedToken): Promise<void> {
  await client.query(
    `insert into device (device_id, serial, model_id, region_id, org_id)
     select $1, $2, coalesce($3, (select id from device_model where code = $4)), $5,
       (select u.org_id from enrolment_token t join app_user u on u.id = t.created_by join org o on o.id = u.org_id
        where t.id = $6 and o.kind = 'contractor')
     on conflict (serial) do nothing`,
    [newDeviceId(), wish.serial, token.model_id, wish.model ?? null, token.region_id, token.id],
  );
}

/** The device of that serial, locked; an unknown one is registered. Most are known, so that is tried first. */
async function lockOrRegister(client: PoolClient, wish: EnrolBody, token: UsedToken): Promise<DeviceRow> {
  const known = await lockBySerial(client, wish.serial);
  if (known !== null) return known;
  await registerUnknown(client, wish, token);
  const device = await lockBySerial(client, wish.serial);
  if (device === null) throw apiError('conflict', 'The device was removed just now');
  return device;
}

async function lockBySerial(client: PoolClient, serial: string): Promise<DeviceRow | null> {
  const { rows } = await client.query<DeviceRow>(
    `select d.device_key, d.device_id, d.lifecycle, d.enrolled_at, d.revoked_at, d.region_id, r.path as region_path
     from device d left join region r on r.id = d.region_id where d.serial = $1 for update of d`,
    [serial],
  );
  return rows[0] ?? null;
}

/**
 * A token for a region opens no device elsewhere, and a revoked device comes back only by a token made after it was revoked:
 * a token that a stolen device still knows is of no use.
 */
async function requireMatch(client: PoolClient, device: DeviceRow, token: UsedToken): Promise<void> {
  if (device.lifecycle === 'retired') throw apiError('device_retired');
  if (device.revoked_at !== null && token.created_at <= device.revoked_at) {
    throw apiError('enrolment_refused', 'The device was revoked; make a new token for it');
  }
  if (token.region_id === null) return;
  if (device.region_id === null) {
    await client.query('update device set region_id = $2 where device_key = $1', [device.device_key, token.region_id]);
  } else if (!device.region_path?.includes(token.region_id)) {
    throw apiError('enrolment_refused', 'The token is for another region');
  }
}

async function tell(client: PoolClient, device: DeviceRow): Promise<void> {
  const about = { deviceKey: device.device_key, regionPath: device.region_path };
  const { device_id: deviceId } = device;
  const cut = { ...about, kind: 'device.revoked', payload: { deviceId, reason: 'secret_replaced' } };
  const enrolled = { ...about, kind: 'device.enrolled', payload: { deviceId, again: device.enrolled_at !== null } };
  await writeOutbox(client, device.enrolled_at === null ? [enrolled] : [cut, enrolled]);
}

interface NewSecret {
  readonly hash: Buffer;
  readonly now: Date;
  readonly inventory: EnrolBody['inventory'];
}

/** Stores the secret, makes sure of a row of live state, and tells the lowest numbers that the device has never used. */
async function setSecret(client: PoolClient, deviceKey: number, secret: NewSecret): Promise<NewCredentials['next']> {
  const { rows } = await client.query<NewCredentials['next']>(
    `with known as (
       update device set secret_hash = $2, enrolled_at = $3, revoked_at = null, inventory = coalesce($4, inventory),
         version = version + 1 where device_key = $1 returning device_key),
     live as (insert into device_live (device_key) select device_key from known on conflict do nothing)
     select coalesce(upper(l.seqs), 0) as seq,
       coalesce(greatest(l.boot, (select max(boot) from boot_anchor where device_key = $1)) + 1, 0) as boot,
       coalesce(greatest(l.session, (select max(session) from device_session where device_key = $1)) + 1, 0) as session
     from known left join device_live l using (device_key)`,
    [deviceKey, secret.hash, secret.now, secret.inventory === undefined ? null : JSON.stringify(secret.inventory)],
  );
  return rows[0] ?? { seq: 0, boot: 0, session: 0 };
}
