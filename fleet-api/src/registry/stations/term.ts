import type { PoolClient } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { requireOpen } from '../../suspensions/open.ts';
import { changedStretches } from '../../suspensions/stretches.ts';
import type { Doer } from '../shared/doer.ts';
import type { Station, StationPatch } from './schemas.ts';

const NEVER = new Date(8_640_000_000_000_000);
const dateOf = (value: Date | string | null): Date | null => (value === null ? null : new Date(value));

/**
 * When a station is in service is time that a contractor answers for. So a contractor says once when it began; changing that, or ending it, is
 * for the agency and the operator of the platform. Time of a closed period changes sides for nobody.
 * @throws ApiError `commissioning_by_agency`, `invalid_request`, `period_closed`
 */
export async function requireTerm(client: PoolClient, by: Doer, before: Station, patch: StationPatch): Promise<void> {
  const was = { from: dateOf(before.commissioned_at), to: dateOf(before.decommissioned_at) };
  const next = {
    from: patch.commissioned_at === undefined ? was.from : dateOf(patch.commissioned_at),
    to: patch.decommissioned_at === undefined ? was.to : dateOf(patch.decommissioned_at),
  };
  if (sameInstant(was.from, next.from) && sameInstant(was.to, next.to)) return;
  if (next.to !== null && (next.from === null || next.to <= next.from)) {
    const message = 'must be later than commissioned_at';
    throw apiError('invalid_request', { detail: message, errors: [{ path: '/body/decommissioned_at', message }] });
  }
  const first = was.from === null && sameInstant(was.to, next.to);
  if (!first && (await orgKind(client, by)) === 'contractor') {
    throw apiError('commissioning_by_agency', 'Ask the agency, or propose an exclusion');
  }
  const stretches = changedStretches(
    { from: was.from ?? NEVER, to: was.to },
    { from: next.from ?? NEVER, to: next.to },
  );
  await requireOpen(client, before.id, stretches);
}

function sameInstant(a: Date | null, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}

async function orgKind(client: PoolClient, by: Doer): Promise<string | undefined> {
  const { rows } = await client.query<{ kind: string }>('select kind from org where id = $1', [by.actor.orgId]);
  return rows[0]?.kind;
}
