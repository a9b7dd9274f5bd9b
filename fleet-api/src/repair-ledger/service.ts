import { isAllowed } from '../auth/permissions.ts';
import { inTransaction, type Pool, type Queryable } from '../db/index.ts';
import { requireThisSide } from '../duties/contract.ts';
import { type Member, sideOf } from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import { DEFAULT_LIMIT, MAX_LIMIT, type PageOf } from '../http/paging.ts';
import { record } from '../registry/shared/doer.ts';
import { orderNumber } from '../repair/numbers.ts';
import {
  type ConfirmBody,
  type LedgerFilters,
  type LedgerLine,
  type LedgerQuery,
  type LedgerSummary,
  MAX_LINES,
} from './schemas.ts';
import * as sql from './sql.ts';

/** Lines of the maintenance ledger that the person sees, newest first. */
export async function listLines(pool: Pool, by: Member, query: LedgerQuery): Promise<PageOf<LedgerLine>> {
  const page = await sql.selectLines(pool, by, { ...query, limit: query.limit ?? DEFAULT_LIMIT });
  return { ...page, items: page.items.map((row) => present(row, by)) };
}

/** Lines one after the other, up to a number, newest first. */
export async function* everyLine(
  pool: Pool,
  by: Member,
  query: LedgerFilters,
  atMost: number,
): AsyncGenerator<LedgerLine> {
  let cursor: string | null | undefined;
  for (let left = atMost; left > 0 && cursor !== null; left -= MAX_LIMIT) {
    const limit = Math.min(left, MAX_LIMIT);
    const page: PageOf<LedgerLine> = await listLines(pool, by, {
      ...query,
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.next_cursor;
  }
}

export async function summaryOf(db: Queryable, by: Member, query: LedgerFilters): Promise<LedgerSummary> {
  return sql.selectSummary(db, by, query, { mayConfirm: isAllowed(by.role, 'ledger.confirm') });
}

/**
 * The customer confirms lines, by id or all that a filter finds. It is confirmed what was meant, or nothing: the number must agree.
 * @throws ApiError `invalid_request`, `confirmation_mismatch`, `too_many_lines`
 */
export async function confirmLines(pool: Pool, by: Member, wish: ConfirmBody): Promise<number> {
  if ((wish.ids === undefined) === (wish.filter === undefined)) {
    const message = 'give either ids or a filter';
    throw apiError('invalid_request', { detail: message, errors: [{ path: '/body', message }] });
  }
  return inTransaction(pool, async (client) => {
    const { ids: wanted, filter } = wish;
    const ids = await sql.lockConfirmable(client, by, {
      ...(wanted === undefined ? {} : { ids: wanted }),
      ...(filter === undefined ? {} : { filter }),
    });
    if (ids.length > MAX_LINES) throw apiError('too_many_lines', `At most ${MAX_LINES} at once`);
    if (ids.length !== wish.expected || (wanted !== undefined && new Set(wanted).size !== ids.length))
      throw apiError('confirmation_mismatch', `${ids.length} lines wait for your confirmation, not ${wish.expected}`);
    await sql.setSaid(client, by, ids, 'confirmed', wish.note ?? null);
    await record(client, by, 'ledger.confirmed', `ledger:${ids.length === 1 ? ids[0] : 'lines'}`, {
      ids,
      note: wish.note,
    });
    return ids.length;
  });
}

/** The customer disputes a line. @throws ApiError `not_found`, `ledger_state`, `duty_other_side` */
export async function disputeLine(pool: Pool, by: Member, id: number, reason: string): Promise<LedgerLine> {
  return saying(pool, by, id, async (client, row) => {
    requireThisSide(row.parties, by, 'ledger.confirm', 'agency');
    if (row.state !== 'unconfirmed' && row.state !== 'confirmed') throw apiError('ledger_state', `It is ${row.state}`);
    await sql.setSaid(client, by, [id], 'disputed', reason);
    return { action: 'disputed', note: reason };
  });
}

/** The contractor answers to a dispute; the line waits for the customer again. @throws ApiError like {@link disputeLine} */
export async function answerLine(pool: Pool, by: Member, id: number, text: string): Promise<LedgerLine> {
  return saying(pool, by, id, async (client, row) => {
    requireThisSide(row.parties, by, 'duty.submit', 'contractor');
    if (row.state !== 'disputed') throw apiError('ledger_state', `It is ${row.state}`);
    await sql.setAnswer(client, by, id, text);
    return { action: 'answered', note: text };
  });
}

async function saying(
  pool: Pool,
  by: Member,
  id: number,
  work: (client: Queryable, row: sql.LineRow) => Promise<{ readonly action: string; readonly note: string }>,
): Promise<LedgerLine> {
  return inTransaction(pool, async (client) => {
    const row = await sql.selectLine(client, by, id, { lock: true });
    if (row === null) throw apiError('not_found');
    const { action, note } = await work(client, row);
    const after = await sql.selectLine(client, by, id, { lock: false });
    await record(client, by, `ledger.${action}`, `ledger:${id}`, { note });
    return present(after ?? row, by);
  });
}

function present(row: sql.LineRow, by: Member): LedgerLine {
  const {
    opened_key: _,
    parties,
    said_at,
    said_user,
    said_org,
    said_note,
    answer_text,
    answered_at,
    answered_user,
    ...line
  } = row;
  const parts_fen = line.parts.reduce((sum, { qty, unit_fen }) => sum + qty * unit_fen, 0);
  return {
    ...line,
    number: orderNumber(line.id),
    parts_fen,
    total_fen: parts_fen + line.labour_fen + line.logistics_fen,
    said:
      said_at === null || said_org === null ? null : { at: said_at, user: said_user, org: said_org, note: said_note },
    answer:
      answer_text === null || answered_at === null ? null : { text: answer_text, at: answered_at, user: answered_user },
    actions: actionsOf(row, parties, by),
  };
}

function actionsOf({ state }: sql.LineRow, parties: sql.LineRow['parties'], by: Member): LedgerLine['actions'] {
  const side = sideOf(parties, by.org);
  if (side === 'agency' && isAllowed(by.role, 'ledger.confirm')) {
    if (state === 'unconfirmed') return ['confirm', 'dispute'];
    if (state === 'disputed') return ['confirm'];
    return state === 'confirmed' ? ['dispute'] : [];
  }
  return side === 'contractor' && state === 'disputed' && isAllowed(by.role, 'duty.submit') ? ['answer'] : [];
}
