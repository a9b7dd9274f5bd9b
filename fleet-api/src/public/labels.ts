import { randomBytes } from 'node:crypto';
import { inTransaction, type Pool } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { requireInScope } from '../faults/places.ts';
import { apiError } from '../http/errors.ts';
import { qrOf } from '../http/qr.ts';
import { record } from '../registry/shared/doer.ts';
import type { Label, LabelQuery } from './schemas.ts';
import * as sql from './sql.ts';

/** Labels of one answer at most: a county of the largest has some hundred stations. */
const MAX_LABELS = 1000;

/** 96 random bits: nobody finds a station's page by trying. */
const newToken = (): string => randomBytes(12).toString('base64url');

/**
 * Labels of a station, of a site or of a region's stations; each leads to the page of its station, which it gets now if it has none.
 * @throws ApiError `invalid_request`, `not_found`
 */
export async function labelsOf(pool: Pool, by: Member, query: LabelQuery, origin: string): Promise<Label[]> {
  if (Object.values(query).filter((value) => value !== undefined).length !== 1) {
    throw apiError('invalid_request', 'give exactly one of station, site and region');
  }
  const bare = await sql.selectLabelled(pool, by.scope, query, MAX_LABELS);
  if (bare.length === 0) throw apiError('not_found');
  const without = bare.filter(({ token }) => token === null);
  if (without.length > 0) {
    const pages = without.map(({ station_id }) => ({ stationId: station_id, token: newToken() }));
    await inTransaction(pool, (client) => sql.insertPages(client, pages, by));
  }
  const rows = without.length === 0 ? bare : await sql.selectLabelled(pool, by.scope, query, MAX_LABELS);
  return rows.map(({ token, ...row }) => {
    const url = `${origin}/r/${token}`;
    return { ...row, url, qr: qrOf(url) };
  });
}

/** Gives a station another page address. @throws ApiError `unknown_reference` */
export async function rotateLabel(pool: Pool, by: Member, stationId: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    await requireInScope(client, by.scope, stationId, null);
    await sql.replacePage(client, stationId, newToken(), by);
    await record(client, by, 'station.label_replaced', `station:${stationId}`);
  });
}
