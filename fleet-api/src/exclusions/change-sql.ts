import { contractVisible } from '../availability/contracts/viewer.ts';
import type { Queryable } from '../db/index.ts';
import { type Member, type Parties, viewerOf } from './parties.ts';
import type { ExclusionState, NewExclusion } from './schemas.ts';
import type { TargetIds } from './sql.ts';

/** A contract as far as exclusions must fit into it. */
export interface Frame extends Parties {
  readonly id: number;
  readonly code: string;
  /** Term as instants, `[term_from, term_to)`; an open one has no end. */
  readonly term_from: Date;
  readonly term_to: Date | null;
  /** Kinds that the contract knows; null: all. */
  readonly kinds: readonly string[] | null;
}

/**
 * A contract that the person sees, or null. With `lock`, nobody closes a period of it or changes it before the end of the
 * transaction: closing locks the same row.
 */
export async function selectFrame(
  db: Queryable,
  by: Member,
  contractId: number,
  { lock }: { readonly lock: boolean },
): Promise<Frame | null> {
  const viewer = viewerOf(by);
  const { rows } = await db.query<Frame>(
    `select c.id, c.code, c.is_baseline, c.agency_org_id, c.contractor_org_id, c.rules -> 'exclusion_kinds' as kinds,
       c.term_from::timestamp at time zone c.time_zone as term_from, c.term_to::timestamp at time zone c.time_zone as term_to
     from contract c where c.id = $1 and ${contractVisible('$2', '$3', '$4')} ${lock ? 'for share' : ''}`,
    [contractId, viewer.scope, viewer.orgId, viewer.seesAll],
  );
  return rows[0] ?? null;
}

export interface ClosedPeriod {
  readonly id: number;
  readonly from_day: string;
  readonly to_day: string;
}

/** Closed periods of a contract that share time with `[from, to)`. */
export async function selectClosed(db: Queryable, contractId: number, from: Date, to: Date): Promise<ClosedPeriod[]> {
  const { rows } = await db.query<ClosedPeriod>(
    `select p.id, p.from_day::text, p.to_day::text from closed_period p join contract c on c.id = p.contract_id
     where c.id = $1 and p.from_day::timestamp at time zone c.time_zone < $3
       and p.to_day::timestamp at time zone c.time_zone > $2 order by p.from_day`,
    [contractId, from, to],
  );
  return rows;
}

/** Locks an exclusion until the end of the transaction. Its contract is locked before: see {@link selectFrame}. */
export async function lockExclusion(db: Queryable, id: number): Promise<void> {
  await db.query('select 1 from exclusion where id = $1 for no key update', [id]);
}

/** Id of a new proposal. */
export async function insertExclusion(
  db: Queryable,
  by: Member,
  wish: Pick<NewExclusion, 'contract_id' | 'kind' | 'reason'> &
    TargetIds & { readonly dimension: string; readonly from: Date; readonly to: Date },
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into exclusion (contract_id, kind, dimension, region_id, site_id, station_id, from_at, to_at, reason, proposed_by,
       proposed_org_id, proposed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
    [
      wish.contract_id,
      wish.kind,
      wish.dimension,
      wish.region_id,
      wish.site_id,
      wish.station_id,
      wish.from,
      wish.to,
      wish.reason,
      by.userId,
      by.org.id,
      new Date(by.nowMs),
    ],
  );
  return (rows[0] as { id: number }).id;
}

/** Stores the decision of the other side. */
export async function setDecision(
  db: Queryable,
  by: Member,
  id: number,
  state: 'approved' | 'rejected',
  note: string | null,
): Promise<void> {
  await db.query(
    `update exclusion set state = $2, decided_by = $3, decided_org_id = $4, decided_at = $5, decision_note = $6,
       version = version + 1 where id = $1`,
    [id, state, by.userId, by.org.id, new Date(by.nowMs), note],
  );
}

/** Stores who withdrew it or, if `state` stays approved, who asked for that. */
export async function setWithdrawal(
  db: Queryable,
  by: Member,
  id: number,
  state: ExclusionState,
  note: string | null,
): Promise<void> {
  await db.query(
    `update exclusion set state = $2, withdraw_by = $3, withdraw_org_id = $4, withdraw_at = $5, withdraw_note = $6,
       version = version + 1 where id = $1`,
    [id, state, by.userId, by.org.id, new Date(by.nowMs), note],
  );
}
