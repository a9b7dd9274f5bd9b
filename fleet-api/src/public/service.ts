import { hashSecret, newSecret } from '../auth/credentials.ts';
import { inTransaction, type Pool } from '../db/index.ts';
import { SITE_CAUSES } from '../faults/causes.ts';
import { openFault } from '../faults/open.ts';
import { tellFaults } from '../faults/tell.ts';
import { storeFile, type Upload } from '../files/index.ts';
import { apiError } from '../http/errors.ts';
import { faultNumber } from '../repair/numbers.ts';
import { PROGRESS, type SiteReport, type SiteReported, type StationPage } from './schemas.ts';
import * as sql from './sql.ts';

/** Reports that a station's page takes within an hour: beyond, nobody tells anything new. */
const MAX_REPORTS_AN_HOUR = 10;
const MAX_PHOTOS = 3;

/** What the page of a station shows. @throws ApiError `not_found` */
export async function readStation(pool: Pool, token: string, nowMs: number): Promise<StationPage> {
  const row = await sql.selectByToken(pool, token);
  if (row === null) throw apiError('not_found');
  const known = await sql.selectKnown(pool, row.station_id, nowMs);
  return {
    station: { name: row.name, code: row.code },
    site: row.site,
    county: row.county,
    causes: [...SITE_CAUSES],
    faults: known.map((fault) => ({
      number: faultNumber(fault.id),
      cause: fault.cause,
      since: fault.opened_at,
      progress: progressOf(fault),
    })),
  };
}

function progressOf({ status, order_state }: sql.KnownRow): (typeof PROGRESS)[number] {
  if (status !== 'open') return 'repaired';
  return PROGRESS.find((each) => each === order_state && each !== 'repaired') ?? 'known';
}

/**
 * Takes what a site reports. A program that fills in what people don't see is told that all went well, and nothing happens.
 * @throws ApiError `not_found`, `too_many_requests`
 */
export async function reportFromSite(
  pool: Pool,
  token: string,
  report: SiteReport,
  nowMs: number,
): Promise<SiteReported> {
  const key = newSecret();
  const station = await sql.selectByToken(pool, token);
  if (station === null) throw apiError('not_found');
  if (report.website !== undefined && report.website !== '') {
    return { number: faultNumber(0), known: true, photo_key: key };
  }
  return inTransaction(pool, async (client) => {
    await client.query('select 1 from station where id = $1 for no key update', [station.station_id]);
    if ((await sql.countRecent(client, station.station_id, nowMs)) >= MAX_REPORTS_AN_HOUR) {
      throw apiError('too_many_requests', 'This station has reported often within the last hour');
    }
    const { faultId, created } = await openFault(client, {
      stationId: station.station_id,
      source: 'site',
      cause: report.cause,
      description: report.words ?? '',
      reporter: { name: report.name ?? null, phone: report.phone ?? null },
      openedAtMs: nowMs,
      nowMs,
    });
    await sql.setPhotoKey(client, faultId, hashSecret(key));
    if (!created) await tellFaults(client, [faultId], 'reported');
    return { number: faultNumber(faultId), known: !created, photo_key: key };
  });
}

/** The fault that a photo may be added to. @throws ApiError `not_found`, `too_many_files` */
export async function requirePhotoPlace(pool: Pool, token: string, key: string, nowMs: number): Promise<number> {
  const station = await sql.selectByToken(pool, token);
  const place = station === null ? null : await sql.selectByPhotoKey(pool, station.station_id, hashSecret(key), nowMs);
  if (place === null) throw apiError('not_found');
  if (place.files >= MAX_PHOTOS) throw apiError('too_many_files');
  return place.fault_id;
}

/** Keeps a photo that a site added to its report. */
export async function addSitePhoto(pool: Pool, faultId: number, photo: Upload, nowMs: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    await storeFile(client, { ...photo, subject: `fault:${faultId}`, purpose: 'photo', userId: null, nowMs });
    await tellFaults(client, [faultId], 'reported');
  });
}
