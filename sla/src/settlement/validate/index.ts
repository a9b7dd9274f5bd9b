import type { Contract } from '../language/contract.ts';
import { clauseFlaws, percentFlaws } from './clauses.ts';
import { type Flaw, flaw } from './flaw.ts';
import { cycleFlaws, duplicates, dutyFlaws, referenceFlaws, scheduleFlaws } from './references.ts';
import { shapeFlaws } from './shape.ts';
import { termFlaws } from './term.ts';

export { FLAW_CODES, type Flaw, type FlawCode } from './flaw.ts';

/** A contract that can't be used. */
export class ContractError extends Error {
  readonly flaws: readonly Flaw[];
  constructor(flaws: readonly Flaw[]) {
    super(flaws.map(({ path, code, reason }) => `${path || '/'}: ${code}: ${reason}`).join('\n'));
    this.name = 'ContractError';
    this.flaws = flaws;
  }
}

/**
 * Everything that is wrong with a contract; nothing if it can be used. A contract without flaws can be evaluated for any values, and
 * under its tier clauses a better value never pays less.
 */
export function checkContract(json: unknown): Flaw[] {
  const shape = shapeFlaws(json);
  if (shape.length > 0) return shape;
  const contract = json as Contract;
  const names = nameFlaws(contract);
  const general = [...names, ...percentFlaws(contract), ...termFlaws(contract), ...scheduleFlaws(contract)];
  const references = [...referenceFlaws(contract), ...dutyFlaws(contract), ...cycleFlaws(contract)];
  return [...general, ...references, ...clauseFlaws(contract)];
}

/** The contract, if it has no flaws. @throws ContractError */
export function parseContract(json: unknown): Contract {
  const flaws = checkContract(json);
  if (flaws.length > 0) throw new ContractError(flaws);
  return json as Contract;
}

function nameFlaws(contract: Contract): Flaw[] {
  const lists = ['parties', 'sub_periods', 'duties', 'metrics', 'prices', 'clauses', 'schedule'] as const;
  const roles = new Set(contract.parties.map(({ role }) => role));
  return [
    ...lists.flatMap((key) => duplicates(contract[key], `/${key}`)),
    ...contract.clauses.flatMap((clause, i) => {
      if (clause.form === 'scorecard') return duplicates(clause.items, `/clauses/${i}/items`);
      if (clause.form === 'tiers') return duplicates(clause.tiers, `/clauses/${i}/tiers`);
      return clause.form === 'grade' ? duplicates(clause.grades, `/clauses/${i}/grades`) : [];
    }),
    ...(roles.size === 2 ? [] : [flaw('/parties', 'unknown_party', 'needs an agency and a contractor')]),
  ];
}
