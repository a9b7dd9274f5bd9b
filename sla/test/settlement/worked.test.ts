import { expect, test } from 'vitest';
import { evaluate, type MetricValue, otherReadings, PRESETS, type Statement } from '../../src/index.ts';

const PERIOD = { from: '2024-01-01', to: '2025-01-01' };
const percent = (num: number): MetricValue => ({ rate: { num: Math.round(num * 1e4), den: 1e6 } });
const amounts = ({ lines }: Statement) => lines.map(({ clause, amount_fen }) => [clause, amount_fen]);
const line = ({ lines }: Statement, clause: string) => {
  const found = lines.find((one) => one.clause === clause);
  if (found === undefined) throw new Error(`no line ${clause}`);
  return found;
};

const hn = (equipment: number, network: number) => ({
  instalment: 'final',
  period: PERIOD,
  metrics: { equipment: percent(equipment), network: percent(network) },
});

test.each([
  [96, 95, 60_000_000, '人民币陆拾万元整'],
  [94.9999, 99, 50_000_000, '人民币伍拾万元整'],
  [85, 85, 50_000_000, '人民币伍拾万元整'],
  [84.9999, 90, 40_000_000, '人民币肆拾万元整'],
  [96, 90, 50_000_000, '人民币伍拾万元整'],
])('HN: %s % and %s % pay %s fen (R-HN-9)', (equipment, network, total_fen, total_words) => {
  expect(evaluate(PRESETS.hn, hn(equipment, network))).toMatchObject({ total_fen, total_words, is_complete: true });
});

test('HN: a mixed case prints the reading that decided it, an even one does not', () => {
  const mixed = line(evaluate(PRESETS.hn, hn(96, 90)), 'final_payment');
  expect(mixed.interpretations.map(({ id }) => id)).toEqual([
    'mixed_lowest',
    'province_time_weighted',
    'province_time_weighted',
  ]);
  expect(mixed.interpretations[0]?.text.zh).toContain('以较低一档为准');
  expect(mixed.steps.map(({ text }) => text.en)).toEqual([
    'Equipment-intact rate: 960000 ms / 1000000 ms = 96.0000 %',
    'Equipment-intact rate lies in the tier ≥ 95 %',
    'Network-connectivity rate: 900000 ms / 1000000 ms = 90.0000 %',
    'Network-connectivity rate lies in the tier ≥ 85 %, < 95 %',
    'different tiers; the lowest governs: ≥ 85 %, < 95 %',
    'base: Operations fee, 1,000,000.00 yuan',
    '1,000,000.00 × 50 % = 500,000.00 yuan',
  ]);
  const even = line(evaluate(PRESETS.hn, hn(96, 95)), 'final_payment');
  expect(even.interpretations.map(({ id }) => id)).not.toContain('mixed_lowest');
  const [other, ...rest] = otherReadings(PRESETS.hn, hn(96, 90));
  expect(rest).toEqual([]);
  expect(other?.difference).toEqual({
    total_fen: 10_000_000,
    lines: [{ clause: 'final_payment', before_fen: 50_000_000, after_fen: 60_000_000, difference_fen: 10_000_000 }],
  });
});

test('HN: 40 % on signature', () => {
  const statement = evaluate(PRESETS.hn, { instalment: 'signature', period: PERIOD, metrics: {} });
  expect(statement.total_fen).toBe(40_000_000);
});

test('HN: contractors of sub-periods share the price by days, to the fen (R-HN-10)', () => {
  const part = (sub_period: string) => evaluate(PRESETS.hn, { ...hn(96, 95), sub_period });
  // 62 and 304 of 366 days: 169,398.907… and 830,601.092…; 60 % of each.
  const [handover, main] = [part('handover'), part('main')];
  expect([handover.contractor, main.contractor]).toEqual(['previous', 'contractor']);
  expect([handover.lines[0]?.base_fen, main.lines[0]?.base_fen]).toEqual([16_939_891, 83_060_109]);
  expect([handover.total_fen, main.total_fen]).toEqual([10_163_935, 49_836_065]);
  expect(handover.lines[0]?.interpretations.map(({ id }) => id)).toContain('parted_by_days');
});

const dg = {
  instalment: 'assessment',
  period: { from: '2024-01-01', to: '2024-04-01' },
  metrics: {
    repair_timeliness: { rate: { num: 467, den: 500 } },
    inspection_rate: { rate: { num: 88, den: 100 } },
    late_documents: { count: 2 },
    serious_complaints: { count: 1 },
    ordinary_complaints: { count: 0 },
  },
} as const;

test('DG: 93.4 %, 88 %, two late documents, one serious complaint: 91 by whole points, 90.4 pro rata (R-DG-9)', () => {
  const statement = evaluate(PRESETS.dg, dg);
  const points = (from: Statement) =>
    line(from, 'score').items.map(({ id, points: { num, den } }) => [id, `${num}/${den}`]);
  expect(points(statement)).toEqual([
    ['repair', '69/1'],
    ['inspection', '19/1'],
    ['documents', '8/1'],
    ['serious', '-5/1'],
    ['ordinary', '0/1'],
  ]);
  expect(line(statement, 'score').points).toEqual({ num: '91', den: '1' });
  expect(line(statement, 'score').interpretations.map(({ id }) => id)).toEqual(['part_points', 'floors']);
  const [other] = otherReadings(PRESETS.dg, dg);
  if (other === undefined) throw new Error('no other reading');
  expect(other.option.en).toBe('pro rata');
  expect(points(other.statement).map(([, value]) => value)).toEqual(['342/5', '19/1', '8/1', '-5/1', '0/1']);
  expect(line(other.statement, 'score').points).toEqual({ num: '452', den: '5' });
  expect(line(other.statement, 'score').steps.map(({ text }) => text.zh)).toContain(
    '故障修复及时率：低于 95 % 共 1.6 个百分点，按比例计；70 − 1.6 × 1 = 68.4 分',
  );
});

test('DG: below 60 once, or below 70 twice running, the contract may be ended', () => {
  const scored = (score: number, before: number[]) =>
    evaluate(PRESETS.dg, {
      ...dg,
      metrics: {
        ...dg.metrics,
        repair_timeliness: { rate: { num: 95, den: 100 } },
        inspection_rate: { rate: { num: 1, den: 1 } },
        late_documents: { count: 0 },
        serious_complaints: { count: 0 },
        ordinary_complaints: { count: (100 - score) / 2 },
      },
      history: { score: before },
    }).may_end;
  expect([
    scored(60, []),
    scored(58, []),
    scored(68, [68]),
    scored(68, [70]),
    scored(68, [68, 90]),
    scored(70, [58]),
  ]).toEqual([false, true, true, false, false, false]);
});

test('DG: without any fault timeliness is 100 %, and the statement says so', () => {
  const statement = evaluate(PRESETS.dg, {
    ...dg,
    metrics: { ...dg.metrics, repair_timeliness: { rate: { num: 0, den: 0 } } },
  });
  const score = line(statement, 'score');
  expect(score.points).toEqual({ num: '92', den: '1' });
  expect(score.interpretations).toContainEqual(
    expect.objectContaining({ of: { metric: 'repair_timeliness' }, id: 'nothing_due_full' }),
  );
});

const ITEMS = [
  'inspection',
  'hotline',
  'emergency',
  'quality',
  'recurrence',
  'timeliness',
  'skill',
  'training',
  'optimisation',
  'conduct',
  'improvement',
];
const qh = (rating: number, complaints: number, months = [85, 85, 85, 85, 85, 85]) => ({
  instalment: 'half_year',
  period: { from: '2024-01-01', to: '2024-07-01' },
  metrics: {
    rating: { ratings: Object.fromEntries(ITEMS.map((id) => [id, rating])) },
    monthly_ratings: { list: months },
    complaints: { count: complaints },
  },
});

test('QH: grade B and three complaints: 7,000.00 - 2 % - 3 x 500.00 - 3 % = 5,150.00 (R-QH-5)', () => {
  const statement = evaluate(PRESETS.qh, qh(85, 3));
  expect(amounts(statement)).toEqual([
    ['half_year_fee', 700_000],
    ['grade', -14_000],
    ['complaint_fee', -150_000],
    ['many_complaints', -21_000],
    ['termination', 0],
  ]);
  expect(line(statement, 'many_complaints').steps.at(-1)?.text.zh).toBe('扣 7,000.00 × 3 % × 1 = 210.00 元');
  expect(statement.lines.map(({ base_fen }) => base_fen)).toEqual([1_400_000, 700_000, null, 700_000, null]);
  expect(statement).toMatchObject({
    total_fen: 515_000,
    delay_months: 1,
    may_end: false,
    total_words: '人民币伍仟壹佰伍拾元整',
  });
  expect(line(statement, 'many_complaints').interpretations.map(({ id }) => id)).toEqual(['of_the_fee']);
});

test('QH: 3 % of what is left after the other deductions would be 160.80', () => {
  const [other] = otherReadings(PRESETS.qh, qh(85, 3)).filter(({ interpretation }) => interpretation === 'of_the_fee');
  expect(other?.difference.lines).toEqual([
    { clause: 'many_complaints', before_fen: -21_000, after_fen: -16_080, difference_fen: 4_920 },
  ]);
});

test('QH: grades at their bounds, two complaints, two months at C', () => {
  expect(
    [90, 89.5, 80, 79].map(
      (rating) =>
        line(
          evaluate(PRESETS.qh, { ...qh(90, 0), metrics: { ...qh(90, 0).metrics, rating: { rating: String(rating) } } }),
          'grade',
        ).grade,
    ),
  ).toEqual(['A', 'B', 'B', 'C']);
  const two = evaluate(PRESETS.qh, qh(90, 2));
  expect(amounts(two).map(([, fen]) => fen)).toEqual([700_000, 0, -100_000, 0, 0]);
  expect(line(two, 'many_complaints')).toMatchObject({ state: 'not_applicable', not_applicable: 'count_below' });
  expect(evaluate(PRESETS.qh, qh(90, 0, [85, 79, 79, 90, 90, 90])).may_end).toBe(true);
  expect(
    evaluate(PRESETS.qh, { ...qh(90, 0, [79, 90, 90, 90, 90, 90]), history: { monthly_ratings: [79] } }).may_end,
  ).toBe(true);
});

/** 100 points, less what complaints cost. */
const zj = (points: number) => ({
  instalment: 'year',
  period: PERIOD,
  metrics: {
    completion: percent(90),
    days_late: { list: [] },
    satisfaction: { choice: 'fair' },
    complaints: { count: 105 - points },
    resolved: { count: 0 },
    harm: { count: 0 },
    harm_reduced: { count: 0 },
    repeated: { count: 0 },
  },
});

test('ZJ: 67 points cost 30,000.00; 40 points would cost 300,000.00 and cost 168,000.00 (R-ZJ-2)', () => {
  const few = evaluate(PRESETS.zj, zj(67));
  expect(amounts(few)).toEqual([
    ['fee', 84_000_000],
    ['score', 0],
    ['below_70', -3_000_000],
    ['limit', 0],
  ]);
  expect(few.total_fen).toBe(81_000_000);
  const many = evaluate(PRESETS.zj, zj(40));
  expect(amounts(many)).toEqual([
    ['fee', 84_000_000],
    ['score', 0],
    ['below_70', -30_000_000],
    ['limit', 13_200_000],
  ]);
  expect(many.total_fen).toBe(84_000_000 - 16_800_000);
  expect(evaluate(PRESETS.zj, zj(70)).total_fen).toBe(84_000_000);
});

test('ZJ: the whole card (R-ZJ-1)', () => {
  const statement = evaluate(PRESETS.zj, {
    ...zj(0),
    metrics: {
      completion: { rate: { num: 19, den: 20 } }, // +2
      days_late: { list: [3, 10, '59.5', 60] }, // -1 -2 -5 -10
      satisfaction: { choice: 'poor' }, // -2
      complaints: { count: 3 }, // -3
      resolved: { count: 1 }, // +0.5
      harm: { count: 1 }, // -5
      harm_reduced: { count: 1 }, // +3
      repeated: { count: 2 }, // -4
    },
  });
  expect(line(statement, 'score').points).toEqual({ num: '147', den: '2' });
});
