import {
  parseRepairTargets,
  REPAIR_STAGES,
  RepairTargetError,
  type RepairTargets,
  type TimelinessRule,
} from '@uptally/sla';
import { contractVisible } from '../availability/contracts/viewer.ts';
import { inTransaction, type Pool, type PoolClient, type Queryable } from '../db/index.ts';
import { type Member, viewerOf } from '../exclusions/parties.ts';
import { apiError } from '../http/errors.ts';
import { record } from '../registry/shared/doer.ts';
import { appendEvents } from './log.ts';
import { DEFAULT_TARGETS } from './terms.ts';
import type { RepairTermsBody, RepairTermsView } from './terms-schemas.ts';

/** Faults whose logs get an event in one statement. */
const CHUNK = 500;

/** What a contract asks for now. @throws ApiError `not_found` */
export async function getTerms(db: Queryable, by: Member, contractId: number): Promise<RepairTermsView> {
  await requireVisible(db, by, contractId);
  const { rows } = await db.query<Omit<RepairTermsView, 'contract_id' | 'open_faults'>>(
    `select t.id, t.targets, t.timeliness, t.source, t.created_at,
       (select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = t.created_by) as created_by
     from repair_terms t where t.contract_id = $1 order by t.id desc limit 1`,
    [contractId],
  );
  const { rows: open_faults } = await db.query<{ severity: string; count: number }>(
    `select severity, count(*)::int from fault where contract_id = $1 and status = 'open' and merged_into is null
     group by severity order by severity`,
    [contractId],
  );
  const none = { id: null, targets: DEFAULT_TARGETS, timeliness: {}, source: 'default' as const };
  return { ...(rows[0] ?? { ...none, created_by: null, created_at: null }), contract_id: contractId, open_faults };
}

/**
 * Sets what a contract asks for from now on; the clocks of open faults are read anew by it, ended ones stay as they were judged.
 * @throws ApiError `not_found`, `repair_terms_invalid` with the fields, `severity_in_use`
 */
export async function putTerms(
  pool: Pool,
  by: Member,
  contractId: number,
  body: RepairTermsBody,
): Promise<RepairTermsView> {
  const targets = checked(body);
  await inTransaction(pool, async (client) => {
    await requireVisible(client, by, contractId);
    await storeTerms(client, { contractId, ...body, targets, source: 'manual', userId: by.userId, nowMs: by.nowMs });
    await record(client, by, 'repair_terms.changed', `contract:${contractId}`, { ...body });
  });
  return getTerms(pool, by, contractId);
}

export interface NewTerms {
  readonly contractId: number;
  /** As `parseRepairTargets` gives them back: checked. */
  readonly targets: RepairTargets;
  readonly timeliness?: Readonly<Record<string, TimelinessRule>> | undefined;
  /** `contract`: derived from a contract document. */
  readonly source: 'manual' | 'contract';
  /** What open faults of a severity that the terms don't know become; without it there may be none. */
  readonly regrade?: (severity: string) => string;
  readonly userId: number | null;
  readonly nowMs: number;
}

/** Stores terms and tells the open faults of the contract. Returns their id. @throws ApiError `severity_in_use` */
export async function storeTerms(client: PoolClient, terms: NewTerms): Promise<number> {
  const { contractId, targets, regrade, nowMs, userId } = terms;
  await client.query('select 1 from contract where id = $1 for no key update', [contractId]);
  const { rows: faults } = await client.query<{ id: number; severity: string }>(
    `select id, severity from fault where contract_id = $1 and status = 'open' and merged_into is null order by id`,
    [contractId],
  );
  const severities = [...new Set(faults.map(({ severity }) => severity))];
  const missing = severities.filter((each) => !targets.severities.has(each));
  if (missing.length > 0 && regrade === undefined)
    throw apiError('severity_in_use', `Open faults are ${missing.join(', ')}`);
  const { rows } = await client.query<{ id: number }>(
    `insert into repair_terms (contract_id, targets, timeliness, source, created_by, created_at) values ($1, $2, $3, $4, $5, $6)
     returning id`,
    [
      contractId,
      JSON.stringify(targetsJson(targets)),
      JSON.stringify(terms.timeliness ?? {}),
      terms.source,
      userId,
      new Date(nowMs),
    ],
  );
  const id = (rows[0] as { id: number }).id;
  for (const severity of severities) {
    const other = targets.severities.has(severity) ? undefined : regrade?.(severity);
    const data = { contract: String(id), ...(other === undefined ? {} : { severity: other }) };
    const ids = faults.flatMap((fault) => (fault.severity === severity ? [fault.id] : []));
    for (let i = 0; i < ids.length; i += CHUNK) {
      const event = { at: nowMs, kind: 'contract_changed', data } as const;
      await appendEvents(client, ids.slice(i, i + CHUNK), event, { userId, nowMs });
    }
  }
  return id;
}

/** Targets as JSON that parses back to the same. */
export function targetsJson({ calendars, severities, warnAtPercent }: RepairTargets): object {
  return {
    calendars: Object.fromEntries(calendars),
    severities: Object.fromEntries([...severities].map(([name, stages]) => [name, Object.fromEntries(stages)])),
    warnAtPercent,
  };
}

/** @throws ApiError `repair_terms_invalid` with the path of what is wrong */
function checked({ targets, timeliness }: RepairTermsBody): RepairTargets {
  try {
    const parsed = parseRepairTargets(targets);
    for (const [severity, rule] of Object.entries(timeliness ?? {})) {
      const owed = parsed.severities.get(severity);
      const path = `/body/timeliness/${severity}`;
      if (owed === undefined) throw flaw(path, 'must name one of the severities');
      const foreign = REPAIR_STAGES.find((stage) => rule.stages.includes(stage) && !owed.has(stage));
      if (foreign !== undefined) throw flaw(`${path}/stages`, `${foreign} has no limit at this severity`);
    }
    return parsed;
  } catch (error) {
    if (!(error instanceof RepairTargetError)) throw error;
    throw flaw(`/body/targets${error.path}`, error.message.slice((error.path || '/').length + 1));
  }
}

function flaw(path: string, message: string): Error {
  return apiError('repair_terms_invalid', { detail: `${path} ${message}`, errors: [{ path, message }] });
}

async function requireVisible(db: Queryable, by: Member, contractId: number): Promise<void> {
  const viewer = viewerOf(by);
  const { rowCount } = await db.query(
    `select 1 from contract c where c.id = $1 and ${contractVisible('$2', '$3', '$4')}`,
    [contractId, viewer.scope, viewer.orgId, viewer.seesAll],
  );
  if (rowCount === 0) throw apiError('not_found');
}
