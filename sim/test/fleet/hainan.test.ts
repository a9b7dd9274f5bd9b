import { isDeviceId } from '@uptally/protocol';
import { expect, test } from 'vitest';
import { firstOf, HAINAN, hainanFleet } from '../../src/fleet/hainan.ts';
import { isLuhnValid, withLuhn } from '../../src/fleet/luhn.ts';
import type { SiteKind } from '../../src/fleet/types.ts';

const fleet = hainanFleet(1);
const ofKind = (kind: SiteKind) => fleet.sites.filter((site) => site.kind === kind).length;

test('R-HN-1: 434 township hospitals, 2,252 village clinics, 68 communities, 246 spares: 3,000 devices', () => {
  expect([ofKind('township_hospital'), ofKind('village_clinic'), ofKind('community')]).toEqual([434, 2252, 68]);
  expect(fleet.stations).toHaveLength(2754);
  expect(fleet.devices.filter((d) => d.lifecycle === 'in_service')).toHaveLength(2754);
  expect(fleet.devices.filter((d) => d.lifecycle === 'in_stock')).toHaveLength(HAINAN.spares);
  expect(fleet.devices).toHaveLength(3000);
});

test('R-HN-1: regions are a tree of one province, 18 counties and their townships; every county keeps spares', () => {
  const counties = fleet.regions.filter((r) => r.kind === 'county');
  const townships = fleet.regions.filter((r) => r.kind === 'township');
  expect(counties).toHaveLength(18);
  expect(townships.length).toBeGreaterThanOrEqual(200);
  const codes = new Set(fleet.regions.map((r) => r.code));
  expect(codes.size).toBe(fleet.regions.length);
  for (const region of fleet.regions) if (region.parentCode !== null) expect(codes.has(region.parentCode)).toBe(true);
  for (const site of fleet.sites) expect(codes.has(site.regionCode)).toBe(true);
  const spareCounties = new Set(fleet.devices.filter((d) => d.stationCode === null).map((d) => d.countyCode));
  expect(spareCounties.size).toBe(18);
});

test('every township has a hospital, every station exactly one device', () => {
  const withHospital = new Set(fleet.sites.filter((s) => s.kind === 'township_hospital').map((s) => s.regionCode));
  expect(withHospital.size).toBe(fleet.regions.filter((r) => r.kind === 'township').length);
  const served = fleet.devices.flatMap((d) => (d.stationCode === null ? [] : [d.stationCode]));
  expect(new Set(served)).toEqual(new Set(fleet.stations.map((s) => s.code)));
  expect(served).toHaveLength(2754);
});

test('codes, names, serials and cards are unique; ICCIDs and IMEIs carry valid check digits', () => {
  const unique = (values: readonly string[]) => expect(new Set(values).size).toBe(values.length);
  unique(fleet.sites.map((s) => s.code));
  unique(fleet.sites.map((s) => s.regionCode + s.name));
  unique(fleet.devices.map((d) => d.serial));
  unique(fleet.devices.map((d) => d.sim.iccid));
  unique(fleet.devices.map((d) => d.imei));
  for (const device of fleet.devices) {
    expect(device.sim.iccid).toMatch(/^898600\d{14}$/);
    expect(isLuhnValid(device.sim.iccid) && isLuhnValid(device.imei)).toBe(true);
    expect(isDeviceId(device.serial.toLowerCase())).toBe(true);
  }
});

test('the first sixty stand at sixty stations of their own, and the spares stay', () => {
  const few = firstOf(fleet, 60);
  expect([few.sites.length, few.stations.length, few.devices.length]).toEqual([60, 60, 60 + HAINAN.spares]);
  expect(new Set(few.devices.flatMap((d) => d.stationCode ?? []))).toEqual(new Set(few.stations.map((s) => s.code)));
  expect(new Set(few.stations.map((s) => s.siteCode))).toEqual(new Set(few.sites.map((s) => s.code)));
  expect(firstOf(fleet, 3000)).toEqual(fleet);
});

test('telephone numbers are none that an exchange hands out', () => {
  for (const site of fleet.sites) expect(site.contactPhone).toMatch(/^000-\d{8}$/);
});

test('the same seed gives the same fleet, another seed another one', () => {
  expect(hainanFleet(1)).toEqual(fleet);
  expect(hainanFleet(2).sites.map((s) => s.name)).not.toEqual(fleet.sites.map((s) => s.name));
});

test('the check digit agrees with the worked example of ISO/IEC 7812-1', () => {
  expect(withLuhn('7992739871')).toBe('79927398713');
  expect(isLuhnValid('79927398710')).toBe(false);
});
