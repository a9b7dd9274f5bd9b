import { type Contract, clausesUsedBy, type Metric, metricsUsedBy } from '@uptally/sla';

/** The metrics that an instalment's clauses read, by themselves or through others, in the contract's order. */
export function metricsNeeded(contract: Contract, instalment: string): Metric[] {
  const seen = new Set<string>();
  const needed = new Set<string>();
  const visit = (id: string): void => {
    const clause = contract.clauses.find((each) => each.id === id);
    if (clause === undefined || seen.has(id)) return;
    seen.add(id);
    for (const metric of metricsUsedBy(clause)) needed.add(metric.id);
    for (const used of clausesUsedBy(clause)) visit(used.id);
  };
  for (const id of contract.schedule.find((each) => each.id === instalment)?.clauses ?? []) visit(id);
  return contract.metrics.filter(({ id }) => needed.has(id));
}
