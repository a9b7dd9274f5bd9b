import type { Site, SiteKind } from './useSites.ts';

/** A site as it is typed. */
export interface SiteForm {
  name: string;
  code: string;
  kind: SiteKind;
  regionId: number | null;
  address: string;
  contactName: string;
  contactPhone: string;
  lat: string;
  lon: string;
}

/** Codes of sites and stations, as the server takes them. */
export function isCode(code: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/.test(code.trim());
}

export function formOf(site: Site | null, regionId: number | null): SiteForm {
  return {
    name: site?.name ?? '',
    code: site?.code ?? '',
    kind: site?.kind ?? 'village_clinic',
    regionId: site?.region.id ?? regionId,
    address: site?.address ?? '',
    contactName: site?.contact_name ?? '',
    contactPhone: site?.contact_phone ?? '',
    lat: site?.lat == null ? '' : String(site.lat),
    lon: site?.lon == null ? '' : String(site.lon),
  };
}

/** A coordinate in degrees; null if the field is empty, NaN if it is no number. */
export function degrees(typed: string): number | null {
  return typed.trim() === '' ? null : Number(typed);
}

export function isComplete(form: SiteForm): boolean {
  const numbers = [degrees(form.lat), degrees(form.lon)].every((n) => n === null || Number.isFinite(n));
  return form.name.trim() !== '' && isCode(form.code) && form.regionId !== null && numbers;
}

/** What is sent; an emptied field becomes null, so that it is emptied there, too. */
export function siteBody(form: SiteForm) {
  const orNull = (text: string) => text.trim() || null;
  return {
    name: form.name.trim(),
    code: form.code.trim(),
    kind: form.kind,
    region_id: form.regionId ?? 0,
    address: orNull(form.address),
    contact_name: orNull(form.contactName),
    contact_phone: orNull(form.contactPhone),
    lat: degrees(form.lat),
    lon: degrees(form.lon),
  };
}
