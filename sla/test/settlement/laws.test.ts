import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Contract,
  capitalRmb,
  checkContract,
  DEFAULT_COUNTING,
  EMPTY_TALLY,
  type EvaluationInput,
  evaluate,
  type MetricValue,
  PRESETS,
  partOfPrice,
  type Tally,
  timeWeighted,
} from '../../src/index.ts';

const PERIOD = { from: '2024-01-01', to: '2025-01-01' };
const rate = fc
  .integer({ min: 1, max: 10_000 })
  .chain((den) => fc.integer({ min: 0, max: den }).map((num): MetricValue => ({ rate: { num, den } })));
const count = fc.nat(120).map((n): MetricValue => ({ count: n }));
const missing = fc.constant<MetricValue>({ missing: 'not yet known' });

/** A value for a metric, sometimes none. */
function anyValueOf(metric: Contract['metrics'][number]): fc.Arbitrary<MetricValue> {
  const known = (): fc.Arbitrary<MetricValue> => {
    switch (metric.kind) {
      case 'late_documents':
      case 'complaints':
      case 'count':
        return count;
      case 'rating':
        return fc.integer({ min: 0, max: 1000 }).map((num) => ({ rating: { num, den: 10 } }));
      case 'list':
        return fc.array(fc.nat(90), { maxLength: 6 }).map((list) => ({ list }));
      case 'choice':
        return fc.constantFrom(...metric.options).map(({ id }) => ({ choice: id }));
      default:
        return rate;
    }
  };
  return fc.oneof({ weight: 9, arbitrary: known() }, { weight: 1, arbitrary: missing });
}

const settled = fc.constantFrom(...Object.values(PRESETS)).chain((contract) =>
  fc.record({
    contract: fc.constant(contract),
    input: fc.record({
      instalment: fc.constantFrom(...contract.schedule.map(({ id }) => id)),
      period: fc.constant(PERIOD),
      metrics: fc.record(Object.fromEntries(contract.metrics.map((metric) => [metric.id, anyValueOf(metric)]))),
    }) as fc.Arbitrary<EvaluationInput>,
  }),
);

test('the lines add up to the total, to the fen', () => {
  fc.assert(
    fc.property(settled, ({ contract, input }) => {
      const { lines, total_fen, total_words, is_complete } = evaluate(contract, input);
      expect(lines.reduce((sum, { amount_fen }) => sum + amount_fen, 0)).toBe(total_fen);
      expect(total_words).toBe(capitalRmb(total_fen));
      expect(is_complete).toBe(lines.every(({ lacks }) => lacks.length === 0));
    }),
  );
});

test('a line is its base times its fraction, rounded once', () => {
  fc.assert(
    fc.property(settled, ({ contract, input }) => {
      for (const { form, base_fen, fraction, amount_fen, state } of evaluate(contract, input).lines) {
        if (form === 'cap' || state !== 'applied' || base_fen === null || fraction === null) continue;
        const [num, den] = [BigInt(fraction.num), BigInt(fraction.den)];
        const off = 2n * (BigInt(amount_fen) * den - BigInt(base_fen) * num);
        expect(off <= den && off >= -den).toBe(true);
      }
    }),
  );
});

test('the order of clauses, metrics and values changes nothing', () => {
  const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });
  const stirred = settled.chain(({ contract, input }) =>
    fc
      .tuple(shuffled(contract.clauses), shuffled(contract.metrics), shuffled(Object.entries(input.metrics)))
      .map(([clauses, metrics, values]) => ({
        contract,
        input,
        other: { ...contract, clauses, metrics },
        otherInput: { ...input, metrics: Object.fromEntries(values) },
      })),
  );
  fc.assert(
    fc.property(stirred, ({ contract, input, other, otherInput }) => {
      expect(checkContract(other)).toEqual([]);
      expect(evaluate(other, otherInput)).toEqual(evaluate(contract, input));
    }),
    { numRuns: 40 },
  );
});

test('deductions never exceed their cap, whatever the base, the share and the points', () => {
  const values = settled.filter(({ contract }) => contract.code === 'ZJ').map(({ input }) => input);
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 0, max: 100 }), (input, fee, percent) => {
      const contract: Contract = {
        ...PRESETS.zj,
        prices: PRESETS.zj.prices.map((price) => ({ ...price, amount_fen: fee })),
        clauses: PRESETS.zj.clauses.map((clause) =>
          clause.form === 'cap' ? { ...clause, percent: String(percent) } : clause,
        ),
      };
      const { lines } = evaluate(contract, input);
      const [, , deducted, given] = lines.map(({ amount_fen }) => amount_fen);
      const net = -((deducted ?? 0) + (given ?? 0));
      expect(net).toBeGreaterThanOrEqual(0);
      if (lines[3]?.state !== 'missing')
        expect(BigInt(net) * 200n <= BigInt(fee) * BigInt(percent) * 2n + 100n).toBe(true);
    }),
  );
});

const station = fc
  .tuple(fc.nat(1000), fc.nat(300))
  .map(([up, down]): Tally => ({ ...EMPTY_TALLY, required: up + down, up, down }));
const improvement = fc
  .array(station, { minLength: 1, maxLength: 8 })
  .chain((tallies) => fc.tuple(fc.constant(tallies), fc.nat(tallies.length - 1), fc.nat(100)));
const mixedRule = fc.constantFrom('lowest' as const, 'highest' as const);
const tierBounds = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 5 });

test('a station that gets better never lowers a payment under a tier clause', () => {
  fc.assert(
    fc.property(improvement, rate, mixedRule, tierBounds, ([tallies, which, share], other, mixed, bounds) => {
      const better = tallies.map((tally, i) => {
        const won = i === which ? Math.floor((tally.down * share) / 100) : 0;
        return { ...tally, up: tally.up + won, down: tally.down - won };
      });
      const contract = tiered(bounds, mixed);
      expect(checkContract(contract)).toEqual([]);
      const [before, after] = [tallies, better].map((all) => {
        const equipment = timeWeighted(all, DEFAULT_COUNTING);
        if (equipment === null) return 0;
        const metrics = { equipment: { rate: equipment }, network: other };
        return evaluate(contract, { instalment: 'final', period: PERIOD, metrics }).total_fen;
      });
      expect(after).toBeGreaterThanOrEqual(before ?? 0);
    }),
  );
});

/** HN with other tiers: each bound opens one that pays as many percent. */
function tiered(bounds: readonly number[], mixed: 'lowest' | 'highest'): Contract {
  const sorted = bounds.toSorted((a, b) => a - b);
  const tiers = [0, ...sorted].map((bound, i) => ({
    id: `t${i}`,
    at_least: i === 0 ? null : String(bound),
    below: i === sorted.length ? null : String(sorted[i]),
    percent: String(bound),
  }));
  const clauses = PRESETS.hn.clauses.map((clause) => (clause.form === 'tiers' ? { ...clause, mixed, tiers } : clause));
  return { ...PRESETS.hn, clauses };
}

test('the parts of a price make the price', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (price) => {
      const parts = PRESETS.hn.sub_periods.map(({ id }) => partOfPrice(PRESETS.hn, id, price));
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(price);
    }),
  );
});

test('listed combinations that pass the checks never lower a payment for a better rate', () => {
  const ids = ['full', 'reduced', 'least'];
  const pairs = ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => [a, b]));
  const percents = fc.array(fc.constantFrom('40', '45', '50', '55', '60'), { minLength: 6, maxLength: 6 });
  const rates = fc.array(fc.integer({ min: 70, max: 100 }), { minLength: 3, maxLength: 3 });
  let accepted = 0;
  fc.assert(
    fc.property(percents, rates, ([...listed], [a = 0, b = 0, other = 0]) => {
      const combinations = pairs.map((tiers, i) => ({ tiers, percent: listed[i] ?? '0' }));
      const clauses = PRESETS.hn.clauses.map((clause) =>
        clause.form === 'tiers' ? { ...clause, mixed: 'listed' as const, combinations, interpretations: [] } : clause,
      );
      const contract = { ...PRESETS.hn, clauses };
      if (checkContract(contract).length > 0) return;
      accepted++;
      const pay = (equipment: number): number => {
        const metrics = {
          equipment: { rate: { num: equipment, den: 100 } },
          network: { rate: { num: other, den: 100 } },
        };
        return evaluate(contract, { instalment: 'final', period: PERIOD, metrics }).total_fen;
      };
      expect(pay(Math.max(a, b))).toBeGreaterThanOrEqual(pay(Math.min(a, b)));
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(accepted).toBeGreaterThan(10);
});
