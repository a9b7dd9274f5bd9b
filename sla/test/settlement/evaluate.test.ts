import { expect, test } from 'vitest';
import {
  compareStatements,
  EvaluationError,
  evaluate,
  MetricValueError,
  PRESETS,
  STEP_CODES,
} from '../../src/index.ts';
import { step } from '../../src/settlement/evaluate/words.ts';

const PERIOD = { from: '2024-01-01', to: '2024-07-01' };

test('what is not known is not guessed: the line and those that need it say so', () => {
  const metrics = { monthly_ratings: { list: [90] }, complaints: { count: 3 }, rating: { ratings: { hotline: 90 } } };
  const statement = evaluate(PRESETS.qh, { instalment: 'half_year', period: PERIOD, metrics });
  expect(statement.is_complete).toBe(false);
  const [fee, grade, each] = statement.lines;
  expect([fee?.state, each?.state]).toEqual(['applied', 'applied']);
  expect(grade).toMatchObject({ state: 'missing', amount_fen: 0, base_fen: null, interpretations: [] });
  expect(grade?.lacks).toMatchObject([{ code: 'items_missing', of: 'rating' }]);
  expect(grade?.lacks[0]?.detail).toContain('improvement');
});

test('a clause that needs one without a result has none', () => {
  const statement = evaluate(PRESETS.zj, {
    instalment: 'year',
    period: PERIOD,
    metrics: { completion: { rate: { num: 0, den: 0 } }, satisfaction: { missing: 'survey not held' } },
  });
  expect(statement.lines.map(({ clause, state }) => [clause, state])).toEqual([
    ['fee', 'applied'],
    ['score', 'missing'],
    ['below_70', 'missing'],
    ['limit', 'missing'],
  ]);
  const lacks = statement.lines.flatMap((line) => line.lacks.map(({ code, of }) => `${code} ${of}`));
  expect(lacks.slice(0, 3)).toEqual(['nothing_due completion', 'no_value days_late', 'no_value satisfaction']);
  expect(lacks.slice(-2)).toEqual(['depends_on score', 'depends_on below_70']);
});

test('inputs that do not belong to the contract are refused by name', () => {
  const input = { instalment: 'final', period: PERIOD, metrics: {} };
  const code = (change: object): string => {
    try {
      evaluate(PRESETS.hn, { ...input, ...change });
    } catch (error) {
      if (error instanceof EvaluationError) return error.code;
      if (error instanceof MetricValueError) return error.metric;
    }
    return 'accepted';
  };
  expect(code({ instalment: 'none' })).toBe('unknown_instalment');
  expect(code({ sub_period: 'none' })).toBe('unknown_sub_period');
  expect(code({ metrics: { rating: { count: 1 } } })).toBe('unknown_metric');
  const wrong = [
    { count: 1 },
    { rate: { num: 2, den: 1 } },
    { rate: { num: -1, den: 1 } },
    { rate: { num: 0.5, den: 1 } },
  ];
  for (const equipment of wrong) expect(code({ metrics: { equipment } })).toBe('equipment');
});

test('rates beyond doubles decide exactly', () => {
  const big = 10n ** 30n;
  const pay = (num: bigint) =>
    evaluate(PRESETS.hn, {
      instalment: 'final',
      period: PERIOD,
      metrics: { equipment: { rate: { num, den: big * 100n } }, network: { rate: { num: '1', den: '1' } } },
    }).total_fen;
  expect([pay(95n * big), pay(95n * big - 1n)]).toEqual([60_000_000, 50_000_000]);
});

test('a statement is JSON', () => {
  const statement = evaluate(PRESETS.hn, { instalment: 'signature', period: PERIOD, metrics: {} });
  expect(JSON.parse(JSON.stringify(statement))).toEqual(statement);
  expect(compareStatements(statement, statement)).toEqual({ total_fen: 0, lines: [] });
});

test('a statement that was stored, its keys in another order, differs in nothing', () => {
  const metrics = {
    repair_timeliness: { rate: { num: 934, den: 1000 } },
    inspection_rate: { rate: { num: 88, den: 100 } },
    late_documents: { count: 2 },
    serious_complaints: { count: 1 },
    ordinary_complaints: { count: 0 },
  };
  const statement = evaluate(PRESETS.dg, { instalment: 'assessment', period: PERIOD, metrics });
  const stored = JSON.parse(JSON.stringify(statement), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toReversed())
      : value,
  ) as typeof statement;
  expect(compareStatements(stored, statement)).toEqual({ total_fen: 0, lines: [] });
});

test('every sentence needs its values', () => {
  for (const code of STEP_CODES) {
    if (code === 'may_end') continue;
    expect(() => step(code, {}), code).toThrow(RangeError);
  }
});
