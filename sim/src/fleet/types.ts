/** A fleet as the simulator knows it: what the registry is told, plus the hidden character of each device. */

export type SiteKind = 'township_hospital' | 'village_clinic' | 'community';

export interface Region {
  readonly code: string;
  readonly parentCode: string | null;
  readonly kind: 'province' | 'county' | 'township';
  readonly name: string;
  readonly sort: number;
}

export interface Site {
  readonly code: string;
  readonly name: string;
  readonly kind: SiteKind;
  readonly regionCode: string;
  readonly countyCode: string;
  readonly address: string;
  readonly contactName: string;
  readonly contactPhone: string;
  readonly lat: number;
  readonly lon: number;
}

export interface Station {
  readonly code: string;
  readonly name: string;
  readonly siteCode: string;
}

export interface Model {
  readonly code: string;
  readonly name: string;
  readonly vendor: string;
  readonly requiredComponents: readonly string[];
}

export interface SimCard {
  readonly iccid: string;
  readonly imsi: string;
  readonly msisdn: string;
  readonly operator: string;
}

export interface FleetDevice {
  readonly serial: string;
  readonly modelCode: string;
  readonly lifecycle: 'in_service' | 'in_stock';
  /** County that keeps it (spares) or the county of its site. */
  readonly countyCode: string;
  readonly countyName: string;
  /** Null for a spare. */
  readonly stationCode: string | null;
  readonly siteCode: string | null;
  readonly siteName: string | null;
  readonly siteKind: SiteKind | null;
  readonly imei: string;
  readonly sim: SimCard;
}

export interface Fleet {
  readonly name: string;
  readonly seed: number;
  readonly regions: readonly Region[];
  readonly sites: readonly Site[];
  readonly stations: readonly Station[];
  readonly models: readonly Model[];
  /** In service first, in an order that mixes counties, so that the first N are a fair sample; then the spares. */
  readonly devices: readonly FleetDevice[];
}
