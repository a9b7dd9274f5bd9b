import type { Interval } from '@uptally/sla';
import type { Queryable } from '../db/index.ts';

/** Lines of the maintenance ledger by what the customer says of them (R-QH-3: confirmation is a precondition of payment). */
export interface LedgerState {
  readonly total: number;
  /** The order is not closed: nothing to confirm yet. */
  readonly open: number;
  readonly unconfirmed: number;
  readonly disputed: number;
  readonly confirmed: number;
}

/** The ledger of a period: lines of orders opened in it. */
export async function ledgerState(
  db: Queryable,
  { contractId, period }: { readonly contractId: number; readonly period: Interval },
): Promise<LedgerState> {
  const { rows } = await db.query<LedgerState>(
    `select count(*)::int as total, count(*) filter (where state = 'open')::int as open,
       count(*) filter (where state = 'unconfirmed')::int as unconfirmed,
       count(*) filter (where state = 'disputed')::int as disputed, count(*) filter (where state = 'confirmed')::int as confirmed
     from ledger_line where contract_id = $1 and opened_at >= $2 and opened_at < $3`,
    [contractId, new Date(period.from), new Date(period.to)],
  );
  return rows[0] ?? { total: 0, open: 0, unconfirmed: 0, disputed: 0, confirmed: 0 };
}

/** True if nothing of the period waits for the customer: every line is confirmed. */
export function isConfirmed({ total, confirmed }: LedgerState): boolean {
  return total === confirmed;
}
