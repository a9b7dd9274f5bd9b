import type { Caller } from '../auth/caller.ts';
import type { Role } from '../auth/permissions.ts';
import { scopeOf } from '../auth/scope.ts';
import type { Queryable } from '../db/index.ts';
import { apiError } from '../http/errors.ts';

/** A person as far as it matters for who may manage them. */
export interface Subject {
  readonly role: Role;
  readonly orgId: number;
  readonly regionIds: readonly number[] | null;
}

/**
 * Administrators manage everybody; others only people of their own organisation who are no administrators and see no more regions
 * than they do, both before and after a change. Otherwise a reset password would be a way to wider rights.
 * @throws ApiError `out_of_scope`
 */
export async function requireManageable(db: Queryable, caller: Caller, subject: Subject): Promise<void> {
  if (caller.role === 'admin') return;
  if (subject.role === 'admin') throw apiError('out_of_scope', 'Only administrators manage administrators');
  if (subject.orgId !== caller.orgId) throw apiError('out_of_scope', 'A person of another organisation');
  const scope = scopeOf(caller);
  if (scope === null) return;
  if (subject.regionIds === null || !(await areWithin(db, subject.regionIds, scope))) {
    throw apiError('out_of_scope', 'A person who sees more regions than you do');
  }
}

async function areWithin(db: Queryable, regionIds: readonly number[], scope: readonly number[]): Promise<boolean> {
  const { rows } = await db.query<{ inside: number }>(
    'select count(*)::int as inside from region where id = any ($1::int[]) and path && $2::int[]',
    [regionIds, scope],
  );
  return rows[0]?.inside === regionIds.length;
}

/** Whose people the caller sees: null for everybody's. */
export function visibleOrg(caller: Caller): number | null {
  return caller.role === 'admin' ? null : caller.orgId;
}

/**
 * Keeps at least one active administrator. Call it after the change, in its transaction: the lock makes two administrators who
 * disable each other run one after the other. @throws ApiError `last_admin`
 */
export async function requireAnAdmin(db: Queryable): Promise<void> {
  const { rowCount } = await db.query(`select 1 from app_user where role = 'admin' and disabled_at is null limit 1`);
  if (rowCount === 0) throw apiError('last_admin');
}
