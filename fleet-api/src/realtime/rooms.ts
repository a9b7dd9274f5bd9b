import type { Caller } from '../auth/caller.ts';
import { type Action, isAllowed } from '../auth/permissions.ts';
import { inScope, scopeOf } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';

/** Rooms of one socket at most: the rows of a long page, and some. */
export const MAX_ROOMS = 600;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Rooms without a key. What is sent into them goes by the watcher's regions; of settlement, by the contracts that the watcher sees. */
const WHOLE = ['overview', 'incidents', 'exclusions', 'repair', 'settlement'] as const;
type Whole = (typeof WHOLE)[number];

export type Room =
  | { readonly kind: Whole }
  | { readonly kind: 'region'; readonly regionId: number }
  | { readonly kind: 'device'; readonly deviceId: string }
  | { readonly kind: 'commands'; readonly batchId: string };

const ACTIONS: Readonly<Record<Room['kind'], Action>> = {
  overview: 'fleet.read',
  region: 'fleet.read',
  device: 'fleet.read',
  commands: 'command.read',
  incidents: 'alert.read',
  exclusions: 'availability.read',
  repair: 'repair.read',
  settlement: 'settlement.read',
};

/** Takes the name of a room apart; null if it is none. */
export function parseRoom(name: string): Room | null {
  const whole = WHOLE.find((kind) => kind === name);
  if (whole !== undefined) return { kind: whole };
  const colon = name.indexOf(':');
  const rest = name.slice(colon + 1);
  switch (name.slice(0, Math.max(colon, 0))) {
    case 'region':
      return /^[1-9]\d{0,8}$/.test(rest) ? { kind: 'region', regionId: Number(rest) } : null;
    case 'device':
      return /^[a-z0-9][a-z0-9-]{3,31}$/.test(rest) ? { kind: 'device', deviceId: rest } : null;
    case 'commands':
      return UUID.test(rest) ? { kind: 'commands', batchId: rest } : null;
    default:
      return null;
  }
}

/** The rooms of `names` that the caller may watch: by role, and by region as the database says. */
export async function watchable(db: Queryable, caller: Caller, names: readonly string[]): Promise<string[]> {
  const rooms = names.flatMap((name) => {
    const room = parseRoom(name);
    return room !== null && isAllowed(caller.role, ACTIONS[room.kind]) ? [{ name, room }] : [];
  });
  const { rows } = await db.query<{ kind: string; key: string }>(
    `select 'region' as kind, r.id::text as key from region r where r.id = any ($2::int[]) and ${inScope('r.path', '$1')}
     union all
     select 'device', d.device_id from device d left join region r on r.id = d.region_id
     where d.device_id = any ($3::text[]) and ${inScope('r.path', '$1')}
     union all
     select 'commands', b.id::text from command_batch b where b.id = any ($4::uuid[]) and ($1::int[] is null or exists (
       select 1 from command c join device d using (device_key) join region r on r.id = d.region_id
       where c.batch_id = b.id and r.path && $1::int[]))`,
    [
      scopeOf(caller),
      rooms.flatMap(({ room }) => (room.kind === 'region' ? [room.regionId] : [])),
      rooms.flatMap(({ room }) => (room.kind === 'device' ? [room.deviceId] : [])),
      rooms.flatMap(({ room }) => (room.kind === 'commands' ? [room.batchId] : [])),
    ],
  );
  const seen = new Set(rows.map(({ kind, key }) => `${kind}:${key}`));
  return rooms
    .filter(({ name, room }) => WHOLE.some((kind) => kind === room.kind) || seen.has(name))
    .map(({ name }) => name);
}
