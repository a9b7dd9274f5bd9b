import {
  dayBounds,
  type Interval,
  parseCalendar,
  type RawDevice,
  recountEach,
  recountHours,
  type Tally,
} from '@uptally/sla';
import type { Pool } from '../../../src/db/index.ts';
import { GAP_MS } from '../../../src/platform/index.ts';
import { type AccrualRow, accruals } from './support.ts';

/** Counts again what the ledger says, from the raw records alone and by the second implementation of the rules. */

const FOREVER = 8_640_000_000_000_000;
const at = (column: string): string => `(extract(epoch from ${column}) * 1000)::int8`;

async function rows<R extends object>(pool: Pool, sql: string, values: readonly unknown[] = []): Promise<R[]> {
  return (await pool.query<R>(sql, [...values])).rows;
}

async function rawDevice(pool: Pool, deviceKey: number): Promise<RawDevice> {
  const all = <R extends object>(sql: string) => rows<R>(pool, sql, [deviceKey]);
  const at1 = (list: readonly { at: number }[]) => list.map((row) => row.at);
  return {
    deviceKey,
    beats: await all(
      `select ${at('ts')} as at, seq, flags & 1 <> 0 as live, coalesce(live_ms, 150000) as "livenessMs" from rec_beat where device_key = $1`,
    ),
    cleanEnds: at1(
      await all(
        `select ${at('ended_at')} as at from device_session where device_key = $1 and end_kind in ('clean', 'revoked')`,
      ),
    ),
    boots: at1(
      await all(
        `select offset_ms as at from boot_anchor where device_key = $1 and from_mono_ms = 0
         union select ${at('ts')} from rec_event where device_key = $1 and code = 'boot'`,
      ),
    ),
    reports: await all(
      `select ${at('ts')} as at, seq, c.key as component, c.value->>'s' as state from rec_health, jsonb_each(components) c where device_key = $1`,
    ),
    requirements: await all(
      `select coalesce(${at("nullif(from_at, '-infinity')")}, ${-FOREVER}) as "from", components
       from model_requirement q join device d using (model_id) where device_key = $1`,
    ),
    received: await all(`select lower(r) as lo, upper(r) as hi from device_live, unnest(seqs) r where device_key = $1`),
  };
}

async function platformOutages(pool: Pool, nowMs: number): Promise<Interval[]> {
  const spans = await rows<Interval>(
    pool,
    `select ${at('from_at')} as "from", ${at('to_at')} as "to" from platform_liveness where component = 'ingest' order by from_at`,
  );
  const out: Interval[] = [];
  let until = -FOREVER;
  for (const { from, to } of spans) {
    if (from - until > GAP_MS) out.push({ from: until, to: from });
    until = Math.max(until, to);
  }
  if (nowMs - until > GAP_MS) out.push({ from: until, to: FOREVER });
  return out;
}

interface ContractRow {
  readonly id: number;
  readonly time_zone: string;
  readonly term_from: string;
  readonly calendar: unknown;
}

interface ExclusionRow extends Interval {
  readonly contract_id: number;
  readonly station_id: number;
  readonly dimension: string;
}

/** The difference between the ledger and the recount, row by row; empty if they agree to the ms. */
export async function differences(pool: Pool, nowMs: number): Promise<readonly object[]> {
  const kept = await accruals(pool);
  const outages = await platformOutages(pool, nowMs);
  const contracts = await rows<ContractRow>(
    pool,
    `select id, time_zone, to_char(term_from, 'YYYY-MM-DD') as term_from, calendar from contract`,
  );
  const exclusions = await rows<ExclusionRow>(
    pool,
    `select contract_id, station_id, dimension, ${at('from_at')} as "from", ${at('to_at')} as "to" from exclusion where state = 'approved'`,
  );
  const stations = await rows<{ id: number; commissioned: number }>(
    pool,
    `select id, ${at('commissioned_at')} as commissioned from station`,
  );
  const devices = new Map<number, RawDevice>();
  for (const { device_key } of await rows<{ device_key: number }>(pool, 'select device_key from device')) {
    devices.set(device_key, await rawDevice(pool, device_key));
  }
  const found: object[] = [];
  for (const station of stations) {
    const spans = (table: string, lead = '') =>
      rows<Interval & { deviceKey: number }>(
        pool,
        `select ${lead} ${at('from_at')} as "from", coalesce(${at('to_at')}, ${FOREVER}) as "to" from ${table} where station_id = $1`,
        [station.id],
      );
    const installations = await spans('installation', 'device_key as "deviceKey",');
    const suspensions = await spans('station_suspension');
    for (const contract of contracts) {
      const mine = kept.filter((row) => row.contract_id === contract.id && row.station_id === station.id);
      const windows = mine.map((row) => ({ from: dayBounds(contract.time_zone, row.day).from, to: row.computed_to }));
      const whole = { from: windows[0]?.from ?? 0, to: windows.at(-1)?.to ?? 0 };
      const excluded = (dimension: string) =>
        exclusions.filter(
          (x) =>
            x.contract_id === contract.id &&
            x.station_id === station.id &&
            (x.dimension === 'both' || x.dimension === dimension),
        );
      const counts = recountEach(
        {
          devices: [...devices.values()],
          installations,
          outages,
          term: { from: dayBounds(contract.time_zone, contract.term_from).from, to: FOREVER },
          commissioned: { from: station.commissioned, to: FOREVER },
          suspensions,
          serviceHours: recountHours(
            parseCalendar(contract.calendar),
            contract.time_zone,
            { holidays: [], workdays: [] },
            whole,
          ),
          excluded: { network: excluded('network'), equipment: excluded('equipment') },
        },
        windows,
      );
      for (const [i, row] of mine.entries()) {
        const count = counts[i];
        if (count !== undefined)
          found.push(...compare(row, 'net', count.network), ...compare(row, 'eq', count.equipment));
      }
    }
  }
  return found;
}

function compare(row: AccrualRow, dimension: 'net' | 'eq', tally: Tally): object[] {
  const recounted = [tally.up, tally.down, tally.unknown, tally.platform, tally.excluded];
  const same = row.required_ms === tally.required && recounted.every((value, i) => value === row[dimension][i]);
  const { contract_id, station_id, day, computed_to, required_ms } = row;
  return same
    ? []
    : [
        {
          contract_id,
          station_id,
          day,
          computed_to,
          dimension,
          required_ms,
          kept: row[dimension],
          recounted,
          required: tally.required,
        },
      ];
}
