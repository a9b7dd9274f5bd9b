import type { Pool } from '../../../fleet-api/src/db/index.ts';
import { type TrueWorld, WINDOW } from './world.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** The registry of the world: its stations in one county, its devices as the swaps put them. */
export async function enterRegistry(pool: Pool, { delivered, fleet, swaps, deviceIdOf }: TrueWorld): Promise<void> {
  const stations = delivered.devices.flatMap(({ stationCode }) => stationCode ?? []);
  const required = delivered.models.map((model) => model.requiredComponents);
  await pool.query(
    `with p as (insert into region (kind, code, name) values ('province', 'P', 'Province') returning id),
     s as (insert into site (region_id, code, name) select id, 'S', 'Site' from p returning id)
     insert into station (site_id, code, name, commissioned_at) select s.id, c, c, $2 from s, unnest($1::text[]) c`,
    [stations, iso(WINDOW.fromMs)],
  );
  await pool.query(
    `insert into device_model (code, name, required_components)
     select code, code, array(select jsonb_array_elements_text(required)) from unnest($1::text[], $2::jsonb[]) as m(code, required)`,
    [delivered.models.map(({ code }) => code), required.map((list) => JSON.stringify(list))],
  );
  await pool.query(
    `with d as (
       insert into device (device_id, serial, model_id, lifecycle)
       select d.device_id, d.serial, m.id, 'in_service' from unnest($1::text[], $2::text[], $3::text[]) as d(device_id, serial, model)
       join device_model m on m.code = d.model returning device_key)
     insert into device_live (device_key) select device_key from d on conflict do nothing`,
    [
      delivered.devices.map(({ serial }) => deviceIdOf(serial)),
      delivered.devices.map(({ serial }) => serial),
      delivered.devices.map(({ modelCode }) => modelCode),
    ],
  );
  const bySerial = new Map(swaps.map((swap) => [swap.oldSerial, swap]));
  const sinceOf = new Map(swaps.map((swap) => [swap.newSerial, swap.atMs]));
  const old = delivered.devices.flatMap(({ serial, stationCode }) => {
    const swap = bySerial.get(serial);
    return stationCode !== null && swap ? [{ serial, stationCode, fromMs: WINDOW.fromMs, toMs: swap.atMs }] : [];
  });
  const now = fleet.devices.flatMap(({ serial, stationCode }) =>
    stationCode === null
      ? []
      : [{ serial, stationCode, fromMs: sinceOf.get(serial) ?? WINDOW.fromMs, toMs: null as number | null }],
  );
  const all = [...old, ...now];
  await pool.query(
    `insert into installation (device_key, station_id, from_at, to_at)
     select d.device_key, t.id, i.from_at, i.to_at
     from unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[]) as i(serial, code, from_at, to_at)
     join device d on d.serial = i.serial join station t on t.code = i.code`,
    [
      all.map(({ serial }) => serial),
      all.map(({ stationCode }) => stationCode),
      all.map(({ fromMs }) => iso(fromMs)),
      all.map(({ toMs }) => (toMs === null ? null : iso(toMs))),
    ],
  );
}
