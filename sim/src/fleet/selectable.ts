import type { Selectable } from '../scenario/select.ts';
import type { Fleet } from './types.ts';

/** The devices of a fleet as selectors see them, in the fleet's order. Their id is that of their serial until they have one. */
export function selectablesOf(fleet: Fleet): Selectable[] {
  const regionOfSite = new Map(fleet.sites.map((site) => [site.code, site.regionCode]));
  const nameOf = new Map(fleet.regions.map((region) => [region.code, region.name]));
  return fleet.devices.map((device) => ({
    ...device,
    deviceId: device.serial.toLowerCase(),
    townshipName: nameOf.get(regionOfSite.get(device.siteCode ?? '') ?? '') ?? null,
  }));
}
