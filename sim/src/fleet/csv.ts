import type { Fleet } from './types.ts';

/** The tables of the platform's import, in the order in which they depend on each other. */
export const IMPORT_KINDS = ['regions', 'sites', 'stations', 'devices', 'sims'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

type Cell = string | number | null;

/** When the stations were handed over and the devices put there (R-HN-10: the term began in December 2023). */
const COMMISSIONED_AT = '2023-12-15T08:00:00+08:00';

/** One table of the registry as CSV (RFC 4180), as `POST /api/v1/imports/<kind>` takes it. */
export function csvOf(fleet: Fleet, kind: ImportKind): string {
  const [header, ...rows] = tableOf(fleet, kind);
  return [header, ...rows].map((row) => `${(row ?? []).map(cell).join(',')}\r\n`).join('');
}

function tableOf(fleet: Fleet, kind: ImportKind): readonly (readonly Cell[])[] {
  switch (kind) {
    case 'regions':
      return [
        ['code', 'parent_code', 'kind', 'name', 'sort'],
        ...fleet.regions.map((r) => [r.code, r.parentCode, r.kind, r.name, r.sort]),
      ];
    case 'sites':
      return [
        ['code', 'name', 'kind', 'region_code', 'address', 'contact_name', 'contact_phone', 'lat', 'lon'],
        ...fleet.sites.map((s) => [
          s.code,
          s.name,
          s.kind,
          s.regionCode,
          s.address,
          s.contactName,
          s.contactPhone,
          s.lat,
          s.lon,
        ]),
      ];
    case 'stations':
      return [
        ['code', 'name', 'site_code', 'commissioned_at'],
        ...fleet.stations.map((s) => [s.code, s.name, s.siteCode, COMMISSIONED_AT]),
      ];
    case 'devices':
      return [
        ['serial', 'model_code', 'region_code', 'lifecycle', 'station_code', 'installed_at'],
        ...fleet.devices.map((d) => [
          d.serial,
          d.modelCode,
          d.stationCode === null ? d.countyCode : null,
          d.lifecycle,
          d.stationCode,
          d.stationCode === null ? null : COMMISSIONED_AT,
        ]),
      ];
    case 'sims':
      return [
        ['iccid', 'imsi', 'msisdn', 'operator', 'device_serial'],
        ...fleet.devices.map((d) => [d.sim.iccid, d.sim.imsi, d.sim.msisdn, d.sim.operator, d.serial]),
      ];
  }
}

function cell(value: Cell): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
