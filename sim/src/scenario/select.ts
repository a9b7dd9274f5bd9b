import type { FleetDevice, SiteKind } from '../fleet/types.ts';
import { rngFor } from '../random/rng.ts';
import type { Selector } from './types.ts';

/** What a selector can see of a device. */
export interface Selectable extends Pick<FleetDevice, 'serial' | 'countyName' | 'countyCode' | 'modelCode'> {
  readonly deviceId: string;
  readonly townshipName: string | null;
  readonly siteCode: string | null;
  readonly siteName: string | null;
  readonly siteKind: SiteKind | null;
}

/** Indices of the devices that a selector means, ascending. A share or count is drawn by `seed`, the same for the same fleet. */
export function selectDevices(devices: readonly Selectable[], select: Selector, seed: number): number[] {
  const matching = devices.flatMap((device, i) => (matches(device, select) ? [i] : []));
  const wanted = select.count ?? (select.share === undefined ? null : Math.round(matching.length * select.share));
  if (wanted === null) return matching;
  return rngFor(seed, 'select')
    .shuffle(matching)
    .slice(0, wanted)
    .sort((a, b) => a - b);
}

function matches(device: Selectable, select: Selector): boolean {
  const wanted: readonly (readonly [string | undefined, ...(string | null)[]])[] = [
    [select.county, device.countyName, device.countyCode],
    [select.township, device.townshipName],
    [select.site, device.siteCode, device.siteName],
    [select.device, device.serial, device.deviceId],
    [select.kind, device.siteKind],
    [select.model, device.modelCode],
  ];
  return wanted.every(([word, ...names]) => word === undefined || names.includes(word));
}
