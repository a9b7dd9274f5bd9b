import { type Rng, rngFor } from '../random/rng.ts';
import { allot } from './allot.ts';
import { COUNTIES, type CountyFacts, PROVINCE } from './geography.ts';
import { withLuhn } from './luhn.ts';
import { MODELS } from './models.ts';
import { contactOf, inventedPhone, siteNames } from './names.ts';
import type { Fleet, FleetDevice, Region, SimCard, Site, SiteKind, Station } from './types.ts';

/** The figures of R-HN-1. One station a site, one device a station. */
export const HAINAN = { townshipHospitals: 434, villageClinics: 2252, communities: 68, spares: 246 } as const;

const LETTER: Record<SiteKind, string> = { township_hospital: 'H', village_clinic: 'V', community: 'C' };
/** Communities are in town: which counties have them, by weight. */
const COMMUNITY_WEIGHT: Readonly<Record<string, number>> = { HK: 26, SY: 10, DZ: 8, QH: 4, WC: 4, WN: 4 };

/** The Hainan fleet (R-HN-1), a function of the seed: 2,754 stations with a device each, 246 spares kept by the counties. */
export function hainanFleet(seed: number): Fleet {
  const sites = COUNTIES.flatMap((county, i) => countySites(county, i, seed));
  const stations = sites.map((site): Station => ({ code: `${site.code}-1`, name: '1号点位', siteCode: site.code }));
  const mixed = rngFor(seed, 'device-order').shuffle(sites);
  const inService = mixed.map((site, i) => deviceAt(site, i, seed));
  const spares = spareCounties().map((county, i) => spareOf(county, inService.length + i, seed));
  return { name: 'hn', seed, regions: regions(), sites, stations, models: MODELS, devices: [...inService, ...spares] };
}

/** What a registry has to know where only the first `count` devices run: their sites and stations, and all spares. */
export function firstOf(fleet: Fleet, count: number): Fleet {
  const devices = fleet.devices.filter(({ stationCode }, i) => i < count || stationCode === null);
  const known = new Set(devices.flatMap(({ siteCode, stationCode }) => [siteCode, stationCode]));
  return {
    ...fleet,
    sites: fleet.sites.filter(({ code }) => known.has(code)),
    stations: fleet.stations.filter(({ code }) => known.has(code)),
    devices,
  };
}

function townsOf(county: CountyFacts): string[] {
  return county.towns.split(' ');
}

function townCode(county: CountyFacts, index: number): string {
  return `${county.code}${String(index + 1).padStart(3, '0')}`;
}

function regions(): Region[] {
  const province: Region = { ...PROVINCE, parentCode: null, kind: 'province', sort: 0 };
  return [
    province,
    ...COUNTIES.map(
      (c, sort): Region => ({ code: c.code, parentCode: PROVINCE.code, kind: 'county', name: c.name, sort }),
    ),
    ...COUNTIES.flatMap((c) =>
      townsOf(c).map(
        (name, sort): Region => ({ code: townCode(c, sort), parentCode: c.code, kind: 'township', name, sort }),
      ),
    ),
  ];
}

/** How many sites of each kind each county has, in the order of {@link COUNTIES}. */
function countsByCounty(): Record<SiteKind, number[]> {
  const towns = COUNTIES.map((c) => townsOf(c).length);
  const extra = HAINAN.townshipHospitals - towns.reduce((a, b) => a + b, 0);
  const more = allot(
    extra,
    COUNTIES.map((c) => c.villages),
  );
  return {
    township_hospital: towns.map((n, i) => n + (more[i] ?? 0)),
    village_clinic: allot(
      HAINAN.villageClinics,
      COUNTIES.map((c) => c.villages),
    ),
    community: allot(
      HAINAN.communities,
      COUNTIES.map((c) => COMMUNITY_WEIGHT[c.short] ?? 1),
    ),
  };
}

const COUNTS = countsByCounty();

function countySites(county: CountyFacts, countyIndex: number, seed: number): Site[] {
  const rng = rngFor(seed, 'sites', county.code);
  return (['township_hospital', 'village_clinic', 'community'] as const).flatMap((kind) =>
    sitesOfKind(county, kind, COUNTS[kind][countyIndex] ?? 0, rng).map((site, i): Site => {
      const code = `${county.short}-${LETTER[kind]}${String(i + 1).padStart(3, '0')}`;
      return { ...site, code, contactPhone: inventedPhone(Number(county.code) * 100 + i) };
    }),
  );
}

type Unnumbered = Omit<Site, 'code'>;

function sitesOfKind(county: CountyFacts, kind: SiteKind, count: number, rng: Rng): Unnumbered[] {
  const towns = townsOf(county);
  const urban = (town: string): number => (town.endsWith('街道') ? 0.2 : 1);
  const weights = towns.map((town, i) => {
    if (kind === 'community') return i === 0 || town.endsWith('街道') || town.endsWith('区') ? 1 : 0.01;
    return kind === 'village_clinic' ? urban(town) * rng.range(0.7, 1.3) : urban(town);
  });
  const perTown = allot(count, weights, kind === 'township_hospital' ? 1 : 0);
  return towns.flatMap((town, i) => {
    const lat = county.lat + rng.range(-0.13, 0.13);
    const lon = county.lon + rng.range(-0.13, 0.13);
    return siteNames(town, kind, perTown[i] ?? 0, rng).map(
      (name): Unnumbered => ({
        name,
        kind,
        regionCode: townCode(county, i),
        countyCode: county.code,
        address: `${PROVINCE.name}${county.name}${town}`,
        contactName: contactOf(kind),
        contactPhone: '',
        lat: round5(lat + rng.range(-0.03, 0.03)),
        lon: round5(lon + rng.range(-0.03, 0.03)),
      }),
    );
  });
}

const COUNTY_BY_CODE = new Map(COUNTIES.map((c) => [c.code, c]));

function deviceAt(site: Site, index: number, seed: number): FleetDevice {
  return {
    ...hardware(index, seed),
    lifecycle: 'in_service',
    countyCode: site.countyCode,
    countyName: COUNTY_BY_CODE.get(site.countyCode)?.name ?? '',
    stationCode: `${site.code}-1`,
    siteCode: site.code,
    siteName: site.name,
    siteKind: site.kind,
  };
}

function spareOf(county: CountyFacts, index: number, seed: number): FleetDevice {
  return {
    ...hardware(index, seed),
    lifecycle: 'in_stock',
    countyCode: county.code,
    countyName: county.name,
    stationCode: null,
    siteCode: null,
    siteName: null,
    siteKind: null,
  };
}

function spareCounties(): CountyFacts[] {
  const stations = COUNTIES.map((_, i) => Object.values(COUNTS).reduce((sum, counts) => sum + (counts[i] ?? 0), 0));
  const spares = allot(HAINAN.spares, stations, 1);
  return COUNTIES.flatMap((county, i) => Array.from({ length: spares[i] ?? 0 }, () => county));
}

function hardware(index: number, seed: number): Pick<FleetDevice, 'serial' | 'modelCode' | 'imei' | 'sim'> {
  const number = String(index + 1).padStart(5, '0');
  const second = rngFor(seed, 'model', index).chance(0.35);
  return {
    serial: `CYT23${second ? 'B' : 'A'}${number}`,
    modelCode: second ? 'NT-POS2' : 'NT-POS1',
    imei: withLuhn(`35000000${String(index + 1).padStart(6, '0')}`),
    sim: simCard(index),
  };
}

/** ITU-T E.118: 89 telecom, 86 China, 00 issuer; the account part and the numbers are plainly made up (zeroes, then a count). */
function simCard(index: number): SimCard {
  const number = String(index + 1).padStart(5, '0');
  return {
    iccid: withLuhn(`8986000000000${number.padStart(6, '0')}`),
    imsi: `460000000${number.padStart(6, '0')}`,
    msisdn: `10640000${number}`,
    operator: '中国移动',
  };
}

function round5(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}
