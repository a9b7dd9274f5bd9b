import { Type } from 'typebox';
import { pageQuery } from '../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  NullableInstant,
  NullableInteger,
  NullableString,
  nullable,
  oneOf,
  Page,
  Query,
} from '../http/schemas.ts';

const Day = Type.String({ format: 'date' });

export const NewBundle = Body({
  contract_id: Id,
  period: Type.String({
    maxLength: 21,
    description:
      '`2026`, `2026-Q3`, `2026-10`, `2026-10-05`, or first day and the day after the last, `2026-10-01/2026-10-08`; in the zone of the contract',
  }),
  region_id: Type.Optional(Id),
  site_id: Type.Optional(Id),
  station_id: Type.Optional(Id),
});

export const Bundle = Type.Object({
  id: Type.String({ format: 'uuid' }),
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String() }),
  from_day: Day,
  to_day: Type.String({ format: 'date', description: 'The day after the last' }),
  scope: Type.Object({
    kind: oneOf(['contract', 'region', 'site', 'station']),
    id: NullableInteger,
    name: NullableString,
  }),
  state: oneOf(['queued', 'running', 'done', 'failed']),
  stations_total: NullableInteger,
  stations_done: Type.Integer(),
  file_bytes: NullableInteger,
  removed: Type.Boolean({ description: 'The file was taken away after its time: order the bundle again' }),
  sha256: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Of the archive, lower-case hex' }),
  error: NullableString,
  statement_id: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'The statement whose evidence it is; figures are those that it was closed with',
  }),
  created_by: nullable(Type.Object({ id: Id, name: Type.String() })),
  created_at: Instant,
  finished_at: NullableInstant,
});

export const BundlePage = Page(Bundle);
export const BundleQuery = Query(pageQuery);
export const BundleParams = Type.Object({ id: Type.String({ format: 'uuid' }) });

export const EvidenceKeyInfo = Type.Object({
  algorithm: oneOf(['Ed25519']),
  fingerprint: Type.String({ description: 'SHA-256 of the public key (DER), lower-case hex' }),
  public_key_pem: Type.String(),
});
