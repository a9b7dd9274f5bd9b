import type { Queryable } from '../db/index.ts';
import type { PageOf } from '../http/paging.ts';
import { Filter } from '../registry/shared/filter.ts';
import {
  afterCursor,
  type Order,
  orderBy,
  pageByKeyset,
  type SortedRow,
  sortColumns,
} from '../registry/shared/keyset.ts';
import type { DeviceEvent, DeviceSession, EventQuery } from './schemas.ts';

const SEVERITIES = ['info', 'warn', 'error'] as const;
const COMMON = 'ts, rcv_at, seq, flags';

/** Newest first; a device's sequence number breaks ties. */
const NEWEST: Order = { name: '-at', key: { column: 'ts', type: 'timestamptz' }, descending: true, idColumn: 'seq' };

/** What each kind of record contributes to the log. */
const BRANCHES = {
  event: `select ${COMMON}, 'event' as kind, sev as severity, code, null as message, null as command_id, d as detail from rec_event`,
  log: `select ${COMMON}, 'log' as kind, lvl as severity, src as code, msg as message, null as command_id, null::jsonb as detail from rec_log`,
  result: `select ${COMMON}, 'result' as kind, case state when 'succeeded' then 'info' else 'error' end as severity, state as code,
    code as message, cmd as command_id, d as detail from rec_result`,
} as const;

interface EventRow extends SortedRow, Omit<DeviceEvent, 'at' | 'received_at' | 'live' | 'estimated'> {
  readonly ts: Date;
  readonly rcv_at: Date;
  readonly flags: number;
}

/** Events, log lines and results of a device as one log, newest first. Each kind gives at most a page, so none is read whole. */
export async function selectEvents(
  db: Queryable,
  deviceKey: number,
  query: EventQuery & { readonly limit: number },
): Promise<PageOf<DeviceEvent>> {
  const filter = new Filter();
  filter.where(`device_key = ${filter.bind(deviceKey)}`);
  afterCursor(filter, NEWEST, query.cursor);
  const conditions = filter.sql;
  const severities = SEVERITIES.slice(SEVERITIES.indexOf(query.severity ?? 'info'));
  const severe = filter.bind(severities);
  const limit = query.limit + 1;
  const kinds = query.kind === undefined ? (['event', 'log', 'result'] as const) : [query.kind];
  const branches = kinds.map(
    (kind) => `(select * from (${BRANCHES[kind]} ${conditions}) k where severity = any (${severe}::text[])
      ${orderBy(NEWEST)} limit ${limit})`,
  );
  const rows = db.query<EventRow>(
    `select *, ${sortColumns(NEWEST)} from (${branches.join(' union all ')}) merged ${orderBy(NEWEST)} limit ${limit}`,
    filter.values,
  );
  return pageByKeyset(rows, query.limit, NEWEST, presentEvent);
}

function presentEvent(row: EventRow): DeviceEvent {
  const { ts, rcv_at, seq, flags, kind, severity, code, message, command_id, detail } = row;
  return {
    ...{ at: ts, received_at: rcv_at, seq, kind, severity, code, message, command_id, detail },
    live: (flags & 1) === 1,
    estimated: (flags & 2) === 2,
  };
}

/** Connections of a device, newest first. */
const NEWEST_SESSION: Order = {
  name: '-session',
  key: { column: 'session', type: 'int' },
  descending: true,
  idColumn: 'session',
};

export async function selectSessions(
  db: Queryable,
  deviceKey: number,
  page: { readonly cursor: string | undefined; readonly limit: number },
): Promise<PageOf<DeviceSession>> {
  const filter = new Filter();
  filter.where(`device_key = ${filter.bind(deviceKey)}`);
  afterCursor(filter, NEWEST_SESSION, page.cursor);
  const rows = db.query<DeviceSession & SortedRow>(
    `select session, boot, began_at, ended_at, end_kind, ${sortColumns(NEWEST_SESSION)} from device_session
     ${filter.sql} ${orderBy(NEWEST_SESSION)} limit ${page.limit + 1}`,
    filter.values,
  );
  return pageByKeyset(rows, page.limit, NEWEST_SESSION, ({ sort_value: _value, sort_id: _id, ...row }) => row);
}
