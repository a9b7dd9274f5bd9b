import { type Static, Type } from 'typebox';
import { SITE_CAUSES } from '../faults/causes.ts';
import { QrCode } from '../http/qr.ts';
import { Body, Id, Instant, NullableString, oneOf, Query, text } from '../http/schemas.ts';

/** How far a repair is, for people who can't sign in. */
export const PROGRESS = ['known', 'acknowledged', 'assigned', 'on_the_way', 'on_site', 'restored', 'repaired'] as const;

export const TokenParams = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{12,64}$' }) });

export const StationPage = Type.Object({
  station: Type.Object({ name: Type.String(), code: Type.String() }),
  site: Type.String(),
  county: NullableString,
  causes: Type.Array(oneOf(SITE_CAUSES), { description: 'What can be reported' }),
  faults: Type.Array(
    Type.Object({
      number: Type.String(),
      cause: Type.String(),
      since: Instant,
      progress: oneOf(PROGRESS),
    }),
    { description: 'Open ones, and those that ended within a day' },
  ),
});
export type StationPage = Static<typeof StationPage>;

export const SiteReport = Body({
  cause: oneOf(SITE_CAUSES),
  words: Type.Optional(text(500)),
  name: Type.Optional(text(60)),
  phone: Type.Optional(Type.String({ maxLength: 20, pattern: '^[0-9+() -]{5,20}$' })),
  website: Type.Optional(
    Type.String({ maxLength: 200, description: 'Hidden from people; whoever fills it in is a program' }),
  ),
});
export type SiteReport = Static<typeof SiteReport>;

export const SiteReported = Type.Object({
  number: Type.String(),
  known: Type.Boolean({ description: 'True: it was known already; this is a further voice' }),
  photo_key: Type.String({ description: 'Lets the same page add up to three photos for half an hour' }),
});
export type SiteReported = Static<typeof SiteReported>;

export const PhotoParams = Type.Object({
  token: TokenParams.properties.token,
  key: Type.String({ pattern: '^[A-Za-z0-9_-]{20,64}$' }),
});

export const LabelQuery = Query({
  station: Type.Optional(Id),
  site: Type.Optional(Id),
  region: Type.Optional(Id),
});
export type LabelQuery = Static<typeof LabelQuery>;

export const Label = Type.Object({
  station_id: Id,
  code: Type.String(),
  name: Type.String(),
  site: Type.String(),
  county: NullableString,
  url: Type.String(),
  qr: QrCode,
});
export type Label = Static<typeof Label>;
export const Labels = Type.Object({ items: Type.Array(Label) });
