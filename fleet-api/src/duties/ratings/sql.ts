import type { Queryable } from '../../db/index.ts';
import type { Member, Parties } from '../../exclusions/parties.ts';
import { cursorFrom, type PageOf, pageOf } from '../../http/paging.ts';
import { Filter } from '../../registry/shared/filter.ts';
import { CONTRACT_JSON, contractsOf, orgJson, PARTIES_JSON, personJson } from '../contract.ts';
import { DEFAULT_ITEMS, type RatingItem, type SheetItem } from './mean.ts';
import type { Figures, RatingSheet, SheetQuery } from './schemas.ts';

export interface SheetRow extends Omit<RatingSheet, 'mean' | 'proposed' | 'agreed' | 'actions'> {
  readonly parties: Parties;
  readonly items: readonly SheetItem[];
  readonly figures: Figures | null;
  readonly note: string | null;
  readonly proposed_at: Date;
  readonly proposed_user: RatingSheet['proposed']['user'];
  readonly proposed_org: RatingSheet['proposed']['org'];
  readonly remark: string | null;
  readonly remarked_at: Date | null;
  readonly remarked_user: RatingSheet['proposed']['user'];
  readonly agreed_at: Date | null;
  readonly agreed_user: RatingSheet['proposed']['user'];
  readonly agreed_org: RatingSheet['proposed']['org'] | null;
}

const COLUMNS = `s.id, ${CONTRACT_JSON} as contract, ${PARTIES_JSON} as parties, s.month, s.state, s.round, s.items, s.figures, s.note,
  s.version, s.proposed_at, ${personJson('s.proposed_by')} as proposed_user, ${orgJson('s.proposed_org_id')} as proposed_org,
  s.remark, s.remarked_at, ${personJson('s.remarked_by')} as remarked_user,
  s.agreed_at, ${personJson('s.agreed_by')} as agreed_user, ${orgJson('s.agreed_org_id')} as agreed_org`;
const FROM = 'from rating_sheet s join contract c on c.id = s.contract_id';
const SORT = 'month-';

export async function selectSheets(
  db: Queryable,
  by: Member,
  query: SheetQuery & { readonly limit: number },
): Promise<PageOf<SheetRow>> {
  const filter = new Filter();
  contractsOf(filter, by);
  filter.optional(query.contract, (p) => `s.contract_id = ${p}`);
  filter.optional(query.state, (p) => `s.state = ${p}`);
  filter.optional(query.year, (p) => `s.month like ${p}::int || '-%'`);
  const after = cursorFrom(query.cursor, SORT, 2);
  if (after !== null) filter.where(`(s.month, s.id) < (${filter.bind(after[0])}::text, ${filter.bind(after[1])}::int)`);
  const { rows } = await db.query<SheetRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} order by s.month desc, s.id desc limit ${query.limit + 1}`,
    filter.values,
  );
  return pageOf(rows, query.limit, SORT, (row) => [row.month, row.id]);
}

export async function selectSheet(
  db: Queryable,
  by: Member,
  id: number,
  { lock }: { readonly lock: boolean },
): Promise<SheetRow | null> {
  const filter = new Filter();
  contractsOf(filter, by);
  filter.where(`s.id = ${filter.bind(id)}`);
  const { rows } = await db.query<SheetRow>(
    `select ${COLUMNS} ${FROM} ${filter.sql} ${lock ? 'for no key update of s' : ''}`,
    filter.values,
  );
  return rows[0] ?? null;
}

/** Id of the sheet of a month, or null. */
export async function sheetIdOf(db: Queryable, contractId: number, month: string): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>('select id from rating_sheet where contract_id = $1 and month = $2', [
    contractId,
    month,
  ]);
  return rows[0]?.id ?? null;
}

/** Id of the new sheet; null if the month has one already. */
export async function insertSheet(
  db: Queryable,
  by: Member,
  sheet: {
    readonly contract_id: number;
    readonly month: string;
    readonly items: readonly SheetItem[];
    readonly note: string | null;
  },
): Promise<number | null> {
  const { rows } = await db.query<{ id: number }>(
    `insert into rating_sheet (contract_id, month, state, items, note, proposed_by, proposed_org_id, proposed_at)
     values ($1, $2, 'proposed', $3, $4, $5, $6, $7) on conflict (contract_id, month) do nothing returning id`,
    [sheet.contract_id, sheet.month, JSON.stringify(sheet.items), sheet.note, by.userId, by.org.id, new Date(by.nowMs)],
  );
  return rows[0]?.id ?? null;
}

export async function setProposal(
  db: Queryable,
  by: Member,
  id: number,
  { items, note }: { readonly items: readonly SheetItem[]; readonly note: string | null },
): Promise<void> {
  await db.query(
    `update rating_sheet set state = 'proposed', items = $2, note = $3, proposed_by = $4, proposed_org_id = $5, proposed_at = $6,
       round = round + 1, version = version + 1 where id = $1`,
    [id, JSON.stringify(items), note, by.userId, by.org.id, new Date(by.nowMs)],
  );
}

export async function setRemark(db: Queryable, by: Member, id: number, remark: string): Promise<void> {
  await db.query(
    `update rating_sheet set state = 'remarked', remark = $2, remarked_by = $3, remarked_at = $4, version = version + 1 where id = $1`,
    [id, remark, by.userId, new Date(by.nowMs)],
  );
}

/** Freezes a sheet with the figures that stood beside it. */
export async function setAgreed(db: Queryable, by: Member, id: number, figures: Figures): Promise<void> {
  await db.query(
    `update rating_sheet set state = 'agreed', figures = $2, agreed_by = $3, agreed_org_id = $4, agreed_at = $5, version = version + 1
     where id = $1`,
    [id, JSON.stringify(figures), by.userId, by.org.id, new Date(by.nowMs)],
  );
}

/** Items of a contract's sheet, and whether they are the built-in ones. */
export async function selectScheme(
  db: Queryable,
  contractId: number,
): Promise<{ readonly items: readonly RatingItem[]; readonly built_in: boolean }> {
  const { rows } = await db.query<{ items: readonly RatingItem[] }>(
    'select items from rating_scheme where contract_id = $1',
    [contractId],
  );
  const items = rows[0]?.items;
  return { items: items ?? DEFAULT_ITEMS, built_in: items === undefined };
}

export async function upsertScheme(
  db: Queryable,
  contractId: number,
  items: readonly RatingItem[],
  by: { readonly userId: number | null; readonly nowMs: number },
): Promise<void> {
  await db.query(
    `insert into rating_scheme (contract_id, items, changed_by, changed_at) values ($1, $2, $3, $4)
     on conflict (contract_id) do update set items = excluded.items, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    [contractId, JSON.stringify(items), by.userId, new Date(by.nowMs)],
  );
}
