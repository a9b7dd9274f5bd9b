import type { DeviceRow, Filters } from './useDeviceList.ts';
import { toQuery } from './useDeviceList.ts';

/** Where a device stands: site and station; a device without a station stands nowhere. */
export function placeWords(row: Pick<DeviceRow, 'site' | 'station'>): string {
  const names = [row.site?.name, row.station?.name].filter((name) => name !== undefined);
  return [...new Set(names)].join(' · ');
}

/** County and township. */
export function regionWords(row: Pick<DeviceRow, 'region'>): string {
  if (!row.region) return '';
  const names = [row.region.county, row.region.township].filter((name) => name !== null);
  return names.length > 0 ? names.join(' / ') : row.region.name;
}

/** The list with its filters and order as a file. */
export function csvUrl(filters: Filters, sort: string): string {
  const query = new URLSearchParams({ sort });
  for (const [name, value] of Object.entries(toQuery(filters))) query.set(name, String(value));
  return `/api/v1/devices.csv?${query}`;
}
