import { readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import {
  type Contract,
  ContractError,
  ContractSchema,
  checkContract,
  FLAW_CODES,
  PRESETS,
  parseContract,
} from '../../src/index.ts';
import { CLAUSES, ITEMS } from '../../src/settlement/language/clauses.ts';
import { METRICS } from '../../src/settlement/language/metrics.ts';

/** A copy of a preset with one place changed; `undefined` removes it. */
function changed(preset: Contract, pointer: string, value: unknown): unknown {
  const copy = structuredClone(preset);
  const keys = pointer.slice(1).split('/');
  const last = keys.pop() ?? '';
  const holder = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy as never);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

const said = (json: unknown) => checkContract(json).map(({ path, code }) => `${path} ${code}`);

test.each(Object.entries(PRESETS))(
  'the preset %s has no flaws, by our checks and by the published schema',
  (_, preset) => {
    expect(checkContract(preset)).toEqual([]);
    expect(Value.Check(ContractSchema, preset)).toBe(true);
    expect(parseContract(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
  },
);

const { hn, dg, qh, zj } = PRESETS;
const share = { ...hn.clauses[0], id: 'a', of: { clauses: ['b'] } };
const tiers = '/clauses/1/tiers';

test.each<readonly [string, Contract, string, unknown, string]>([
  ['a gap', hn, `${tiers}/0/at_least`, '96', `${tiers}/0/at_least tier_gap`],
  ['an overlap', hn, `${tiers}/0/at_least`, '94', `${tiers}/0/at_least tier_overlap`],
  ['100 % itself left out', hn, `${tiers}/0/below`, '100', `${tiers}/0/below tier_gap`],
  ['the bottom left out', hn, `${tiers}/2/at_least`, '10', `${tiers}/2/at_least tier_gap`],
  ['an empty tier', hn, `${tiers}/1/at_least`, '95', `${tiers}/1 tier_empty`],
  ['a better tier that pays less', hn, `${tiers}/0/percent`, '45', `${tiers}/0 tiers_not_monotone`],
  ['more than 100 %', hn, `${tiers}/0/percent`, '160', `${tiers}/0/percent percent_over_100`],
  ['a negative percentage', hn, `${tiers}/0/percent`, '-5', `${tiers}/0/percent malformed`],
  ['a number for a percentage', hn, `${tiers}/0/percent`, 60, `${tiers}/0/percent wrong_type`],
  ['a target over 100 %', dg, '/clauses/0/items/0/target', '101', '/clauses/0/items/0/target percent_over_100'],
  ['an unknown metric', hn, '/clauses/1/metrics/1', 'uptime', '/clauses/1/metrics/1 unknown_metric'],
  [
    'an unknown metric of an item',
    dg,
    '/clauses/0/items/2/metric',
    'uptime',
    '/clauses/0/items/2/metric unknown_metric',
  ],
  ['a metric that does not fit', qh, '/clauses/2/metric', 'rating', '/clauses/2/metric wrong_measure'],
  ['a negative price', hn, '/prices/0/amount_fen', -1, '/prices/0/amount_fen negative_amount'],
  ['a negative fee an event', qh, '/clauses/2/fen_each', -50_000, '/clauses/2/fen_each negative_amount'],
  ['half a fen', hn, '/prices/0/amount_fen', 0.5, '/prices/0/amount_fen wrong_type'],
  ['an unknown price', hn, '/clauses/0/of/price', 'fee', '/clauses/0/of/price unknown_price'],
  ['an unknown clause', zj, '/clauses/3/clauses/0', 'none', '/clauses/3/clauses/0 unknown_clause'],
  ['points of what has none', zj, '/clauses/2/subject/clause', 'fee', '/clauses/2/subject/clause no_points'],
  ['an id taken', hn, '/clauses/1/id', 'advance', '/clauses/1/id duplicate_id'],
  ['an item id taken', dg, '/clauses/0/items/1/id', 'repair', '/clauses/0/items/1/id duplicate_id'],
  ['a clause in no instalment', hn, '/schedule/0/clauses', ['final_payment'], '/clauses/0/id unused_clause'],
  [
    'a clause without what it needs',
    zj,
    '/schedule/0/clauses',
    ['fee', 'score', 'limit'],
    '/schedule/0/clauses/2 outside_instalment',
  ],
  ['an unknown duty', dg, '/metrics/0/duties/0', 'inspection', '/metrics/0/duties/0 unknown_duty'],
  [
    'an answer without points',
    zj,
    '/clauses/1/items/2/points/fair',
    undefined,
    '/clauses/1/items/2/points/fair option_missing',
  ],
  [
    'points for no answer',
    zj,
    '/clauses/1/items/2/points/great',
    '1',
    '/clauses/1/items/2/points/great unknown_option',
  ],
  ['floor over ceiling', dg, '/clauses/0/floor', '101', '/clauses/0/floor floor_above_ceiling'],
  [
    'a reading that is not offered',
    hn,
    '/clauses/1/interpretations/0/options/0/value',
    'x',
    '/clauses/1/interpretations/0/options unknown_reading',
  ],
  [
    'a reading of no field',
    hn,
    '/clauses/1/interpretations/0/field',
    'blend',
    '/clauses/1/interpretations/0/field unknown_reading',
  ],
  ['combinations unasked', hn, '/clauses/1/combinations', [], '/clauses/1/combinations combinations_not_wanted'],
  ['combinations not listed', hn, '/clauses/1/mixed', 'listed', '/clauses/1/combinations combination_missing'],
  ['no such day', hn, '/term/to', '2024-02-30', '/term/to not_a_day'],
  ['a term that ends first', qh, '/term/to', '2023-01-01', '/term term_empty'],
  ['a gap in service', hn, '/sub_periods/1/from', '2024-02-02', '/sub_periods/1/from sub_period_gap'],
  ['two contractors at once', hn, '/sub_periods/1/from', '2024-01-31', '/sub_periods/1/from sub_period_overlap'],
  ['an unknown contractor', hn, '/sub_periods/1/contractor', 'agency', '/sub_periods/1/contractor unknown_party'],
  ['parts that make no whole', hn, '/sub_periods/0/part', { num: 1, den: 6 }, '/sub_periods parts_not_one'],
  ['no agency', hn, '/parties/0/role', 'contractor', '/parties unknown_party'],
  ['no such zone', hn, '/time_zone', 'Asia/Nowhere', '/time_zone not_a_time_zone'],
  ['a broken calendar', hn, '/calendar', { kind: 'weekly', hours: { someday: [] } }, '/calendar bad_calendar'],
  ['another format', hn, '/format', 2, '/format unknown_format'],
  ['a missing part', hn, '/prices', undefined, '/prices missing_field'],
  ['a field too many', hn, '/clauses/0/bonus', 1, '/clauses/0/bonus unknown_field'],
  ['an unknown form', hn, '/clauses/0/form', 'magic', '/clauses/0/form unknown_kind'],
  ['an unknown kind of metric', hn, '/metrics/0/kind', 'mood', '/metrics/0/kind unknown_kind'],
  ['an unknown kind of item', dg, '/clauses/0/items/0/kind', 'mood', '/clauses/0/items/0/kind unknown_kind'],
  ['no clauses', hn, '/clauses', [], '/clauses out_of_range'],
])('%s is refused with the path and the reason', (_, preset, pointer, value, expected) => {
  expect(said(changed(preset, pointer, value))).toContain(expected);
});

test('a cycle of references is told once, where it closes', () => {
  const cyclic = {
    ...hn,
    clauses: [share, { ...share, id: 'b', of: { clauses: ['a'] } }],
    schedule: [{ ...hn.schedule[0], clauses: ['a', 'b'] }],
  };
  expect(said(cyclic)).toEqual(['/clauses/1/of/clauses/0 reference_cycle']);
  const own = {
    ...hn,
    clauses: [{ ...share, of: { clauses: ['a'] } }],
    schedule: [{ ...hn.schedule[0], clauses: ['a'] }],
  };
  expect(said(own)).toEqual(['/clauses/0/of/clauses/0 reference_cycle']);
});

test('listed combinations: every mixed case once, and a better tier never costs', () => {
  const listed = (percents: readonly number[], order = ['full', 'reduced', 'least']) => {
    const mixed = order.flatMap((a) => order.filter((b) => b !== a).map((b) => [a, b]));
    const combinations = mixed.map((pair, i) => ({ tiers: pair, percent: String(percents[i]) }));
    const clause = { ...hn.clauses[1], mixed: 'listed', combinations, interpretations: [] };
    return said({ ...hn, clauses: [hn.clauses[0], clause] });
  };
  expect(listed([55, 50, 55, 45, 50, 45])).toEqual([]);
  expect(listed([45, 50, 55, 45, 50, 45])).toContain('/clauses/1/combinations tiers_not_monotone');
  expect(listed([55, 50, 55, 45, 50, 45], ['full', 'reduced', 'none'])).toContain(
    '/clauses/1/combinations/1/tiers unknown_tier',
  );
});

test('anything else is refused without a throw', () => {
  for (const json of [null, 1, 'x', [], {}, { format: 1, clauses: [null], metrics: 7, duties: [{}] }]) {
    expect(checkContract(json).length).toBeGreaterThan(0);
    expect(() => parseContract(json)).toThrow(ContractError);
  }
});

test('however much is wrong, something is said', () => {
  const extra = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x${i}`, i]));
  expect(said({ ...hn, clauses: hn.clauses.map((clause) => ({ ...clause, ...extra })) }).length).toBeGreaterThan(0);
  expect(said({ ...hn, ...extra }).length).toBeGreaterThan(0);
  const odd = { value: { percent: 'much' }, text: { zh: '多', en: 'much' } };
  const [advance, final] = hn.clauses;
  const interpretations = [
    { id: 'odd', field: 'of', text: odd.text, options: [odd, { ...odd, value: { price: 'price' } }] },
  ];
  expect(said({ ...hn, clauses: [{ ...advance, interpretations }, final] })).toEqual([]);
});

test('fewer complaints are better: a tier table of deductions has to rise with them', () => {
  const [advance, final] = hn.clauses;
  const complaints = { id: 'complaints', kind: 'complaints', name: hn.name };
  const by = (percents: readonly string[]) => {
    const tiers = percents.map((percent, i) => ({
      id: `t${i}`,
      at_least: i === 0 ? null : String(i),
      below: i === percents.length - 1 ? null : String(i + 1),
      percent,
    }));
    const clause = { ...final, effect: 'deduct', metrics: ['complaints'], tiers };
    return said({ ...hn, metrics: [...hn.metrics, complaints], clauses: [advance, clause] });
  };
  expect(by(['0', '1', '5'])).toEqual([]);
  expect(by(['0', '5', '1'])).toEqual(['/clauses/1/tiers/2 tiers_not_monotone']);
});

test('the page tells every code, form, kind of metric and item', () => {
  const page = readFileSync(new URL('../../../docs/contracts.md', import.meta.url), 'utf8');
  const words = [...FLAW_CODES, ...Object.keys(CLAUSES), ...Object.keys(METRICS), ...Object.keys(ITEMS)];
  expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
  expect(new Set(FLAW_CODES).size).toBe(FLAW_CODES.length);
});
