import type { Queryable } from '../db/index.ts';
import type { Member } from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import { cursorFrom, DEFAULT_LIMIT, type PageOf, pageOf } from '../http/paging.ts';
import type { ArchiveItem } from './schemas.ts';
import { present } from './service.ts';
import { seenBy, TASK_COLUMNS, TASK_FROM, type TaskDetailRow } from './task-sql.ts';

export interface ArchiveAsked {
  readonly site?: number;
  readonly station?: number;
  readonly device?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

const SORT = 'done-';

/**
 * The operations archive 运维档案 of a place or device (R-HN-3): inspections carried out there with what was found, newest first.
 * A station's includes visits to its site; a device's are those made where it stood at the time. @throws ApiError `invalid_request`
 */
export async function archiveOf(db: Queryable, by: Member, asked: ArchiveAsked): Promise<PageOf<ArchiveItem>> {
  const { site, station, device } = asked;
  if ([site, station, device].filter((each) => each !== undefined).length !== 1) {
    throw apiError('invalid_request', 'Name one of site, station and device');
  }
  const limit = asked.limit ?? DEFAULT_LIMIT;
  const filter = seenBy(by).where(`t.state = 'done'`);
  filter.optional(site, (p) => `t.site_id = ${p}`);
  filter.optional(
    station,
    (p) =>
      `(t.station_id = ${p} or t.station_id is null and t.site_id = (select s.site_id from station s where s.id = ${p}))`,
  );
  filter.optional(device, (p) => `t.device_key = (select d.device_key from device d where d.device_id = ${p})`);
  const after = cursorFrom(asked.cursor, SORT, 2);
  if (after !== null) {
    filter.where(`(t.done_at, t.id) < (${filter.bind(after[0])}::timestamptz, ${filter.bind(after[1])}::int)`);
  }
  const { rows } = await db.query<TaskDetailRow & { done_key: string }>(
    `select ${TASK_COLUMNS}, v.checklist, t.answers, t.note, t.done_at::text as done_key,
       (select d.device_id from device d where d.device_key = t.device_key) as device_id
     ${TASK_FROM} ${filter.sql} order by t.done_at desc, t.id desc limit ${limit + 1}`,
    filter.values,
  );
  const page = pageOf(rows, limit, SORT, (row) => [row.done_key, row.id]);
  return { ...page, items: page.items.map((row) => toItem(row, by)) };
}

function toItem(row: TaskDetailRow, by: Member): ArchiveItem {
  return {
    ...present(row, by),
    note: row.note,
    device_id: row.device_id,
    found: row.checklist.flatMap(({ id, zh, en, kind }) => {
      const answer = row.answers[id];
      if (answer === undefined) return [];
      const { result = null, value = null, text = null, note = null, files = [], fault_id = null } = answer;
      return [{ id, zh, en, kind, result, value, text, note, files, fault_id }];
    }),
  };
}
