import type { Selectable } from '../scenario/select.ts';
import type { Fleet, FleetDevice } from './types.ts';

/** The devices of a fleet as selectors see them, in the fleet's order. */
export function selectablesOf(fleet: Fleet, deviceIdOf: (device: FleetDevice) => string): Selectable[] {
  const regionOfSite = new Map(fleet.sites.map((site) => [site.code, site.regionCode]));
  const nameOf = new Map(fleet.regions.map((region) => [region.code, region.name]));
  return fleet.devices.map((device) => ({
    ...device,
    deviceId: deviceIdOf(device),
    townshipName: nameOf.get(regionOfSite.get(device.siteCode ?? '') ?? '') ?? null,
  }));
}
