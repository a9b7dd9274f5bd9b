import { type Contract, repairDuties } from '@uptally/sla';
import { changeContractIn } from '../../availability/contracts/service.ts';
import type { PoolClient } from '../../db/index.ts';
import { type Member, viewerOf } from '../../exclusions/parties.ts';
import { appendEvents } from '../../repair/log.ts';
import type { Frame } from '../access.ts';
import { digestOf } from '../canonical.ts';
import { fitOf, patchFor } from './fit.ts';

export interface Applied {
  /** First day of the term that is not closed. */
  readonly effectiveFrom: string;
  readonly repairTermsId: number | null;
}

/**
 * Makes an agreed document hold: calendar, term, zone, regions and rules of counting of the contract, and limits of repair, which
 * also hold for faults that are open. @throws ApiError `period_closed` where closed periods would count otherwise, and as the contract's
 */
export async function applyDocument(
  client: PoolClient,
  by: Member,
  { contract }: Frame,
  document: Contract,
): Promise<Applied> {
  const { regionIds } = await fitOf(client, document);
  const patch = patchFor(contract, document, regionIds);
  // What both sides agree on may name regions that lie outside of one person's own.
  const everywhere = { ...by, scope: null };
  if (Object.keys(patch).length > 0) {
    await changeContractIn(client, everywhere, viewerOf(everywhere), { id: contract.id, patch, expected: null });
  }
  const { closed_to } = contract;
  return {
    effectiveFrom: closed_to !== null && closed_to > document.term.from ? closed_to : document.term.from,
    repairTermsId: await putRepairTerms(client, by, contract.id, document),
  };
}

/** New terms if they differ from the newest; null without repair duties. */
async function putRepairTerms(
  client: PoolClient,
  by: Member,
  contractId: number,
  document: Contract,
): Promise<number | null> {
  const terms = repairDuties(document);
  if (terms === null) return null;
  const { rows } = await client.query<{ id: number; targets: unknown; timeliness: unknown }>(
    'select id, targets, timeliness from repair_terms where contract_id = $1 order by id desc limit 1',
    [contractId],
  );
  const [newest] = rows;
  const own = digestOf([terms.targets, Object.keys(terms.targets.severities), terms.timeliness]);
  if (newest !== undefined) {
    const { severities = {} } = newest.targets as { severities?: object };
    if (digestOf([newest.targets, Object.keys(severities), newest.timeliness]) === own) return newest.id;
  }
  const inserted = await client.query<{ id: number }>(
    `insert into repair_terms (contract_id, targets, timeliness, source, created_by, created_at)
     values ($1, $2, $3, 'contract', $4, $5) returning id`,
    [contractId, JSON.stringify(terms.targets), JSON.stringify(terms.timeliness), by.userId, new Date(by.nowMs)],
  );
  const id = (inserted.rows[0] as { id: number }).id;
  await judgeOpenFaults(client, by, contractId, id, Object.keys(terms.targets.severities));
  return id;
}

/** Faults that are open are judged by the new terms. A severity that they don't know becomes their gravest if it was `major`, else their first. */
async function judgeOpenFaults(
  client: PoolClient,
  by: Member,
  contractId: number,
  termsId: number,
  severities: readonly string[],
): Promise<void> {
  const { rows } = await client.query<{ severity: string; ids: number[] }>(
    `select severity, array_agg(id order by id) as ids from fault
     where contract_id = $1 and status = 'open' and merged_into is null group by severity order by severity`,
    [contractId],
  );
  for (const { severity, ids } of rows) {
    const fallback = severity === 'major' ? severities.at(-1) : severities[0];
    const data = { contract: String(termsId), ...(severities.includes(severity) ? {} : { severity: fallback }) };
    const event = { at: by.nowMs, kind: 'contract_changed', data } as const;
    await appendEvents(client, ids, event, { userId: by.userId, nowMs: by.nowMs });
  }
}
