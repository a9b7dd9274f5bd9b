import { type Exact, exact, plus, ZERO } from './exact.ts';
import type { Contract, SubPeriod } from './language/contract.ts';
import { shareOf } from './money.ts';

/** The part of every price that belongs to each sub-period: as agreed, or by days. Together one. */
export function partsOf({ sub_periods: subs }: Contract): ReadonlyMap<string, Exact> {
  const days = subs.reduce((sum, sub) => sum + daysIn(sub), 0n);
  return new Map(
    subs.map((sub) => [
      sub.id,
      sub.part === undefined ? exact(daysIn(sub), days) : exact(BigInt(sub.part.num), BigInt(sub.part.den)),
    ]),
  );
}

/**
 * The sub-period's amount of a price, fen. Rounded where the running sum is, so that the amounts of all sub-periods together are the
 * price, to the fen. Throws a RangeError if the contract has no such sub-period.
 */
export function partOfPrice(contract: Contract, subPeriod: string, priceFen: bigint): bigint {
  const parts = partsOf(contract);
  let before = ZERO;
  for (const { id } of contract.sub_periods.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const upTo = plus(before, parts.get(id) ?? ZERO);
    if (id === subPeriod) return shareOf(priceFen, upTo) - shareOf(priceFen, before);
    before = upTo;
  }
  throw new RangeError(`the contract has no sub-period ${subPeriod}`);
}

/** Civil days in `[from, to)`. */
function daysIn({ from, to }: SubPeriod): bigint {
  return BigInt(Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000));
}
