import { type Contract, parseRepairTargets, repairDuties } from '@uptally/sla';
import { changeContractIn } from '../../availability/contracts/service.ts';
import type { PoolClient } from '../../db/index.ts';
import { type Member, viewerOf } from '../../exclusions/parties.ts';
import { storeTerms, targetsJson } from '../../repair/terms-service.ts';
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

/**
 * New terms if they differ from the newest; null without repair duties. Of open faults, a severity that they don't know becomes their gravest if
 * it was `major`, else their first.
 */
async function putRepairTerms(
  client: PoolClient,
  by: Member,
  contractId: number,
  document: Contract,
): Promise<number | null> {
  const duties = repairDuties(document);
  if (duties === null) return null;
  const { rows } = await client.query<{ id: number; targets: unknown; timeliness: unknown }>(
    'select id, targets, timeliness from repair_terms where contract_id = $1 order by id desc limit 1',
    [contractId],
  );
  const [newest] = rows;
  const targets = parseRepairTargets(duties.targets);
  const { timeliness } = duties;
  const severities = [...targets.severities.keys()];
  const isSame =
    newest !== undefined && digestOf(spelled(newest)) === digestOf(spelled({ targets: duties.targets, timeliness }));
  if (isSame) return newest.id;
  return storeTerms(client, {
    contractId,
    targets,
    timeliness,
    source: 'contract',
    regrade: (severity) => (severity === 'major' ? severities.at(-1) : severities[0]) ?? severity,
    userId: by.userId,
    nowMs: by.nowMs,
  });
}

/** Terms as there is one spelling of them; the order of severities, from light to grave, is part of them. */
function spelled({ targets, timeliness }: { readonly targets: unknown; readonly timeliness: unknown }): unknown[] {
  const parsed = parseRepairTargets(targets);
  return [targetsJson(parsed), [...parsed.severities.keys()], timeliness];
}
