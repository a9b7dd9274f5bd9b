import type { Contract } from '../language/contract.ts';
import { clauseFaults, percentFaults } from './clauses.ts';
import { type Fault, fault } from './fault.ts';
import { cycleFaults, duplicates, dutyFaults, referenceFaults, scheduleFaults } from './references.ts';
import { shapeFaults } from './shape.ts';
import { termFaults } from './term.ts';

export { FAULT_CODES, type Fault, type FaultCode } from './fault.ts';

/** A contract that can't be used. */
export class ContractError extends Error {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super(faults.map(({ path, code, reason }) => `${path || '/'}: ${code}: ${reason}`).join('\n'));
    this.name = 'ContractError';
    this.faults = faults;
  }
}

/**
 * Everything that is wrong with a contract; nothing if it can be used. A contract without faults can be evaluated for any values, and
 * under its tier clauses a better value never pays less.
 */
export function checkContract(json: unknown): Fault[] {
  const shape = shapeFaults(json);
  if (shape.length > 0) return shape;
  const contract = json as Contract;
  const names = nameFaults(contract);
  const general = [...names, ...percentFaults(contract), ...termFaults(contract), ...scheduleFaults(contract)];
  const references = [...referenceFaults(contract), ...dutyFaults(contract), ...cycleFaults(contract)];
  return [...general, ...references, ...clauseFaults(contract)];
}

/** The contract, if it has no faults. @throws ContractError */
export function parseContract(json: unknown): Contract {
  const faults = checkContract(json);
  if (faults.length > 0) throw new ContractError(faults);
  return json as Contract;
}

function nameFaults(contract: Contract): Fault[] {
  const lists = ['parties', 'sub_periods', 'duties', 'metrics', 'prices', 'clauses', 'schedule'] as const;
  const roles = new Set(contract.parties.map(({ role }) => role));
  return [
    ...lists.flatMap((key) => duplicates(contract[key], `/${key}`)),
    ...contract.clauses.flatMap((clause, i) => {
      if (clause.form === 'scorecard') return duplicates(clause.items, `/clauses/${i}/items`);
      if (clause.form === 'tiers') return duplicates(clause.tiers, `/clauses/${i}/tiers`);
      return clause.form === 'grade' ? duplicates(clause.grades, `/clauses/${i}/grades`) : [];
    }),
    ...(roles.size === 2 ? [] : [fault('/parties', 'unknown_party', 'needs an agency and a contractor')]),
  ];
}
