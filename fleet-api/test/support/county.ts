import type { Pool } from '../../src/db/index.ts';

export interface TestCounty {
  readonly countyId: number;
  readonly townshipId: number;
  readonly siteId: number;
  readonly siteCode: string;
  /** Two stations; `devices[i]` stands at `stations[i]`. */
  readonly stations: readonly number[];
  readonly stationCodes: readonly string[];
  readonly devices: readonly string[];
  /** In stock, at the county. */
  readonly spares: readonly string[];
}

/** A county with a township, a site, two installed devices and two spares. `tag` makes every code unique. */
export async function testCounty(pool: Pool, tag: string, installedAt: Date): Promise<TestCounty> {
  const id = async (sql: string, values: unknown[]): Promise<number> => {
    const { rows } = await pool.query<{ id: number }>(sql, values);
    return rows[0]?.id ?? 0;
  };
  const provinceId = await id(
    `insert into region (kind, code, name) values ('province', '46', '海南省')
     on conflict (code) do update set name = excluded.name returning id`,
    [],
  );
  const region = 'insert into region (parent_id, kind, code, name) values ($1, $2, $3, $4) returning id';
  const countyId = await id(region, [provinceId, 'county', `46${tag}`, `${tag}县`]);
  const townshipId = await id(region, [countyId, 'township', `46${tag}01`, `${tag}镇`]);
  const siteCode = `S-${tag}`;
  const siteId = await id('insert into site (region_id, code, name) values ($1, $2, $3) returning id', [
    townshipId,
    siteCode,
    `${tag}卫生室`,
  ]);
  const stationCodes = [`${siteCode}-1`, `${siteCode}-2`];
  const stations: number[] = [];
  for (const code of stationCodes) {
    stations.push(
      await id('insert into station (site_id, code, name) values ($1, $2, $2) returning id', [siteId, code]),
    );
  }
  const device = async (deviceId: string, lifecycle: string, regionId: number): Promise<number> =>
    id(
      `with d as (insert into device (device_id, serial, lifecycle, region_id) values ($1, upper($1), $2, $3) returning device_key)
       insert into device_live (device_key) select device_key from d returning device_key as id`,
      [deviceId, lifecycle, regionId],
    );
  const names = tag.toLowerCase();
  const devices = [`dev-${names}-1`, `dev-${names}-2`];
  for (const [i, name] of devices.entries()) {
    const key = await device(name, 'in_service', townshipId);
    await pool.query('insert into installation (device_key, station_id, from_at) values ($1, $2, $3)', [
      key,
      stations[i],
      installedAt,
    ]);
  }
  const spares = [`spare-${names}-1`, `spare-${names}-2`];
  for (const name of spares) await device(name, 'in_stock', countyId);
  return { countyId, townshipId, siteId, siteCode, stations, stationCodes, devices, spares };
}
