import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import { Body, Id, Instant, NullableString, nullable, Query } from '../../http/schemas.ts';
import { Day, dayText } from '../contracts/schemas.ts';
import { Pair } from '../figures/schemas.ts';

const closing = {
  id: Id,
  contract_id: Id,
  from_day: Day,
  to_day: dayText('First day after it'),
  name: Type.String({ description: 'As it can be asked for, e.g. 2026-10' }),
  closed_at: Instant,
  closed_by: nullable(Type.Object({ id: Id, name: Type.String() })),
  figures_sha256: Type.String({
    description:
      'SHA-256, hex, over the frozen rows ordered by station and day, one line each ended by LF: station_id,day,required and, for network then equipment, up,down,unknown,platform,excluded (ms)',
  }),
};

export const Closing = Type.Object(closing);
export const ClosingList = Type.Object({ items: Type.Array(Closing) });
export const NewClosing = Body({
  period: Type.String({ maxLength: 21, description: '2026-10, or two days as 2026-10-01/2026-10-08' }),
});
export const ClosingParams = Type.Object({ id: Id, cid: Id });
export const ClosingQuery = Query({ cursor: pageQuery.cursor, limit: pageQuery.limit });

const DifferenceMs = Type.Object(
  {
    required_ms: Type.Integer(),
    up_ms: Type.Integer(),
    down_ms: Type.Integer(),
    unknown_ms: Type.Integer(),
    platform_ms: Type.Integer(),
    excluded_ms: Type.Integer(),
  },
  { description: 'What evidence says now less what was frozen' },
);

export const ClosingDetail = Type.Object({
  ...closing,
  intact: Type.Boolean({ description: 'The frozen rows still have this checksum' }),
  frozen: Pair,
  now: Pair,
  stations_changed: Type.Integer(),
  items: Type.Array(
    Type.Object({
      station: Type.Object({
        id: Id,
        code: NullableString,
        name: NullableString,
        site: nullable(Type.Object({ id: Id, name: Type.String() })),
      }),
      days: Type.Array(Day),
      network: DifferenceMs,
      equipment: DifferenceMs,
    }),
    { description: 'Stations whose figures late evidence has changed since' },
  ),
  next_cursor: NullableString,
});

export type Closing = Static<typeof Closing>;
export type ClosingDetail = Static<typeof ClosingDetail>;
