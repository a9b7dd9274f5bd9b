import { type Contract, RepairTargetError, repairDuties } from '@uptally/sla';
import type { ContractPatch, Contract as ContractRow, RulesInput } from '../../availability/contracts/schemas.ts';
import { EXCLUSION_KINDS } from '../../availability/contracts/schemas.ts';
import type { Queryable } from '../../db/index.ts';
import type { DocumentFlaw } from './text.ts';

/** What of a document the registry has to know, and whether it does. */
export interface Fit {
  readonly flaws: readonly DocumentFlaw[];
  /** Regions that the document names; null: it names none and the contract's stay. */
  readonly regionIds: readonly number[] | null;
}

/** Looks a document's scope up, and reads its limits of repair. Names of regions are their codes or names. */
export async function fitOf(db: Queryable, document: Contract): Promise<Fit> {
  const flaws: DocumentFlaw[] = [];
  for (const kind of ['sites', 'stations'] as const) {
    if (document.scope[kind].length > 0) {
      const reason = 'a contract is about regions; suspend or decommission what does not belong to it';
      flaws.push({ path: `/scope/${kind}`, code: 'scope_not_supported', reason });
    }
  }
  const regionIds = [];
  for (const [i, name] of document.scope.regions.entries()) {
    const { rows } = await db.query<{ id: number }>(
      'select id from region where code = $1 or name = $1 order by code = $1 desc, id limit 1',
      [name],
    );
    const id = rows[0]?.id;
    if (id === undefined)
      flaws.push({ path: `/scope/regions/${i}`, code: 'unknown_region', reason: `no region ${name}` });
    else regionIds.push(id);
  }
  return { flaws: [...flaws, ...repairFlaws(document)], regionIds: regionIds.length === 0 ? null : regionIds };
}

function repairFlaws(document: Contract): DocumentFlaw[] {
  try {
    repairDuties(document);
    return [];
  } catch (error) {
    if (!(error instanceof RepairTargetError)) throw error;
    return [{ path: '/duties', code: 'bad_limit', reason: error.message }];
  }
}

/** Reasons as contracts call them -> kinds of exclusions. What is not listed is left to the customer's request. */
const KINDS: Readonly<Record<string, readonly (typeof EXCLUSION_KINDS)[number][]>> = {
  ...Object.fromEntries(EXCLUSION_KINDS.map((kind) => [kind, [kind]])),
  power: ['site_power_cut'],
  agreed: ['planned_maintenance', 'customer_request'],
  maintenance: ['planned_maintenance'],
};

/** How availability is counted under the document: the first metric of each dimension says how stations make one figure. */
export function rulesFrom(document: Contract): Required<RulesInput> {
  const { unknown, platform, exclusions, grace_days } = document.counting;
  const metrics = document.metrics.flatMap((metric) => (metric.kind === 'availability' ? [metric] : []));
  const dimension = (name: 'network' | 'equipment') => {
    const ids = metrics.flatMap((metric) => (metric.dimension === name ? [metric.id] : []));
    return { unknown, platform, target_percent: targetOf(document, ids) };
  };
  const kinds = new Set(exclusions.flatMap(({ id }) => KINDS[id] ?? ['customer_request' as const]));
  return {
    network: dimension('network'),
    equipment: dimension('equipment'),
    aggregation: metrics[0]?.aggregation ?? 'time_weighted',
    daily_max_down_ms: metrics.find(({ max_down_ms }) => max_down_ms !== undefined)?.max_down_ms ?? 0,
    exclusion_kinds: EXCLUSION_KINDS.filter((kind) => kinds.has(kind)),
    evidence_grace_days: Math.min(grace_days, 60),
  };
}

/** The highest threshold of a tier clause over one of the metrics; null: the contract pays by none. */
function targetOf(document: Contract, metrics: readonly string[]): string | null {
  const bounds = document.clauses.flatMap((clause) =>
    clause.form === 'tiers' && clause.metrics.some((id) => metrics.includes(id))
      ? clause.tiers.flatMap(({ at_least }) => at_least ?? [])
      : [],
  );
  return bounds.toSorted((a, b) => Number(b) - Number(a))[0] ?? null;
}

/** What of the contract's row has to change for the document. */
export function patchFor(row: ContractRow, document: Contract, regionIds: readonly number[] | null): ContractPatch {
  const rules = rulesFrom(document);
  const calendar = document.calendar as NonNullable<ContractPatch['calendar']>;
  const own = row.regions.map(({ id }) => id).toSorted((a, b) => a - b);
  const wanted = regionIds?.toSorted((a, b) => a - b);
  return {
    ...(row.time_zone === document.time_zone ? {} : { time_zone: document.time_zone }),
    ...(row.term_from === document.term.from ? {} : { term_from: document.term.from }),
    ...(row.term_to === document.term.to ? {} : { term_to: document.term.to }),
    ...(JSON.stringify(row.calendar) === JSON.stringify(calendar) ? {} : { calendar }),
    ...(JSON.stringify(row.rules) === JSON.stringify(rules) ? {} : { rules }),
    ...(wanted === undefined || JSON.stringify(own) === JSON.stringify(wanted) ? {} : { region_ids: [...wanted] }),
  };
}
